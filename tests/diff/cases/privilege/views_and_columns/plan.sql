-- judged on PostgreSQL 15, of 3cf163f9883dffba
-- up
CREATE OR REPLACE VIEW v AS
 SELECT t.a,
    t.b,
    (t.a + t.b) AS c
   FROM public.t;
GRANT ALL ON TABLE v TO confiture_test_writer;
REVOKE UPDATE (b) ON TABLE v FROM confiture_test_writer;
GRANT SELECT (c) ON TABLE v TO confiture_test_reader;
-- down
DROP VIEW v;
CREATE VIEW v AS SELECT a, b FROM t;
GRANT SELECT (a) ON TABLE v TO confiture_test_reader;
GRANT UPDATE (b) ON TABLE v TO confiture_test_writer;
