CREATE TABLE books (
    title text
);
CREATE TEXT SEARCH CONFIGURATION plain (PARSER = "default");
ALTER TEXT SEARCH CONFIGURATION plain ADD MAPPING FOR asciiword, numword WITH english_stem, simple;
ALTER TEXT SEARCH CONFIGURATION plain ADD MAPPING FOR int WITH simple;
CREATE INDEX ON books USING gin (to_tsvector('plain', title));
