CREATE TYPE e AS ENUM ('a', 'new', 'b', 'last');
CREATE TABLE t(a e DEFAULT 'new', CHECK (a <> 'last'));
CREATE INDEX i ON t(a) WHERE a = 'new';
CREATE VIEW v AS SELECT a FROM t WHERE a = 'last';
CREATE FUNCTION f() RETURNS e LANGUAGE sql AS $$select 'new'::e$$;
