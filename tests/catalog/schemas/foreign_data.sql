CREATE FOREIGN DATA WRAPPER wrapper OPTIONS (a '1', "B" 'it''s');
CREATE FOREIGN DATA WRAPPER checked VALIDATOR postgresql_fdw_validator;
CREATE SERVER remote TYPE 'other' VERSION '1' FOREIGN DATA WRAPPER checked OPTIONS (host 'h', dbname 'd');
CREATE SERVER bare FOREIGN DATA WRAPPER wrapper;
CREATE USER MAPPING FOR pg_monitor SERVER remote OPTIONS (user 'u', password 's"e''cret');
CREATE USER MAPPING FOR public SERVER bare;
CREATE FOREIGN TABLE away (id integer OPTIONS (column_name 'ID') NOT NULL, name text DEFAULT 'x')
    SERVER bare OPTIONS (table_name 'away', schema_name 's');
ALTER FOREIGN TABLE away ADD CONSTRAINT high CHECK (id > 0);
COMMENT ON SERVER remote IS 'far';
COMMENT ON FOREIGN DATA WRAPPER wrapper IS 'wraps';
GRANT USAGE ON FOREIGN SERVER remote TO pg_monitor;
GRANT USAGE ON FOREIGN DATA WRAPPER wrapper TO pg_monitor;
GRANT SELECT ON away TO pg_monitor;
