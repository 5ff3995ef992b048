CREATE TABLE measured (a integer, b integer, c text);
CREATE STATISTICS both_columns ON a, b FROM measured;
CREATE STATISTICS some_kinds (ndistinct, mcv) ON b, c FROM measured;
COMMENT ON STATISTICS some_kinds IS 'kinds';
ALTER STATISTICS some_kinds OWNER TO pg_monitor;
