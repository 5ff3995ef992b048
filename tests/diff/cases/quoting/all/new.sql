CREATE SCHEMA "My Schema";
CREATE TABLE "My Table"("Col A" bigint, "select" text DEFAULT 'it''s \ x', "new col" int);
CREATE INDEX "My Idx" ON "My Table"("Col A");
CREATE VIEW "My Schema"."V w" AS SELECT "Col A" FROM "My Table";
CREATE FUNCTION "My Schema"."F n"("A b" int) RETURNS int LANGUAGE sql AS $q$select 1 -- $$ it's$q$;
COMMENT ON TABLE "My Table" IS E'line1\nline2';
