CREATE COLLATION c (provider=icu, locale='de');
CREATE TABLE t(a text COLLATE c);
CREATE COLLATION c2 FROM "C";
