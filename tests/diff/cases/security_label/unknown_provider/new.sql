CREATE TABLE t (a integer);
-- As SECURITY LABEL leaves it, whose provider has to be loaded with the server.
INSERT INTO pg_catalog.pg_seclabel VALUES ('public.t'::regclass, 'pg_class'::regclass, 0, 'guard', 'secret');
