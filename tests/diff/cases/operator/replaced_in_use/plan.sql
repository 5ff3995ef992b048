-- judged on PostgreSQL 15, of fbb7f88d2fd8ac46
-- up
DROP VIEW v;
DROP INDEX i;
ALTER TABLE t DROP CONSTRAINT t_a_check;
DROP OPERATOR === (integer, integer);
CREATE OPERATOR === (leftarg = int, rightarg = int, FUNCTION = g);
ALTER TABLE t ADD CONSTRAINT t_a_check CHECK ((a OPERATOR(public.===) 1));
CREATE INDEX i ON t((a === 2));
CREATE VIEW v AS SELECT a === 3 AS x FROM t;
-- down
DROP VIEW v;
DROP INDEX i;
ALTER TABLE t DROP CONSTRAINT t_a_check;
DROP OPERATOR === (integer, integer);
CREATE OPERATOR === (leftarg = int, rightarg = int, FUNCTION = f);
ALTER TABLE t ADD CONSTRAINT t_a_check CHECK ((a OPERATOR(public.===) 1));
CREATE INDEX i ON t((a === 2));
CREATE VIEW v AS SELECT a === 3 AS x FROM t;
