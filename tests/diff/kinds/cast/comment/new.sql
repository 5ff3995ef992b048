CREATE TYPE mood AS ENUM ('ok');
CREATE CAST (mood AS bigint) WITH INOUT;
COMMENT ON CAST (mood AS bigint) IS 'By its name';
