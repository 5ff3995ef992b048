CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('good', 'bad');
CREATE DOMAIN app.email AS text NOT NULL CHECK (VALUE ~ '@') CONSTRAINT short CHECK (length(VALUE) < 99);
ALTER DOMAIN app.email ADD CONSTRAINT no_space CHECK (VALUE !~ ' ');
CREATE TYPE app.span AS RANGE (subtype = float8);
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS $$ SELECT $1 $$;
CREATE FUNCTION f(text) RETURNS text LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION f(app.mood, timestamptz, VARIADIC rest varchar[]) RETURNS int LANGUAGE sql AS $x$
    SELECT 1 -- $$
$x$;
CREATE OR REPLACE FUNCTION "Odd (name"(a int DEFAULT 1, OUT b int, INOUT c app.email DEFAULT 'a@b') LANGUAGE plpgsql AS $$
BEGIN
    b := a;
END
$$;
CREATE FUNCTION g() RETURNS TABLE (x int, y text) LANGUAGE sql AS $$ SELECT 1, '' $$;
CREATE PROCEDURE p(IN a int, OUT b int) LANGUAGE plpgsql AS $$ BEGIN b := a; END $$;
CREATE AGGREGATE app.total(int) (SFUNC = int4pl, STYPE = int4, INITCOND = '0');
CREATE AGGREGATE counted(*) (SFUNC = int8inc, STYPE = int8, INITCOND = '0');
CREATE OPERATOR app.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq);
CREATE FUNCTION mood_number(app.mood) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE CAST (app.mood AS int) WITH FUNCTION mood_number(app.mood);
CREATE TABLE app.t (id int PRIMARY KEY, m app.mood, mail app.email, s app.span[]);
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER touched BEFORE UPDATE ON app.t FOR EACH ROW EXECUTE FUNCTION app.touch();
CREATE VIEW v (one, two) AS SELECT id, m FROM app.t;
CREATE MATERIALIZED VIEW IF NOT EXISTS app.mv AS SELECT id FROM app.t WITH NO DATA;
CREATE INDEX ON app.mv (id);
CREATE RULE nothing AS ON DELETE TO app.t DO INSTEAD NOTHING;
CREATE POLICY mine ON app.t FOR SELECT USING (id > 0);
CREATE STATISTICS app.both ON id, m FROM app.t;
CREATE SEQUENCE IF NOT EXISTS counter START 5;
CREATE SEQUENCE app.owned OWNED BY app.t.id;
CREATE COLLATION IF NOT EXISTS app.posix (locale = 'POSIX');
CREATE TEXT SEARCH CONFIGURATION app.plain (COPY = simple);
CREATE PUBLICATION changes FOR TABLE app.t;
CREATE FUNCTION on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE EVENT TRIGGER watch ON ddl_command_start EXECUTE FUNCTION on_ddl();
CREATE EXTENSION IF NOT EXISTS postgres_fdw;
CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw;
CREATE FOREIGN TABLE far_t (id int NOT NULL, note text DEFAULT '') SERVER far;
ALTER TABLE app.t OWNER TO CURRENT_USER, ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON app.t TO public;
COMMENT ON TABLE app.t IS 'kept';
