-- judged on PostgreSQL 15, of 73a037e97c65659f
-- up
CREATE OR REPLACE FUNCTION public.f()
 RETURNS text
 LANGUAGE plpgsql
AS $function$begin return $$a$$ || $x$b;c$x$ || '--no' || '/*'; end$function$;
CREATE TABLE t(a text DEFAULT E'tab\there\nnew', b text DEFAULT '$$', CHECK (a <> E'\\'));
CREATE FUNCTION g() RETURNS text LANGUAGE sql AS E'select ''\\\\x''::text;\n-- comment; with semicolon\n';
-- down
DROP FUNCTION g();
DROP TABLE t;
CREATE OR REPLACE FUNCTION public.f()
 RETURNS text
 LANGUAGE sql
AS $function$select 1$function$;
