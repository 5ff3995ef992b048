CREATE DOMAIN d AS text CONSTRAINT a CHECK (value <> '') CONSTRAINT b CHECK (length(value) < 10);
CREATE TABLE t(x d);
