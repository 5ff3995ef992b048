-- judged on PostgreSQL 15, of 6dd29f54f486c5d2
-- up
CREATE access method tam TYPE TABLE handler heap_tableam_handler;
COMMENT ON ACCESS METHOD tam IS 'tam';
ALTER TABLE t SET ACCESS METHOD tam;
-- down
ALTER TABLE t SET ACCESS METHOD heap;
DROP ACCESS METHOD tam;
