"""Differences that keep nobody waiting, cut into migrations and run by the executor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from confiture_core.catalog.reader import read_catalog
from confiture_core.diff.rename_requests import parse_request
from confiture_core.difference import between
from confiture_core.factory.databases import connect
from confiture_core.migrations.executor import apply_migration, roll_back_migration
from confiture_core.migrations.loader import load_migrations
from confiture_core.migrations.writer import write_migrations
from confiture_core.renaming import Renames
from confiture_core.staging import in_stages

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from confiture_core.difference import Difference
    from confiture_core.proof import Proved

    Law = Any  # of conftest.py, which cannot be imported
    Cut = Callable[..., tuple[Difference, ...]]

BEFORE = """
CREATE TABLE users (id int PRIMARY KEY, name text, mail text);
CREATE TABLE orders (id int, user_id int, state text);
CREATE INDEX orders_state ON orders (state);
INSERT INTO users VALUES (1, 'Ada', 'a@b');
INSERT INTO orders VALUES (1, 1, 'new');
"""


def _ups(differences: tuple[Difference, ...]) -> list[list[str]]:
    return [_texts(difference.up) for difference in differences]


def _downs(differences: tuple[Difference, ...]) -> list[list[str]]:
    return [_texts(difference.down) for difference in differences]


def _texts(plan: Proved) -> list[str]:
    """Return the steps, without those for the names of NOT NULL, which PostgreSQL 18 has."""
    texts = (step.sql for step in plan.steps)
    return [text for text in texts if "_not_null TO " not in text]


@pytest.fixture
def cut(law: Law, tmp_path: Path) -> Cut:
    """Cut the difference of two texts, write it, run it both ways, and return it."""

    def find(old: str, new: str, *renames: str) -> tuple[Difference, ...]:
        before, after = law.state(old, "old.sql"), law.state(new, "new.sql")
        said = Renames(requests=tuple(map(parse_request, renames)))
        whole = between(before, after, law.shadows, renames=said)
        differences = in_stages(whole, law.shadows)
        write_migrations(differences, tmp_path, "change")
        files = load_migrations(tmp_path)
        assert [file.transactional for file in files] == [one.transactional for one in differences]
        database = law.shadows.make(template=before.database)
        with connect(law.server, database) as connection:
            states = [read_catalog(connection)]
            for file in files:
                apply_migration(connection, file, record=False)
                states.append(read_catalog(connection))
            law.same(database, after.database)
            for file, state in reversed(list(zip(files, states, strict=False))):
                roll_back_migration(connection, file, record=False)
                assert read_catalog(connection) == state
        law.same(database, before.database)
        return differences

    return find


def test_an_index_is_built_and_dropped_concurrently(cut: Cut) -> None:
    new = BEFORE.replace("orders_state ON orders (state)", "orders_user ON orders (user_id)")

    differences = cut(BEFORE, new)

    assert _ups(differences) == [
        [
            "DROP INDEX CONCURRENTLY orders_state",
            "CREATE INDEX CONCURRENTLY orders_user ON orders (user_id)",
        ]
    ]
    assert _downs(differences) == [
        [
            "DROP INDEX CONCURRENTLY orders_user",
            "CREATE INDEX CONCURRENTLY orders_state ON orders (state)",
        ]
    ]
    assert not differences[0].transactional
    assert [hazard.kind for hazard in differences[0].hazards] == ["not in a transaction"]


def test_constraints_are_checked_after_they_are_added(cut: Cut) -> None:
    new = BEFORE + (
        "ALTER TABLE orders ADD CONSTRAINT o_user FOREIGN KEY (user_id) REFERENCES users;"
        "ALTER TABLE orders ADD CONSTRAINT o_state CHECK (state <> '');"
        "COMMENT ON CONSTRAINT o_state ON orders IS 'not empty';"
    )

    differences = cut(BEFORE, new)

    first, second = _ups(differences)
    assert first == [
        "ALTER TABLE orders ADD CONSTRAINT o_state CHECK (state <> '') NOT VALID",
        "COMMENT ON CONSTRAINT o_state ON orders IS 'not empty'",
        "ALTER TABLE orders ADD CONSTRAINT o_user FOREIGN KEY (user_id) REFERENCES users NOT VALID",
    ]
    assert second == [
        "ALTER TABLE orders VALIDATE CONSTRAINT o_state",
        "ALTER TABLE orders VALIDATE CONSTRAINT o_user",
    ]
    assert [one.transactional for one in differences] == [True, True]
    assert differences[0].hazards == ()
    assert {hazard.kind for hazard in differences[1].hazards} == {"scans table", "may fail"}


def test_not_null_comes_by_a_check_that_was_validated(cut: Cut) -> None:
    new = BEFORE.replace("name text,", "name text NOT NULL,")

    differences = cut(BEFORE, new)

    assert _ups(differences) == [
        [
            "ALTER TABLE users ADD CONSTRAINT users_name__not_null"
            " CHECK (name IS NOT NULL) NOT VALID"
        ],
        [
            "ALTER TABLE users VALIDATE CONSTRAINT users_name__not_null",
            "ALTER TABLE users ALTER COLUMN name SET NOT NULL",
            "ALTER TABLE users DROP CONSTRAINT users_name__not_null",
        ],
    ]


@pytest.mark.parametrize(
    ("key", "index", "attach"),
    [
        (
            "UNIQUE (mail)",
            "(mail)",
            "UNIQUE USING INDEX k",
        ),
        (
            "UNIQUE (mail, name) INCLUDE (id) WITH (fillfactor=70) DEFERRABLE INITIALLY DEFERRED",
            "(mail, name) INCLUDE (id) WITH (fillfactor=70)",
            "UNIQUE USING INDEX k DEFERRABLE INITIALLY DEFERRED",
        ),
    ],
    ids=["plain", "with everything"],
)
def test_a_unique_constraint_is_made_of_an_index(
    cut: Cut, key: str, index: str, attach: str
) -> None:
    differences = cut(BEFORE, BEFORE + f"ALTER TABLE users ADD CONSTRAINT k {key};")

    assert _ups(differences) == [
        [f"CREATE UNIQUE INDEX CONCURRENTLY k ON users {index}"],
        [f"ALTER TABLE users ADD CONSTRAINT k {attach}"],
    ]
    assert [one.transactional for one in differences] == [False, True]


@pytest.mark.pg(">= 15")
def test_a_unique_constraint_keeps_what_it_says_of_nulls(cut: Cut) -> None:
    differences = cut(
        BEFORE, BEFORE + "ALTER TABLE users ADD CONSTRAINT k UNIQUE NULLS NOT DISTINCT (mail);"
    )

    assert _ups(differences)[0] == [
        "CREATE UNIQUE INDEX CONCURRENTLY k ON users (mail) NULLS NOT DISTINCT"
    ]


def test_a_primary_key_waits_for_its_columns_to_be_not_null(cut: Cut) -> None:
    differences = cut(BEFORE, BEFORE + "ALTER TABLE orders ADD CONSTRAINT k PRIMARY KEY (id);")

    texts = [text for up in _ups(differences) for text in up]
    assert texts.index("ALTER TABLE orders ALTER COLUMN id SET NOT NULL") < texts.index(
        "ALTER TABLE orders ADD CONSTRAINT k PRIMARY KEY USING INDEX k"
    )


def test_a_foreign_key_waits_for_the_key_it_refers_to(cut: Cut) -> None:
    new = BEFORE + (
        "ALTER TABLE users ADD CONSTRAINT k UNIQUE (mail);"
        "ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (state) REFERENCES users (mail) NOT VALID;"
    )

    texts = [text for up in _ups(cut(BEFORE, new)) for text in up]

    assert texts == [
        "CREATE UNIQUE INDEX CONCURRENTLY k ON users (mail)",
        "ALTER TABLE users ADD CONSTRAINT k UNIQUE USING INDEX k",
        "ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (state) REFERENCES users (mail) NOT VALID",
    ]


def test_values_of_an_enum_are_committed_before_they_are_used(cut: Cut) -> None:
    old = "CREATE TYPE s AS ENUM ('a'); CREATE TABLE t (s s);"
    new = "CREATE TYPE s AS ENUM ('a', 'b'); CREATE TABLE t (s s DEFAULT 'b');"

    differences = cut(old, new)

    assert _ups(differences) == [
        ["ALTER TYPE s ADD VALUE 'b'"],
        ["ALTER TABLE t ALTER COLUMN s SET DEFAULT 'b'::public.s"],
    ]


def test_what_is_new_is_made_as_usual(cut: Cut) -> None:
    new = BEFORE + (
        "CREATE TABLE items (id int PRIMARY KEY, o int CHECK (o > 0), u int REFERENCES users);"
        "CREATE INDEX items_o ON items (o);"
        "CREATE MATERIALIZED VIEW m AS SELECT 1 AS x;"
        "CREATE UNIQUE INDEX m_x ON m (x);"
    )

    differences = cut(BEFORE, new)

    assert len(differences) == 1
    assert differences[0].transactional


def test_a_column_with_constraints_is_added_before_they_are(cut: Cut) -> None:
    new = BEFORE.replace("state text)", "state text, boss int UNIQUE REFERENCES users)")

    differences = cut(BEFORE, new.replace("(1, 1, 'new')", "(1, 1, 'new', 1)"))

    texts = [text for up in _ups(differences) for text in up]
    assert texts[0] == "ALTER TABLE orders ADD COLUMN boss integer"
    assert any("UNIQUE INDEX CONCURRENTLY" in text for text in texts)
    assert any(text.endswith("NOT VALID") for text in texts)


def test_partitioned_tables_are_changed_as_they_can_be(cut: Cut) -> None:
    old = """
    CREATE TABLE users (id int PRIMARY KEY);
    CREATE TABLE events (id int, at date NOT NULL) PARTITION BY RANGE (at);
    CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
    """
    new = old + (
        "CREATE INDEX events_at ON events (at);"
        "ALTER TABLE events ADD CONSTRAINT k UNIQUE (id, at);"
        "ALTER TABLE events ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES users;"
        "ALTER TABLE events ADD CONSTRAINT c CHECK (id > 0);"
    )

    texts = [text for up in _ups(cut(old, new)) for text in up]

    assert not any("CONCURRENTLY" in text for text in texts)
    assert "ALTER TABLE events ADD CONSTRAINT c CHECK (id > 0) NOT VALID" in texts


def test_renames_come_first(cut: Cut) -> None:
    new = """
    CREATE TABLE accounts (id int PRIMARY KEY, name text, mail text);
    CREATE TABLE orders (id int, user_id int, state text);
    CREATE INDEX orders_state ON orders (state);
    CREATE INDEX accounts_mail ON accounts (mail);
    """

    differences = cut(BEFORE, new, "users=accounts")

    assert _ups(differences) == [
        [
            "ALTER TABLE users RENAME TO accounts",
            "ALTER TABLE accounts RENAME CONSTRAINT users_pkey TO accounts_pkey",
        ],
        ["CREATE INDEX CONCURRENTLY accounts_mail ON accounts (mail)"],
    ]
    assert _downs(differences)[0] == [
        "ALTER TABLE accounts RENAME CONSTRAINT accounts_pkey TO users_pkey",
        "ALTER TABLE accounts RENAME TO users",
    ]


def test_all_at_once_goes_both_ways(cut: Cut) -> None:
    new = """
    CREATE TYPE state AS ENUM ('new', 'old');
    CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL, mail text UNIQUE);
    CREATE TABLE orders (
        id int PRIMARY KEY, user_id int NOT NULL REFERENCES users, state text, s state,
        CONSTRAINT o_state CHECK (state <> '')
    );
    CREATE INDEX orders_user ON orders (user_id);
    COMMENT ON INDEX orders_user IS 'by user';
    CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM users';
    CREATE VIEW v AS SELECT u.*, count(*) AS n FROM users u JOIN orders o ON o.user_id = u.id
        GROUP BY u.id;
    """

    differences = cut(BEFORE, new)

    assert len(differences) > 1


def test_nothing_is_nothing(cut: Cut) -> None:
    (difference,) = cut(BEFORE, BEFORE)

    assert difference.is_empty
