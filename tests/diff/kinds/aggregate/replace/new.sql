CREATE AGGREGATE product(integer) (SFUNC = int4mul, STYPE = integer, INITCOND = '1');
CREATE VIEW products AS SELECT product(n) FROM generate_series(1, 3) AS n;
