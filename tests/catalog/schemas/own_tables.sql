CREATE TABLE confiture_migrations (id serial PRIMARY KEY, version text UNIQUE DEFAULT 'x');
CREATE INDEX on_version ON confiture_migrations (version);
CREATE TABLE confiture_migration_progress (version text CHECK (version <> ''));
COMMENT ON TABLE confiture_migrations IS 'history';
CREATE TABLE kept (id integer);
CREATE SCHEMA app;
CREATE TABLE app.confiture_migrations (id integer);
CREATE TABLE confiture_migration_notes (id integer);
