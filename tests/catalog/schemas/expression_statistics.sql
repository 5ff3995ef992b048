-- pg >= 14
CREATE TABLE measured (a integer, b integer);
CREATE STATISTICS by_expression ON (a + b), (a * b) FROM measured;
ALTER STATISTICS by_expression SET STATISTICS 123;
