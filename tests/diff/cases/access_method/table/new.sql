-- pg >= 15
CREATE access method tam TYPE TABLE handler heap_tableam_handler;
CREATE TABLE t(a int) USING tam;
COMMENT ON access method tam IS 'tam';
