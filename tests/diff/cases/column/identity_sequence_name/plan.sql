-- judged on PostgreSQL 15, of 8384dda6a0393793
-- up
ALTER SEQUENCE t_a_seq RENAME TO my_seq;
ALTER SEQUENCE my_seq START WITH 3;
-- down
ALTER SEQUENCE my_seq RENAME TO t_a_seq;
ALTER SEQUENCE t_a_seq START WITH 1;
