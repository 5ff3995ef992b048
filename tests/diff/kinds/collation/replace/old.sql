CREATE COLLATION plain (LOCALE = 'C');
CREATE TABLE words (
    word text COLLATE plain
);
