-- judged on PostgreSQL 15, of e78b841e778d3585
-- up
DROP VIEW v;
DROP INDEX pb;
DROP INDEX pu;
ALTER TABLE z DROP CONSTRAINT z_i_fkey;
ALTER TABLE p DROP CONSTRAINT p_pkey;
ALTER SEQUENCE p_id_seq OWNED BY NONE;
ALTER TABLE p ALTER COLUMN n DROP IDENTITY;
ALTER TABLE p RENAME TO p__old;
CREATE TABLE p (
    id integer DEFAULT nextval('public.p_id_seq'::regclass) NOT NULL,
    n integer GENERATED ALWAYS AS IDENTITY NOT NULL,
    a integer NOT NULL,
    b text DEFAULT 'x'::text,
    r integer,
    g integer GENERATED ALWAYS AS ((a + 1)) STORED,
    CONSTRAINT p_a_check CHECK ((a > 0))
)
PARTITION BY RANGE (a);
ALTER TABLE p ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE p IS 'pp';
GRANT SELECT ON TABLE p TO confiture_test_reader;
CREATE TABLE p1 (
    id integer DEFAULT nextval('public.p_id_seq'::regclass) NOT NULL,
    n integer NOT NULL,
    a integer NOT NULL,
    b text DEFAULT 'x'::text,
    r integer,
    g integer GENERATED ALWAYS AS ((a + 1)) STORED,
    CONSTRAINT p_a_check CHECK ((a > 0))
);
CREATE TABLE pd (
    id integer DEFAULT nextval('public.p_id_seq'::regclass) NOT NULL,
    n integer NOT NULL,
    a integer NOT NULL,
    b text DEFAULT 'x'::text,
    r integer,
    g integer GENERATED ALWAYS AS ((a + 1)) STORED,
    CONSTRAINT p_a_check CHECK ((a > 0))
);
ALTER SEQUENCE p_id_seq OWNED BY p.id;
ALTER TABLE ONLY p ADD CONSTRAINT p_pkey PRIMARY KEY (a);
ALTER TABLE p ADD CONSTRAINT p_r_fkey FOREIGN KEY (r) REFERENCES public.r(i);
ALTER TABLE p1 ADD CONSTRAINT p1_pkey PRIMARY KEY (a);
ALTER TABLE pd ADD CONSTRAINT pd_pkey PRIMARY KEY (a);
ALTER TABLE z ADD CONSTRAINT z_i_fkey FOREIGN KEY (i) REFERENCES public.p(a);
CREATE UNIQUE INDEX p1_a_b_idx ON public.p1 USING btree (a, b);
CREATE INDEX p1_b_idx ON public.p1 USING btree (b);
CREATE INDEX pb ON ONLY public.p USING btree (b);
CREATE UNIQUE INDEX pd_a_b_idx ON public.pd USING btree (a, b);
CREATE INDEX pd_b_idx ON public.pd USING btree (b);
CREATE UNIQUE INDEX pu ON ONLY public.p USING btree (a, b);
ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (0) TO (100);
ALTER INDEX p_pkey ATTACH PARTITION p1_pkey;
ALTER INDEX pu ATTACH PARTITION p1_a_b_idx;
ALTER INDEX pb ATTACH PARTITION p1_b_idx;
ALTER TABLE p ATTACH PARTITION pd DEFAULT;
INSERT INTO p (id, n, a, b, r) OVERRIDING SYSTEM VALUE 
SELECT id, n, a, b, r FROM p__old;
SELECT pg_catalog.setval('public.p_n_seq', max(n)) FROM p HAVING max(n) IS NOT NULL;
DROP TABLE p__old;
ALTER INDEX p_pkey ATTACH PARTITION pd_pkey;
ALTER INDEX pu ATTACH PARTITION pd_a_b_idx;
ALTER INDEX pb ATTACH PARTITION pd_b_idx;
CREATE VIEW v AS
 SELECT p.a,
    p.b
   FROM public.p;
CREATE POLICY pol ON p USING (a > 1);
CREATE TRIGGER g BEFORE INSERT ON public.p FOR EACH ROW EXECUTE FUNCTION public.tf();
-- down
DROP VIEW v;
DROP INDEX pb;
DROP INDEX pu;
ALTER TABLE z DROP CONSTRAINT z_i_fkey;
ALTER TABLE p DROP CONSTRAINT p_pkey;
ALTER SEQUENCE p_id_seq OWNED BY NONE;
ALTER TABLE p ALTER COLUMN n DROP IDENTITY;
ALTER TABLE p RENAME TO p__old;
CREATE TABLE p (
    id integer DEFAULT nextval('public.p_id_seq'::regclass) NOT NULL,
    n integer GENERATED ALWAYS AS IDENTITY NOT NULL,
    a integer NOT NULL,
    b text DEFAULT 'x'::text,
    r integer,
    g integer GENERATED ALWAYS AS ((a + 1)) STORED,
    CONSTRAINT p_a_check CHECK ((a > 0)),
    CONSTRAINT p_pkey PRIMARY KEY (a)
);
ALTER TABLE p ENABLE ROW LEVEL SECURITY;
COMMENT ON TABLE p IS 'pp';
GRANT SELECT ON TABLE p TO confiture_test_reader;
INSERT INTO p (id, n, a, b, r) OVERRIDING SYSTEM VALUE 
SELECT id, n, a, b, r FROM p__old;
SELECT pg_catalog.setval('public.p_n_seq', max(n)) FROM p HAVING max(n) IS NOT NULL;
DROP TABLE p__old;
ALTER SEQUENCE p_id_seq OWNED BY p.id;
ALTER TABLE p ADD CONSTRAINT p_r_fkey FOREIGN KEY (r) REFERENCES public.r(i);
ALTER TABLE z ADD CONSTRAINT z_i_fkey FOREIGN KEY (i) REFERENCES public.p(a);
CREATE INDEX pb ON p(b);
CREATE UNIQUE INDEX pu ON p(a, b);
CREATE VIEW v AS SELECT a, b FROM p;
CREATE POLICY pol ON p USING (a > 1);
CREATE TRIGGER g BEFORE INSERT ON p FOR EACH ROW EXECUTE FUNCTION tf();
