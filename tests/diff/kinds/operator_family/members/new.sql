CREATE OPERATOR FAMILY plain USING btree;
ALTER OPERATOR FAMILY plain USING btree ADD
    OPERATOR 1 < (integer, integer),
    FUNCTION 1 (integer, integer) btint4cmp(integer, integer);
