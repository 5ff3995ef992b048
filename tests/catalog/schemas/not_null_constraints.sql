-- pg >= 18
CREATE EXTENSION btree_gist;
CREATE TABLE named (a integer CONSTRAINT a_there NOT NULL, b integer NOT NULL NO INHERIT,
    c integer, v integer GENERATED ALWAYS AS (a * 2) VIRTUAL);
ALTER TABLE named ADD CONSTRAINT loose CHECK (b > 0) NOT ENFORCED;
CREATE TABLE sub () INHERITS (named);
ALTER TABLE named ADD CONSTRAINT c_there NOT NULL c NOT VALID;
CREATE TABLE temporal (id integer, during daterange, PRIMARY KEY (id, during WITHOUT OVERLAPS));
CREATE TABLE a_table_with_a_name_long_enough_to_be_cut (a_column_with_a_name_long_enough_to_be_cut integer NOT NULL);
CREATE PUBLICATION generated FOR TABLE named WITH (publish_generated_columns = stored);
CREATE COLLATION builtin (PROVIDER = builtin, LOCALE = 'C.UTF-8');
COMMENT ON CONSTRAINT a_there ON named IS 'there';
CREATE DOMAIN filled AS text CONSTRAINT "really filled" NOT NULL;
CREATE DOMAIN also_filled AS text NOT NULL;
