CREATE TYPE "E e" AS ENUM ('é', 'it''s', 'x"y', 'b c', '');
CREATE TABLE t(a "E e" DEFAULT 'b c');
