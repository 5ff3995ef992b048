-- pg >= 13
CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $function$begin return $$a$$ || $x$b;c$x$ || '--no' || '/*'; end$function$;
CREATE FUNCTION g() RETURNS text LANGUAGE sql AS E'select ''\\\\x''::text;\n-- comment; with semicolon\n';
CREATE TABLE t(a text DEFAULT E'tab\there\nnew', b text DEFAULT '$$', CHECK (a <> E'\\'));
