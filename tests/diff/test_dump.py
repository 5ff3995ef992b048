"""Dumps: one text for one schema, wherever it comes from; and catalogs that are saved."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from confiture_core.catalog.reader import read_catalog
from confiture_core.catalog.saved import parse_catalog, render_catalog
from confiture_core.difference import between
from confiture_core.dump import dump
from confiture_core.errors import ProjectError
from confiture_core.factory.shadows import shadows
from confiture_core.project import SqlFile
from confiture_core.sources import open_catalog, open_database, open_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confiture_core.factory.shadows import Shadows
    from confiture_core.proof import State
    from confiture_core.server import Server

_SCHEMAS = sorted((Path(__file__).parents[1] / "catalog" / "schemas").glob("*.sql"))

TABLES = """
CREATE TABLE users (id serial PRIMARY KEY, mail text NOT NULL DEFAULT lower('A'), boss int);
CREATE TABLE orders (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id int, state text);
CREATE TABLE events (at date NOT NULL, what text) PARTITION BY RANGE (at);
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE SCHEMA app;
CREATE SEQUENCE numbers INCREMENT 7;
"""
REST = """
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE app.moods (m mood, whose int);
ALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id);
ALTER TABLE users ADD CONSTRAINT users_boss FOREIGN KEY (boss) REFERENCES users (id);
ALTER TABLE orders ADD CONSTRAINT orders_state CHECK (state IN ('a', 'b'));
CREATE INDEX orders_by_user ON orders (user_id) WHERE state <> 'a';
CREATE UNIQUE INDEX users_by_mail ON users (lower(mail));
CREATE VIEW names AS SELECT u.id, count(*) AS n FROM users u GROUP BY u.id;
CREATE MATERIALIZED VIEW totals AS SELECT state, count(*) AS n FROM orders GROUP BY state;
CREATE FUNCTION next_number() RETURNS bigint LANGUAGE sql AS $$SELECT nextval('numbers')$$;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN new; END$$;
COMMENT ON TABLE users IS 'who';
COMMENT ON COLUMN orders.state IS 'a or b';
GRANT SELECT ON users TO public;
"""


@pytest.fixture
def made(server: Server) -> Iterator[Shadows]:
    with shadows(server) as made:
        yield made


def _state(text: str, made: Shadows) -> State:
    file = SqlFile(path=Path("s.sql").absolute(), shown="s.sql", text=text)
    return open_files((file,), "s.sql", made)


def _dump(state: State, made: Shadows) -> str:
    return "".join(f"{step.sql};\n" for step in dump(state, made)[1])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_creation_is_not_seen(made: Shadows, seed: int) -> None:
    chance = random.Random(seed)
    tables, rest = TABLES.strip().split("\n"), REST.strip().split("\n")
    chance.shuffle(tables)
    chance.shuffle(rest)

    shuffled = _state("\n".join((*tables, *rest)), made)

    assert _dump(shuffled, made) == _dump(_state(TABLES + REST, made), made)


def test_the_history_of_a_table_is_not_seen(made: Shadows) -> None:
    grown = "CREATE TABLE t (x int, a int); ALTER TABLE t DROP x, ADD b text; CREATE TABLE u ();"

    one = _state(grown, made)
    other = _state("CREATE TABLE u (); CREATE TABLE t (a int, b text);", made)

    assert _dump(one, made) == _dump(other, made)
    assert render_catalog(dump(one, made)[0]) == render_catalog(dump(other, made)[0])


def test_a_dump_dumped_again_is_the_same(made: Shadows) -> None:
    text = _dump(_state(TABLES + REST, made), made)

    again = _state(text, made)

    assert _dump(again, made) == text


def test_a_live_database_has_the_dump_of_its_files(made: Shadows, server: Server) -> None:
    state = _state(TABLES + REST, made)

    live = open_database(server.conninfo(state.database), made)

    assert _dump(live, made) == _dump(state, made)


def test_a_dump_is_no_difference_to_what_it_is_of(made: Shadows) -> None:
    state = _state(TABLES + REST, made)

    difference = between(state, _state(_dump(state, made), made), made)

    assert difference.is_empty


@pytest.mark.parametrize("file", _SCHEMAS, ids=[file.stem for file in _SCHEMAS])
def test_a_saved_catalog_is_read_as_it_was(file: Path, made: Shadows) -> None:
    text = file.read_text("utf-8")
    since = re.match(r"-- pg >= (\d+)", text)
    if since and made.server.version_num < int(since[1]) * 10_000:
        pytest.skip(f"for PostgreSQL >= {since[1]}")
    with made.connect(made.make()) as connection:
        connection.execute(text.encode())
        catalog = read_catalog(connection)

    saved = render_catalog(catalog)
    again = parse_catalog(saved, shown="saved.json")

    assert again == catalog
    assert again.dependencies == catalog.dependencies
    assert render_catalog(again) == saved


def test_a_saved_catalog_is_a_source(made: Shadows) -> None:
    state = _state(TABLES + REST, made)
    text = render_catalog(dump(state, made)[0])

    opened = open_catalog(parse_catalog(text, shown="saved.json"), "saved.json", made)

    assert between(opened, state, made).is_empty
    assert render_catalog(dump(opened, made)[0]) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "x.json:1: no JSON"),
        ("[]", "x.json: no saved catalog of format 1"),
        ('{"confiture catalog": 2}', "x.json: no saved catalog of format 1"),
        ('{"confiture catalog": 1, "postgresql": 15}', "x.json: no catalog as this version"),
        (
            json.dumps(
                {
                    "confiture catalog": 1,
                    "postgresql": 15,
                    "objects": [{"object": "schema", "identity": {"kind": 1, "name": "a"}}],
                }
            ),
            "1 is no str",
        ),
    ],
    ids=["no JSON", "no object", "another format", "no objects", "another type"],
)
def test_what_is_no_saved_catalog_is_refused(text: str, message: str) -> None:
    with pytest.raises(ProjectError) as caught:
        parse_catalog(text, shown="x.json")

    assert message in str(caught.value)
