-- pg >= 13
CREATE TABLE users (
    a integer,
    b integer
);
CREATE STATISTICS ab (ndistinct) ON a, b FROM users;
ALTER STATISTICS ab SET STATISTICS 77;
COMMENT ON STATISTICS ab IS 'They go together';
