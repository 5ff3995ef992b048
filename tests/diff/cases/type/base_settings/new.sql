-- pg >= 13
CREATE TYPE b;
CREATE FUNCTION b_in(cstring) RETURNS b LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION b_out(b) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE FUNCTION b_send(b) RETURNS bytea LANGUAGE internal IMMUTABLE STRICT AS 'textsend';
CREATE TYPE b (INPUT = b_in, OUTPUT = b_out, SEND = b_send, LIKE = text);
CREATE TABLE t (x b);
COMMENT ON TYPE b IS 'a text of its own';
GRANT USAGE ON TYPE b TO confiture_test_reader;
