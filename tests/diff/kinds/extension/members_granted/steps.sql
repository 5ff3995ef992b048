REVOKE EXECUTE ON FUNCTION public.akeys(public.hstore) FROM PUBLIC;
REVOKE USAGE ON TYPE public.hstore FROM confiture_reader;
GRANT USAGE ON TYPE public.hstore TO confiture_writer;
