CREATE TABLE rows (id integer, owner text);
ALTER TABLE rows ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON rows USING (owner = CURRENT_USER);
CREATE POLICY adding ON rows AS RESTRICTIVE FOR INSERT TO pg_signal_backend, pg_monitor
    WITH CHECK (id > 0);
COMMENT ON POLICY own ON rows IS 'only own rows';
