CREATE PROCEDURE double(INOUT m integer) LANGUAGE plpgsql AS 'BEGIN m := m * 2; END';
GRANT EXECUTE ON PROCEDURE double TO confiture_reader;
