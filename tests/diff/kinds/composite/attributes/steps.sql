ALTER TYPE address DROP ATTRIBUTE street;
ALTER TYPE address ALTER ATTRIBUTE number TYPE bigint;
ALTER TYPE address ALTER ATTRIBUTE town TYPE text COLLATE pg_catalog."C";
COMMENT ON COLUMN address.town IS 'Or village';
ALTER TYPE address ADD ATTRIBUTE country text;
