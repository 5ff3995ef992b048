"""`confiture init --from`: a project made from a live database."""

from __future__ import annotations

import subprocess

import psycopg
import pytest

SCHEMA = """
SET check_function_bodies = off;
CREATE SCHEMA sales;
CREATE EXTENSION pg_trgm;
CREATE TYPE sales.state AS ENUM ('new', 'paid');
CREATE FUNCTION sales.touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.at := now(); RETURN NEW; END $$;
CREATE FUNCTION sales.next_number() RETURNS int LANGUAGE sql AS 'SELECT sales.counted() + 1';
CREATE TABLE sales.orders (
    id int PRIMARY KEY DEFAULT sales.next_number(), state sales.state NOT NULL DEFAULT 'new',
    at timestamptz, customer int, note text
);
CREATE FUNCTION sales.counted() RETURNS int LANGUAGE sql AS
    'SELECT count(*)::int FROM sales.orders';
CREATE TABLE customers (id serial PRIMARY KEY, last_order int REFERENCES sales.orders, name text);
ALTER TABLE sales.orders ADD FOREIGN KEY (customer) REFERENCES customers;
CREATE INDEX by_note ON sales.orders USING gin (note gin_trgm_ops);
COMMENT ON INDEX sales.by_note IS 'for search';
COMMENT ON COLUMN sales.orders.note IS 'what the customer said';
CREATE TRIGGER touch BEFORE UPDATE ON sales.orders FOR EACH ROW EXECUTE FUNCTION sales.touch();
CREATE TABLE events (at timestamptz NOT NULL, what text) PARTITION BY RANGE (at);
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE INDEX ON events (at);
CREATE VIEW busy AS SELECT c.name, count(*) FROM customers c JOIN sales.orders o
    ON o.customer = c.id GROUP BY c.id;
CREATE FUNCTION busiest() RETURNS SETOF busy LANGUAGE sql AS
    'SELECT * FROM busy ORDER BY count DESC LIMIT 1';
CREATE VIEW champion AS SELECT * FROM busiest();
ALTER TABLE customers ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON customers USING (name = current_user);
GRANT SELECT ON customers TO PUBLIC;
GRANT USAGE ON SEQUENCE customers_id_seq TO PUBLIC;
CREATE SEQUENCE numbers;
CREATE TABLE numbered (a int DEFAULT nextval('numbers'), b int GENERATED ALWAYS AS IDENTITY);
ALTER TABLE events REPLICA IDENTITY FULL;
"""


@pytest.fixture
def live(server, project, database):
    """The URL of a database with SCHEMA in it, and an empty current directory."""
    database.execute(SCHEMA.encode())
    (project.root / "shop").mkdir()
    return server.url(database.info.dbname)


def dumped(url):
    done = subprocess.run(
        ["pg_dump", "--schema-only", "--exclude-table=confiture_migrations", "-d", url],
        check=True,
        capture_output=True,
        text=True,
    )
    return [line for line in done.stdout.splitlines() if not line.startswith("\\")]


def files_in(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.sql"))


def test_what_it_writes_is_built_to_the_same_database(confiture, project, live):
    outcome = confiture("init", "--from", live, "shop")
    project.write_environment("shop")
    environment = project.root / "db/environments/shop.yaml"
    environment.rename(project.root / "shop/db/environments/shop.yaml")
    config = "shop/db/environments/shop.yaml"

    assert (outcome.code, confiture("build", "--config", config).code) == (0, 0)
    assert files_in(project.root / "shop/db/schema") == [
        "00_common/00_schemas.sql",
        "00_common/10_extensions.sql",
        "00_common/10_sales.state.sql",
        "05_functions/sales.counted.sql",
        "05_functions/sales.next_number.sql",
        "05_functions/sales.touch.sql",
        "10_tables/customers.sql",
        "10_tables/events.sql",
        "10_tables/events_2026.sql",
        "10_tables/numbered.sql",
        "10_tables/sales.orders.sql",
        "20_views/busy.sql",
        "30_functions/busiest.sql",
        "40_views/champion.sql",
        "70_foreign_keys/customers.sql",
        "70_foreign_keys/sales.orders.sql",
    ]
    assert dumped(live) == dumped(project.server.url(f"{project.database}_shop"))
    assert confiture("migrate", "diff", "--check", "--config", config).code == 0


def test_what_belongs_to_a_table_stands_in_its_file(confiture, project, live):
    confiture("init", "--from", live, "shop")

    orders = (project.root / "shop/db/schema/10_tables/sales.orders.sql").read_text()
    customers = (project.root / "shop/db/schema/10_tables/customers.sql").read_text()
    assert "CREATE INDEX by_note" in orders
    assert "COMMENT ON INDEX sales.by_note" in orders
    assert "CREATE TRIGGER touch" in orders
    assert "CREATE POLICY own" in customers
    assert "GRANT SELECT ON TABLE public.customers TO PUBLIC" in customers


def test_the_database_is_only_read_unless_its_history_is_asked_for(confiture, live, tmp_path):
    before = dumped(live)

    first = confiture("init", "--from", live, "shop")
    history = "select to_regclass('confiture_migrations')"
    with psycopg.connect(live) as connection:
        assert connection.execute(history).fetchone() == (None,)
    second = confiture("init", "--from", live, "again", "--record")

    assert "confiture migrate baseline --through 001" in first.out
    assert second.code == 0
    with psycopg.connect(live) as connection:
        rows = connection.execute("select version, name from confiture_migrations").fetchall()
    assert rows == [("001", "baseline")]
    assert dumped(live) == before


def test_a_schema_that_is_there_is_left_alone(confiture, project, live):
    project.write("shop/db/schema/users.sql", "CREATE TABLE users (id INT);\n")

    outcome = confiture("init", "--from", live, "shop")

    assert outcome.code == 1
    assert "users.sql: there is a schema already" in outcome.err
    assert files_in(project.root / "shop") == ["db/schema/users.sql"]


def test_migrations_that_are_there_are_left_alone(confiture, project, live):
    project.write("shop/db/migrations/001_x.up.sql", "SELECT 1;\n")

    outcome = confiture("init", "--from", live, "shop")

    assert outcome.code == 1
    assert "there are migrations already" in outcome.err
    assert files_in(project.root / "shop") == ["db/migrations/001_x.up.sql"]


def test_a_database_that_is_not_there_is_said_without_its_password(confiture, project):
    outcome = confiture("init", "--from", "postgresql://me:secret@127.0.0.1:1/nowhere", "shop")

    assert outcome.code == 1
    assert "cannot connect" in outcome.err
    assert "secret" not in outcome.err
    assert not (project.root / "shop").exists()


@pytest.mark.parametrize(
    "arguments", [("--record",), ("--from", "shop"), ("--from", "x://y", "--example")]
)
def test_options_that_make_no_sense_are_refused(confiture, project, arguments):
    assert confiture("init", *arguments).code == 2
