CREATE TYPE app.mood AS ENUM (
    'ok'
);
CREATE TABLE app.closed (
    id integer
);
REVOKE UPDATE ON TABLE app.closed FROM confiture_writer;
CREATE TABLE app.given (
    id integer
);
ALTER TABLE app.given OWNER TO confiture_writer;
CREATE TABLE app.open (
    id integer
);
CREATE TABLE plain (
    id integer
);
CREATE OR REPLACE FUNCTION public.one()
 RETURNS integer
 LANGUAGE sql
AS $function$SELECT 1$function$;
GRANT EXECUTE ON FUNCTION one() TO PUBLIC;
