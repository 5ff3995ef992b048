CREATE TABLE books (
    title text
);
CREATE TEXT SEARCH CONFIGURATION plain (PARSER = "default");
ALTER TEXT SEARCH CONFIGURATION plain ADD MAPPING FOR word, asciiword, int WITH simple;
CREATE INDEX ON books USING gin (to_tsvector('plain', title));
