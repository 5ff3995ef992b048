CREATE TABLE plain (id integer);
CREATE UNLOGGED TABLE fast (id integer, body text) WITH (fillfactor = 70, autovacuum_enabled = false,
    toast.autovacuum_enabled = off);
CREATE TABLE guarded (id integer NOT NULL, name text);
ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
ALTER TABLE guarded FORCE ROW LEVEL SECURITY;
CREATE UNIQUE INDEX guarded_id ON guarded (id);
ALTER TABLE guarded REPLICA IDENTITY USING INDEX guarded_id;
CREATE TABLE clustered (id integer PRIMARY KEY);
ALTER TABLE clustered CLUSTER ON clustered_pkey;
ALTER TABLE plain REPLICA IDENTITY FULL;
CREATE TABLE "Odd ""table""" ("A column" integer, "select" text);
CREATE TABLE nothing ();
ALTER TABLE fast OWNER TO pg_monitor;
GRANT SELECT, INSERT ON plain TO pg_signal_backend WITH GRANT OPTION;
GRANT SELECT ON plain TO public;
REVOKE TRUNCATE ON plain FROM CURRENT_USER;
COMMENT ON TABLE plain IS 'it''s plain';
