-- judged on PostgreSQL 15, of ddd01f7bac96aa46
-- up
ALTER TABLE "select" ALTER COLUMN "from" TYPE bigint;
ALTER TABLE "select" ALTER COLUMN "from" SET NOT NULL;
ALTER TABLE "select" ALTER COLUMN "Größe" TYPE character varying(10);
GRANT SELECT ("Größe") ON TABLE "select" TO "confiture_test_Ädmin";
COMMENT ON COLUMN "select"."a""b" IS E'quo''te \\ "x"';
CREATE SCHEMA "Ünï";
CREATE TYPE "Ünï"."table" as enum ('naïve');
CREATE DOMAIN "Ünï"."D d" as inT CONSTRAInt "C c" CHEck (value > 0);
CREATE SEQUENCE "Ünï"."user";
ALTER TABLE "select" ADD COLUMN "new col" int;
ALTER TABLE "select" ALTER COLUMN "Größe" SET DEFAULT 'ä'::character varying;
CREATE FUNCTION "Ünï"."do"("in" int, out "Out" int) language sqL as 'select 1';
ALTER TABLE "select" ADD CONSTRAINT "select_a""b_check" CHECK (("a""b" > 0));
ALTER TABLE "select" ADD CONSTRAINT select_pkey PRIMARY KEY ("from");
CREATE INDEX "i-x" ON "select"("Größe");
CREATE VIEW "Ünï"."order by" aS SELEct "from" as "group" FRom "select";
CREATE POLICY "all" ON "select" USING ("from" > 0);
CREATE TRIGGER "when" BEFORE UPDATE ON "select" FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
-- down
DROP TRIGGER "when" ON "select";
DROP POLICY "all" ON "select";
DROP VIEW "Ünï"."order by";
DROP INDEX "i-x";
ALTER TABLE "select" DROP CONSTRAINT "select_a""b_check";
ALTER TABLE "select" DROP CONSTRAINT select_pkey;
DROP FUNCTION "Ünï"."do"(integer);
ALTER TABLE "select" ALTER COLUMN "Größe" DROP DEFAULT;
ALTER TABLE "select" DROP COLUMN "new col";
DROP SEQUENCE "Ünï"."user";
DROP DOMAIN "Ünï"."D d";
DROP TYPE "Ünï"."table";
DROP SCHEMA "Ünï";
ALTER TABLE "select" ALTER COLUMN "from" TYPE integer;
ALTER TABLE "select" ALTER COLUMN "from" DROP NOT NULL;
ALTER TABLE "select" ALTER COLUMN "Größe" TYPE text;
REVOKE SELECT ("Größe") ON TABLE "select" FROM "confiture_test_Ädmin";
COMMENT ON COLUMN "select"."a""b" IS NULL;
