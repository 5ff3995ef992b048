ALTER OPERATOR FAMILY public.plain USING btree ADD OPERATOR 1 <(integer,integer);
ALTER OPERATOR FAMILY public.plain USING btree ADD FUNCTION 1 (integer, integer) btint4cmp(integer,integer);
