-- judged on PostgreSQL 15, of 9b085777d3ea2df2
-- up
ALTER TYPE mood ADD VALUE 'sad';
ALTER TYPE mood ADD VALUE 'happy';
-- down
DROP TYPE mood;
CREATE TYPE mood AS ENUM ();
