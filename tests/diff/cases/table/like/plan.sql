-- judged on PostgreSQL 15, of c9938254af1aec1c
-- up
CREATE TABLE u (
    a integer DEFAULT 5 NOT NULL,
    b text,
    c integer,
    CONSTRAINT t_a_check CHECK ((a > 1))
);
CREATE INDEX u_b_idx ON public.u USING btree (b);
-- down
DROP TABLE u;
