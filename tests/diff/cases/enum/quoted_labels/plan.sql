-- judged on PostgreSQL 15, of 187caf3c8c16b6e3
-- up
ALTER TYPE "E e" ADD VALUE 'é' BEFORE 'it''s';
ALTER TYPE "E e" ADD VALUE 'x"y' AFTER 'it''s';
ALTER TABLE t ALTER COLUMN a SET DEFAULT 'b c'::public."E e";
-- down
ALTER TABLE t ALTER COLUMN a DROP DEFAULT;
ALTER TYPE "E e" RENAME TO "E e__old";
CREATE TYPE "E e" AS ENUM ('it''s', 'b c', '');
ALTER TABLE t ALTER COLUMN a TYPE public."E e" USING a::text::public."E e";
DROP TYPE "E e__old";
ALTER TABLE t ALTER COLUMN a SET DEFAULT 'it''s'::public."E e";
