CREATE TABLE t(a int, b text, c jsonb, d int4range, e tsvector, f point, g int[]);
