CREATE RECURSIVE VIEW digits (n) AS
    VALUES (1)
    UNION ALL
    SELECT n + 1 FROM digits WHERE n < 9;
