DROP PROCEDURE double(integer);
CREATE OR REPLACE PROCEDURE public.double(INOUT m integer)
 LANGUAGE plpgsql
AS $procedure$BEGIN m := m * 2; END$procedure$;
GRANT EXECUTE ON PROCEDURE double(integer) TO confiture_reader;
