-- judged on PostgreSQL 15, of ad7215310dd564b1
-- up
COMMENT ON TABLE "My Table" IS 'line1
line2';
ALTER TABLE "My Table" ALTER COLUMN "Col A" TYPE bigint;
CREATE SCHEMA "My Schema";
ALTER TABLE "My Table" ADD COLUMN "new col" int;
ALTER TABLE "My Table" ALTER COLUMN "select" SET DEFAULT 'it''s \ x'::text;
CREATE FUNCTION "My Schema"."F n"("A b" int) RETURNS int LANGUAGE sql AS $q$select 1 -- $$ it's$q$;
CREATE INDEX "My Idx" ON "My Table"("Col A");
CREATE VIEW "My Schema"."V w" AS SELECT "Col A" FROM "My Table";
-- down
DROP VIEW "My Schema"."V w";
DROP INDEX "My Idx";
DROP FUNCTION "My Schema"."F n"(integer);
ALTER TABLE "My Table" ALTER COLUMN "select" DROP DEFAULT;
ALTER TABLE "My Table" DROP COLUMN "new col";
DROP SCHEMA "My Schema";
COMMENT ON TABLE "My Table" IS NULL;
ALTER TABLE "My Table" ALTER COLUMN "Col A" TYPE integer;
