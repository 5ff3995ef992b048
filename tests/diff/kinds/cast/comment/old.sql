CREATE TYPE mood AS ENUM ('ok');
CREATE CAST (mood AS bigint) WITH INOUT;
