CREATE TABLE docs (id integer, title text, body text, tags text[]);
CREATE INDEX ON docs (title);
CREATE UNIQUE INDEX docs_lower ON docs (lower(title) DESC NULLS LAST, id) INCLUDE (body) WHERE id > 3;
CREATE INDEX docs_tags ON docs USING gin (tags) WITH (fastupdate = off);
CREATE INDEX docs_collated ON docs (title COLLATE "C" text_pattern_ops);
ALTER INDEX docs_lower ALTER COLUMN 1 SET STATISTICS 300;
COMMENT ON INDEX docs_tags IS 'by tag';
CREATE MATERIALIZED VIEW titles AS SELECT id, title FROM docs;
CREATE UNIQUE INDEX titles_id ON titles (id);
