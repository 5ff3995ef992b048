-- judged on PostgreSQL 15, of 5decbcc4288ebadc
-- up
SELECT pg_catalog.setval('public.t_a_seq', least(greatest(last_value, 100), 2147483647), is_called) FROM t_a_seq;
ALTER SEQUENCE t_a_seq MINVALUE 100 START WITH 100;
ALTER SEQUENCE t_b_seq MINVALUE 1 MAXVALUE 50 START WITH 1 RESTART;
-- down
ALTER SEQUENCE t_a_seq MINVALUE 1 START WITH 1;
ALTER SEQUENCE t_b_seq MINVALUE 100 MAXVALUE 2147483647 START WITH 100 RESTART;
