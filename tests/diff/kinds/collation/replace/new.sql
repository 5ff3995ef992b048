CREATE COLLATION plain (LOCALE = 'POSIX');
COMMENT ON COLLATION plain IS 'Bytes';
CREATE TABLE words (
    word text COLLATE plain
);
