CREATE TABLE public.schema_migrations (version varchar(128) PRIMARY KEY);
INSERT INTO schema_migrations VALUES ('20260101120000'), ('20260102120000');
