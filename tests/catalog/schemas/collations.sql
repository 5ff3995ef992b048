CREATE COLLATION plain (PROVIDER = libc, LOCALE = 'C');
CREATE COLLATION mixed (LC_COLLATE = 'C', LC_CTYPE = 'POSIX');
COMMENT ON COLLATION plain IS 'as bytes';
CREATE TABLE sorted (a text COLLATE plain, b text COLLATE mixed);
