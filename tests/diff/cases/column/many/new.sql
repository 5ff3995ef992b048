CREATE TABLE t(id bigserial PRIMARY KEY, name text NOT NULL DEFAULT 'x', age smallint CHECK (age >= 18), mail text UNIQUE, bio jsonb, CONSTRAINT both_ck CHECK (age > 0 OR name <> ''));
