-- without words: table public.t; column public.t.changed; default public.t.changed
-- without words: column public.t.a; column public.t.dropped; constraint t_a_check on public.t
-- without words: table public.copied; column public.copied.x; column public.starred.x
-- without words: view public.starred; type public.grown; trigger off on public.t
-- without words: table app.t; column app.t.x; sequence public.s; function public.named(integer)
-- without words: table public.as_query; column public.as_query.x; view public.old_name_user
-- without words: column public.old_name_user.x; table public.like_t; column public.like_t.x
-- without words: table public.new_name; column public.new_name.x
-- without words: table public.twice; column public.twice.x; constraint twice_x_check on public.twice
-- without words: constraint validated on public.copied; domain public.d
CREATE TABLE t (
    a int CHECK (a > 0),
    changed text,
    dropped int
);
ALTER TABLE t ALTER changed SET DEFAULT 'x';
ALTER TABLE t DROP COLUMN dropped;
ALTER TABLE t ADD COLUMN dropped bigint;
CREATE TABLE copied (x int);
ALTER TABLE copied ALTER x TYPE bigint;
CREATE VIEW starred AS SELECT * FROM copied;
CREATE VIEW plain AS SELECT x FROM copied;
ALTER TABLE copied ADD y int;
ALTER TABLE copied DROP y;
ALTER TABLE copied ADD CONSTRAINT validated CHECK (x > 0) NOT VALID;
ALTER TABLE copied VALIDATE CONSTRAINT validated;
CREATE TYPE grown AS ENUM ('a');
ALTER TYPE grown ADD VALUE 'b';
CREATE FUNCTION done() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER off BEFORE UPDATE ON t EXECUTE FUNCTION done();
ALTER TABLE t DISABLE TRIGGER off;
CREATE SEQUENCE s;
ALTER SEQUENCE s INCREMENT BY 2;
CREATE FUNCTION named(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
ALTER FUNCTION named(int) STABLE;
CREATE TABLE as_query AS SELECT 1 AS x;
CREATE TABLE like_t (LIKE copied);
CREATE TABLE old_name (x int);
CREATE VIEW old_name_user AS SELECT x FROM old_name;
ALTER TABLE old_name RENAME TO new_name;
CREATE DOMAIN d AS int;
ALTER DOMAIN d SET DEFAULT 1;
CREATE TABLE twice (x int CHECK (x > 0));
CREATE TABLE other (x int CONSTRAINT twice_x_check CHECK (x > 1));
CREATE TEMP TABLE hidden (x int);
CREATE SCHEMA app;
SET search_path = app, public;
CREATE TABLE t (x int);
CREATE INDEX app_t_x ON public.t (a);
