CREATE TEXT SEARCH PARSER public.letters (
    START = prsd_start,
    GETTOKEN = prsd_nexttoken,
    END = prsd_end,
    LEXTYPES = prsd_lextype
);
COMMENT ON TEXT SEARCH PARSER letters IS 'One by one';
CREATE TEXT SEARCH TEMPLATE public.plain (INIT = dsimple_init, LEXIZE = dsimple_lexize);
