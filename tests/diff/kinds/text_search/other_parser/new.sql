CREATE TEXT SEARCH PARSER letters (
    START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype
);
CREATE TEXT SEARCH CONFIGURATION plain (PARSER = letters);
ALTER TEXT SEARCH CONFIGURATION plain ADD MAPPING FOR word WITH simple;
