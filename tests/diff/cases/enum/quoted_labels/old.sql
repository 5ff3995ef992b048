CREATE TYPE "E e" AS ENUM ('it''s', 'b c', '');
CREATE TABLE t(a "E e" DEFAULT 'it''s');
