CREATE TEXT SEARCH PARSER words (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end,
    LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
CREATE TEXT SEARCH TEMPLATE lower (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY short (TEMPLATE = lower, STOPWORDS = 'english', ACCEPT = false);
CREATE TEXT SEARCH CONFIGURATION site (PARSER = words);
ALTER TEXT SEARCH CONFIGURATION site ADD MAPPING FOR asciiword, word WITH short, simple;
ALTER TEXT SEARCH CONFIGURATION site ADD MAPPING FOR url WITH simple;
CREATE TEXT SEARCH CONFIGURATION copied (COPY = pg_catalog.english);
CREATE TABLE texts (t text);
CREATE INDEX texts_t ON texts USING gin (to_tsvector('public.site', t));
COMMENT ON TEXT SEARCH CONFIGURATION site IS 'the site';
COMMENT ON TEXT SEARCH DICTIONARY short IS 'short words';
ALTER TEXT SEARCH CONFIGURATION copied OWNER TO pg_monitor;
