CREATE access method am TYPE INDEX handler bthandler;
CREATE access method tam TYPE TABLE handler heap_tableam_handler;
CREATE TABLE t(a int) USING tam;
CREATE OPERATOR CLASS oc FOR TYPE int USING am AS OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 btint4cmp(int, int);
CREATE INDEX i ON t USING am (a oc);
COMMENT ON access method am IS 'am';
