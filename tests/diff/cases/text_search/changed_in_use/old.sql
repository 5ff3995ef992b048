CREATE text SEARCH DICTIONARY d1 (TEMPLATE = simple, stopwords = english);
CREATE text SEARCH CONFIGURATION c1 (PARSER = DEFAULT);
ALTER text SEARCH CONFIGURATION c1 ADD MAPPING FOR asciiword, word WITH d1;
CREATE TABLE t(a text, v tsvector GENERATED ALWAYS AS (to_tsvector('c1'::regconfig, a)) STORED);
CREATE INDEX i ON t USING gin (to_tsvector('c1', a));
