CREATE text SEARCH DICTIONARY d (TEMPLATE = simple, stopwords = english);
CREATE text SEARCH CONFIGURATION c (COPY = simple);
ALTER text SEARCH CONFIGURATION c ALTER MAPPING FOR asciiword WITH d, simple;
COMMENT ON text SEARCH CONFIGURATION c IS 'x';
CREATE TABLE t(b text, v tsvector GENERATED ALWAYS AS (to_tsvector('c', b)) STORED);
