-- judged on PostgreSQL 15, of 242b6f8845d46751
-- up
CREATE TABLE t(a text);
CREATE text SEARCH PARSER pa (START = prsd_start, gettoken = prsd_nexttoken, END = prsd_end, lextypes = prsd_lextype, headline = prsd_headline);
COMMENT ON TEXT SEARCH PARSER pa IS 'pa';
CREATE text SEARCH TEMPLATE te (init = dsimple_init, lexize = dsimple_lexize);
CREATE text SEARCH DICTIONARY d1 (TEMPLATE = simple, stopwords = english, accept = FALSE);
COMMENT ON TEXT SEARCH DICTIONARY d1 IS 'd1';
CREATE text SEARCH DICTIONARY d2 (TEMPLATE = snowball, LANGUAGE = french);
CREATE TEXT SEARCH CONFIGURATION public.c1 (PARSER = pg_catalog."default");
ALTER TEXT SEARCH CONFIGURATION public.c1 ADD MAPPING FOR asciiword WITH public.d1, public.d2;
ALTER TEXT SEARCH CONFIGURATION public.c1 ADD MAPPING FOR word WITH public.d1, public.d2;
ALTER TEXT SEARCH CONFIGURATION c1 OWNER TO confiture_test_owner;
CREATE text SEARCH CONFIGURATION c2 (PARSER = pa);
CREATE INDEX i ON t USING gin (to_tsvector('c1', a));
-- down
DROP TEXT SEARCH CONFIGURATION c2;
DROP TEXT SEARCH TEMPLATE te;
DROP TEXT SEARCH PARSER pa;
DROP TABLE t;
DROP TEXT SEARCH CONFIGURATION c1;
DROP TEXT SEARCH DICTIONARY d1;
DROP TEXT SEARCH DICTIONARY d2;
