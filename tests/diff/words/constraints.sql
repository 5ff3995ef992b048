CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE TABLE one (
    id int PRIMARY KEY,
    code text UNIQUE NULLS NOT DISTINCT,
    a int CHECK (a > 0) CHECK (a < 10),
    b int CONSTRAINT b_positive CHECK (b > 0),
    CHECK (a > b),
    CHECK (a <> b),
    UNIQUE (a, b) INCLUDE (code),
    UNIQUE (id),
    CONSTRAINT one_of_each EXCLUDE USING gist (a WITH =, (b + 1) WITH =),
    EXCLUDE USING gist (lower(code) WITH =)
);
CREATE TABLE a_table_with_a_name_that_is_quite_long_for_a_table (
    and_a_column_with_a_name_that_is_longer_than_that_of_its_table int REFERENCES one,
    two int REFERENCES one (id) ON DELETE CASCADE,
    three int,
    four text,
    self int UNIQUE REFERENCES a_table_with_a_name_that_is_quite_long_for_a_table (self),
    FOREIGN KEY (two) REFERENCES one,
    CONSTRAINT named FOREIGN KEY (three) REFERENCES one
);
ALTER TABLE a_table_with_a_name_that_is_quite_long_for_a_table ADD CHECK (three > 0) NOT VALID, ADD UNIQUE (two);
ALTER TABLE a_table_with_a_name_that_is_quite_long_for_a_table ADD FOREIGN KEY (four) REFERENCES one (code);
CREATE INDEX ON one (a, lower(code), b);
CREATE UNIQUE INDEX IF NOT EXISTS one_unique ON one (b) WHERE a > 1;
