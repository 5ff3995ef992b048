CREATE TYPE tiny;
CREATE FUNCTION tiny_in(cstring) RETURNS tiny LANGUAGE internal IMMUTABLE STRICT AS 'int2in';
CREATE FUNCTION tiny_out(tiny) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int2out';
CREATE TYPE tiny (INPUT = tiny_in, OUTPUT = tiny_out, INTERNALLENGTH = 2, PASSEDBYVALUE,
    ALIGNMENT = int2, CATEGORY = 'N', DEFAULT = '7', DELIMITER = ';');
CREATE TYPE words;
CREATE FUNCTION words_in(cstring) RETURNS words LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION words_out(words) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE FUNCTION words_recv(internal) RETURNS words LANGUAGE internal IMMUTABLE STRICT AS 'textrecv';
CREATE FUNCTION words_send(words) RETURNS bytea LANGUAGE internal IMMUTABLE STRICT AS 'textsend';
CREATE TYPE words (INPUT = words_in, OUTPUT = words_out, RECEIVE = words_recv, SEND = words_send,
    STORAGE = extended, COLLATABLE = true);
CREATE TABLE typed (t tiny, w words[]);
COMMENT ON TYPE tiny IS 'small';
