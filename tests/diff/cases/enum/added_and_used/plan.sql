-- judged on PostgreSQL 15, of e6ca60bda2ab1489
-- up, not in a transaction
ALTER TYPE e ADD VALUE 'new' AFTER 'a';
ALTER TYPE e ADD VALUE 'last';
ALTER TABLE t ALTER COLUMN a SET DEFAULT 'new'::public.e;
CREATE FUNCTION f() RETURNS e LANGUAGE sql AS $$select 'new'::e$$;
ALTER TABLE t ADD CONSTRAINT t_a_check CHECK ((a <> 'last'::public.e));
CREATE INDEX i ON t(a) WHERE a = 'new';
CREATE VIEW v AS SELECT a FROM t WHERE a = 'last';
-- down
DROP VIEW v;
DROP INDEX i;
ALTER TABLE t DROP CONSTRAINT t_a_check;
DROP FUNCTION f();
ALTER TABLE t ALTER COLUMN a DROP DEFAULT;
ALTER TYPE e RENAME TO e__old;
CREATE TYPE e AS ENUM ('a', 'b');
ALTER TABLE t ALTER COLUMN a TYPE public.e USING a::text::public.e;
DROP TYPE e__old;
ALTER TABLE t ALTER COLUMN a SET DEFAULT 'a'::public.e;
