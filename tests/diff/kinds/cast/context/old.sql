CREATE TYPE mood AS ENUM ('ok');
CREATE FUNCTION rank(mood) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE CAST (mood AS integer) WITH FUNCTION rank(mood);
