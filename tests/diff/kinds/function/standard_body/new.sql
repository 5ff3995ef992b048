-- pg >= 14
CREATE FUNCTION double(n integer) RETURNS integer BEGIN ATOMIC
    SELECT n + n;
END;
