CREATE PROCEDURE double(INOUT n integer) LANGUAGE plpgsql AS 'BEGIN n := n * 2; END';
GRANT EXECUTE ON PROCEDURE double TO confiture_reader;
