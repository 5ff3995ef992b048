-- judged on PostgreSQL 15, of f5973e3bfb1cb5b8
-- up
ALTER TYPE "My range" RENAME TO "My range__old";
ALTER FUNCTION "My range"(text, text) RENAME TO "My range__old";
ALTER FUNCTION "My range"(text, text, text) RENAME TO "My range__old";
ALTER TYPE "My multirange" RENAME TO "My multirange__old";
ALTER FUNCTION "My multirange"() RENAME TO "My multirange__old";
CREATE TYPE "My range" AS RANGE (subtype = text, COLLATION = "C");
ALTER TABLE t ALTER COLUMN a TYPE public."My range" USING a::text::public."My range";
DROP TYPE "My range__old";
-- down
ALTER TYPE "My range" RENAME TO "My range__old";
ALTER FUNCTION "My range"(text, text) RENAME TO "My range__old";
ALTER FUNCTION "My range"(text, text, text) RENAME TO "My range__old";
ALTER TYPE "My multirange" RENAME TO "My multirange__old";
ALTER FUNCTION "My multirange"() RENAME TO "My multirange__old";
CREATE TYPE "My range" AS RANGE (subtype = text);
ALTER TABLE t ALTER COLUMN a TYPE public."My range" USING a::text::public."My range";
DROP TYPE "My range__old";
