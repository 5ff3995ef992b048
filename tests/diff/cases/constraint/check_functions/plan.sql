-- judged on PostgreSQL 15, of cc61cf5c5d74ea23
-- up
ALTER TABLE t DROP CONSTRAINT c;
DROP FUNCTION ok(integer);
CREATE FUNCTION ok(int, text DEFAULT 'x') RETURNS boolean LANGUAGE sql IMMUTABLE AS 'select $1 > 0';
ALTER TABLE t ADD CONSTRAINT c CHECK (public.ok(a));
-- down
ALTER TABLE t DROP CONSTRAINT c;
DROP FUNCTION ok(integer, text);
CREATE FUNCTION ok(int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'select $1 > 0';
ALTER TABLE t ADD CONSTRAINT c CHECK (public.ok(a));
