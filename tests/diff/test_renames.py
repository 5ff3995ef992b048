"""Renames: given, told of by comments, confirmed, or of nothing but a name.

The law is that of all differences; here the rows of what was renamed must still be there too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from confiture_core.diff.rename_requests import RenameRequest, parse_request
from confiture_core.difference import Difference, between
from confiture_core.errors import ConfigError, SqlError
from confiture_core.factory.databases import connect
from confiture_core.renaming import Renames

if TYPE_CHECKING:
    from collections.abc import Callable

    from confiture_core.diff.renames import Rename
    from confiture_core.proof import State
    from confiture_core.renaming import RenameQuestion

    Differ = Callable[..., Difference]
    Law = Any  # of conftest.py, which cannot be imported

USERS = """
CREATE TABLE users (
    id SERIAL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);
CREATE INDEX idx_users_name ON users (lower(name));
CREATE VIEW names AS SELECT id, name FROM users;
"""


def _texts(difference: Difference) -> list[str]:
    """Return the steps up, without those for the names of NOT NULL, which PostgreSQL 18 has."""
    texts = (step.sql for step in difference.up.steps)
    return [text for text in texts if "_not_null TO " not in text]


def _hazards(difference: Difference) -> list[str]:
    return [hazard.kind for hazard in difference.hazards]


@pytest.fixture
def differ(law: Law) -> Differ:
    """Find the difference of two texts, judge it, and return it."""

    def find(
        old: str, new: str, *renames: str, question: RenameQuestion | None = None
    ) -> Difference:
        before, after = law.state(old, "old.sql"), law.state(new, "new.sql")
        said = Renames(requests=tuple(map(parse_request, renames)), question=question)
        difference = between(before, after, law.shadows, renames=said)
        if any("RENAME VALUE" in text or "__renamed" in text for text in _texts(difference)):
            _check_schema(law, before, after, difference)
        else:
            law.check(old, new, difference)
        return difference

    return find


def _check_schema(law: Law, old: State, new: State, difference: Difference) -> None:
    """Judge the schema alone: values that have other names now are no law's."""
    database = law.shadows.make(template=old.database)
    for plan, goal in ((difference.up, new), (difference.down, old)):
        with connect(law.server, database) as connection, connection.transaction():
            for step in plan.steps:
                connection.execute(step.sql.encode())
        law.same(database, goal.database)


def test_a_column_keeps_its_values_under_another_name(law: Law) -> None:
    old = law.state("CREATE TABLE users (id int PRIMARY KEY, name text);", "old.sql")
    new = law.state("CREATE TABLE users (id int PRIMARY KEY, full_name text);", "new.sql")
    said = Renames(requests=(parse_request("users.name=users.full_name"),))

    difference = between(old, new, law.shadows, renames=said)

    assert _texts(difference) == ["ALTER TABLE users RENAME COLUMN name TO full_name"]
    assert [step.sql for step in difference.down.steps] == [
        "ALTER TABLE users RENAME COLUMN full_name TO name"
    ]
    assert difference.hazards == ()
    with connect(law.server, old.database) as connection:
        connection.execute("insert into users values (1, 'Ada')")
        for step in difference.up.steps:
            connection.execute(step.sql.encode())
        rows = connection.execute("select full_name from users").fetchall()
        for step in difference.down.steps:
            connection.execute(step.sql.encode())
        assert rows == connection.execute("select name from users").fetchall() == [("Ada",)]


def test_a_table_takes_what_is_named_after_it_along(differ: Differ) -> None:
    new = USERS.replace("users", "accounts")

    difference = differ(USERS, new, "users=accounts")

    assert _texts(difference) == [
        "ALTER TABLE users RENAME TO accounts",
        "ALTER INDEX idx_users_name RENAME TO idx_accounts_name",
        "ALTER SEQUENCE users_id_seq RENAME TO accounts_id_seq",
        "ALTER TABLE accounts RENAME CONSTRAINT users_name_key TO accounts_name_key",
        "ALTER TABLE accounts RENAME CONSTRAINT users_pkey TO accounts_pkey",
    ]
    assert difference.hazards == ()


def test_a_column_of_a_renamed_table_is_renamed_and_changed(differ: Differ) -> None:
    new = """
    CREATE TABLE accounts (
        id SERIAL PRIMARY KEY,
        full_name VARCHAR(200) NOT NULL UNIQUE,
        bio TEXT
    );
    """

    difference = differ(USERS, new, "users=accounts", "users.name=full_name")

    texts = _texts(difference)
    assert texts[:2] == [
        "ALTER TABLE users RENAME TO accounts",
        "ALTER TABLE accounts RENAME COLUMN name TO full_name",
    ]
    assert "ALTER TABLE accounts ADD COLUMN bio TEXT" in texts
    assert "data lost" not in _hazards(difference)


def test_what_was_not_confirmed_is_dropped_and_noted(differ: Differ) -> None:
    difference = differ(
        "CREATE TABLE users (id int, name text);", "CREATE TABLE users (id int, full_name text);"
    )

    assert _hazards(difference) == ["data lost"]
    assert difference.notes == (
        "column users.name goes and users.full_name comes;"
        " if it was renamed: --rename users.name=users.full_name",
    )


def test_what_is_confirmed_is_renamed_level_by_level(differ: Differ) -> None:
    asked: list[str] = []

    def question(rename: Rename) -> bool:
        asked.append(rename.option)
        return True

    difference = differ(
        "CREATE TABLE users (id int, age int, mail text, name text);",
        "CREATE TABLE accounts (id int, age int, mail text, full_name text);",
        question=question,
    )

    assert asked == ["users=accounts", "accounts.name=accounts.full_name"]
    assert _texts(difference) == [
        "ALTER TABLE users RENAME TO accounts",
        "ALTER TABLE accounts RENAME COLUMN name TO full_name",
    ]
    assert difference.notes == ()


def test_after_a_no_the_next_likely_name_is_asked_for(differ: Differ) -> None:
    asked: list[str] = []

    def question(rename: Rename) -> bool:
        asked.append(rename.option)
        return rename.new.member == "label"

    difference = differ(
        "CREATE TABLE t (name text);",
        "CREATE TABLE t (names text, label text);",
        question=question,
    )

    assert asked == ["t.name=t.names", "t.name=t.label"]
    assert _texts(difference)[0] == "ALTER TABLE t RENAME COLUMN name TO label"


@pytest.mark.parametrize(
    ("old", "new", "rename", "steps"),
    [
        (
            "CREATE TYPE status AS ENUM ('actve', 'gone'); CREATE TABLE t (s status);",
            "CREATE TYPE status AS ENUM ('active', 'gone'); CREATE TABLE t (s status);",
            "status.actve=status.active",
            ["ALTER TYPE status RENAME VALUE 'actve' TO 'active'"],
        ),
        (
            "CREATE TYPE status AS ENUM ('In Progress'); CREATE TABLE t (s status);",
            "CREATE TYPE status AS ENUM ('it''s on'); CREATE TABLE t (s status);",
            "status.In Progress=status.'it''s on'",
            ["ALTER TYPE status RENAME VALUE 'In Progress' TO 'it''s on'"],
        ),
        (
            "CREATE TYPE mood AS ENUM ('a'); CREATE TABLE t (m mood DEFAULT 'a');"
            "CREATE FUNCTION f(mood) RETURNS int LANGUAGE sql AS 'SELECT 1';",
            "CREATE TYPE feeling AS ENUM ('a'); CREATE TABLE t (m feeling DEFAULT 'a');"
            "CREATE FUNCTION f(feeling) RETURNS int LANGUAGE sql AS 'SELECT 1';",
            "mood=feeling",
            ["ALTER TYPE mood RENAME TO feeling"],
        ),
        (
            "CREATE TYPE place AS (x int, y int); CREATE TABLE t (p place);",
            "CREATE TYPE place AS (x int, z int); CREATE TABLE t (p place);",
            "place.y=z",
            ["ALTER TYPE place RENAME ATTRIBUTE y TO z"],
        ),
        (
            "CREATE DOMAIN email AS text CONSTRAINT c CHECK (VALUE > ''); CREATE TABLE t (m email)",
            "CREATE DOMAIN mail AS text CONSTRAINT c CHECK (VALUE > ''); CREATE TABLE t (m mail)",
            "email=mail",
            ["ALTER DOMAIN email RENAME TO mail"],
        ),
        (
            "CREATE VIEW a AS SELECT 1 AS x; CREATE VIEW b AS SELECT x FROM a;",
            "CREATE VIEW c AS SELECT 1 AS x; CREATE VIEW b AS SELECT x FROM c;",
            "a=c",
            ["ALTER VIEW a RENAME TO c"],
        ),
        (
            "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t;",
            "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a AS b FROM t;",
            "v.a=v.b",
            ["ALTER VIEW v RENAME COLUMN a TO b"],
        ),
        (
            "CREATE MATERIALIZED VIEW a AS SELECT 1 AS x;",
            'CREATE MATERIALIZED VIEW "B" AS SELECT 1 AS x;',
            'a="B"',
            ['ALTER MATERIALIZED VIEW a RENAME TO "B"'],
        ),
        (
            "CREATE SEQUENCE a;",
            "CREATE SEQUENCE b;",
            "a=b",
            ["ALTER SEQUENCE a RENAME TO b"],
        ),
        (
            "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';"
            "CREATE FUNCTION f(a text) RETURNS int LANGUAGE sql AS 'SELECT 1';",
            "CREATE FUNCTION g(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';"
            "CREATE FUNCTION g(a text) RETURNS int LANGUAGE sql AS 'SELECT 1';",
            "f=g",
            [
                "ALTER FUNCTION f(integer) RENAME TO g",
                "ALTER FUNCTION f(text) RENAME TO g",
            ],
        ),
        (
            "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';"
            "CREATE FUNCTION f(a text) RETURNS int LANGUAGE sql AS 'SELECT 1';",
            "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';"
            "CREATE FUNCTION g(a text) RETURNS int LANGUAGE sql AS 'SELECT 1';",
            "f(text)=g",
            ["ALTER FUNCTION f(text) RENAME TO g"],
        ),
        (
            "CREATE SCHEMA app; CREATE TABLE app.t (a int); CREATE TYPE app.m AS ENUM ('a');"
            "CREATE FUNCTION app.f(app.m) RETURNS int LANGUAGE sql AS 'SELECT 1';",
            "CREATE SCHEMA core; CREATE TABLE core.t (a int); CREATE TYPE core.m AS ENUM ('a');"
            "CREATE FUNCTION core.f(core.m) RETURNS int LANGUAGE sql AS 'SELECT 1';",
            "app=core",
            ["ALTER SCHEMA app RENAME TO core"],
        ),
        (
            "CREATE SCHEMA app; CREATE TABLE users (a int);",
            "CREATE SCHEMA app; CREATE TABLE app.accounts (a int);",
            "users=app.accounts",
            [
                "ALTER TABLE users SET SCHEMA app",
                "ALTER TABLE app.users RENAME TO accounts",
            ],
        ),
        (
            "CREATE TABLE t (a int); CREATE POLICY p ON t;",
            "CREATE TABLE t (a int); CREATE POLICY q ON t;",
            "t.p=t.q",
            ["ALTER POLICY p ON t RENAME TO q"],
        ),
    ],
    ids=[
        "enum value",
        "quoted label",
        "enum",
        "attribute",
        "domain",
        "view",
        "column of a view",
        "materialized view",
        "sequence",
        "overloads",
        "one overload",
        "schema",
        "into a schema",
        "policy",
    ],
)
def test_kinds_are_renamed(
    differ: Differ, old: str, new: str, rename: str, steps: list[str]
) -> None:
    difference = differ(old, new, rename)

    assert _texts(difference) == steps
    assert (difference.hazards, difference.notes) == ((), ())


@pytest.mark.parametrize(
    ("old", "new", "step"),
    [
        (
            "CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0))",
            "CREATE TABLE t (a int CONSTRAINT d CHECK (a > 0))",
            "ALTER TABLE t RENAME CONSTRAINT c TO d",
        ),
        (
            "CREATE TABLE t (a int CONSTRAINT c PRIMARY KEY)",
            "CREATE TABLE t (a int CONSTRAINT d PRIMARY KEY)",
            "ALTER TABLE t RENAME CONSTRAINT c TO d",
        ),
        (
            "CREATE TABLE t (a int); CREATE INDEX i ON t (a) WHERE a > 1",
            "CREATE TABLE t (a int); CREATE INDEX j ON t (a) WHERE a > 1",
            "ALTER INDEX i RENAME TO j",
        ),
        (
            "CREATE DOMAIN d AS int CONSTRAINT a CHECK (VALUE > 0)",
            "CREATE DOMAIN d AS int CONSTRAINT b CHECK (VALUE > 0)",
            "ALTER DOMAIN d RENAME CONSTRAINT a TO b",
        ),
        (
            "CREATE TABLE t (a int); CREATE SEQUENCE s OWNED BY t.a",
            "CREATE TABLE t (a int); CREATE SEQUENCE u OWNED BY t.a",
            "ALTER SEQUENCE s RENAME TO u",
        ),
        pytest.param(
            "CREATE VIEW v AS SELECT 1 AS a, 2 AS b; CREATE VIEW w AS SELECT a FROM v",
            "CREATE VIEW v AS SELECT 1 AS x, 2 AS b; CREATE VIEW w AS SELECT x AS a FROM v",
            "ALTER VIEW v RENAME COLUMN a TO x",
            marks=pytest.mark.pg(">= 13"),
        ),
    ],
    ids=["check", "key", "index", "constraint of a domain", "sequence of a column", "view"],
)
def test_what_differs_in_its_name_alone_is_renamed(
    differ: Differ, old: str, new: str, step: str
) -> None:
    assert _texts(differ(old, new)) == [step]


def test_indexes_of_partitions_are_renamed_with_those_above(differ: Differ) -> None:
    old = """
    CREATE TABLE events (id int, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
    CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
    CREATE INDEX idx_events_at ON events (at);
    """

    difference = differ(old, old.replace("events", "logs"), "events=logs", "events_1=logs_1")

    assert all(" RENAME " in text for text in _texts(difference))
    assert difference.hazards == ()


def test_names_are_exchanged(differ: Differ) -> None:
    difference = differ(
        "CREATE TABLE t (a int, b text)",
        "CREATE TABLE t (b int, a text)",
        "t.a=t.b",
        "t.b=t.a",
    )

    assert _texts(difference) == [
        "ALTER TABLE t RENAME COLUMN a TO a__renamed",
        "ALTER TABLE t RENAME COLUMN b TO a",
        "ALTER TABLE t RENAME COLUMN a__renamed TO b",
    ]


def test_functions_that_speak_of_the_old_name_are_written_again(differ: Differ) -> None:
    old = (
        "CREATE TABLE users (id int);"
        "CREATE FUNCTION n() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM users';"
    )

    difference = differ(old, old.replace("users", "accounts"), "users=accounts")

    assert _texts(difference)[0] == "ALTER TABLE users RENAME TO accounts"
    assert "data lost" not in _hazards(difference)


COMMENTED = """
-- confiture: renamed from users
CREATE TABLE accounts (
    id INT PRIMARY KEY,
    full_name TEXT, -- confiture: renamed from name
    -- confiture: renamed from users.mail
    email TEXT
);
CREATE TYPE status AS ENUM ('active', -- confiture: renamed from actve
    'gone' /* confiture: renamed from left */);
CREATE FUNCTION g(int) RETURNS int LANGUAGE sql AS 'SELECT 1'; -- confiture: renamed from f
CREATE TABLE plain (a int, b int); -- nothing
ALTER TABLE plain ADD CONSTRAINT positive CHECK (a > 0); -- confiture: renamed from plain.pos
"""
BEFORE = """
CREATE TABLE users (id INT PRIMARY KEY, name TEXT, mail TEXT);
CREATE TYPE status AS ENUM ('actve', 'left');
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f(text) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION g(text) RETURNS int LANGUAGE sql AS 'SELECT 2';
CREATE TABLE plain (a int, b int, CONSTRAINT pos CHECK (a > 0 AND b > 0));
"""


def test_comments_in_a_schema_file_tell_of_renames(differ: Differ) -> None:
    difference = differ(BEFORE, COMMENTED)

    texts = _texts(difference)
    assert texts[:8] == [
        "ALTER TABLE users RENAME TO accounts",
        "ALTER FUNCTION f(integer) RENAME TO g",
        "ALTER TABLE accounts RENAME COLUMN mail TO email",
        "ALTER TABLE accounts RENAME COLUMN name TO full_name",
        "ALTER TABLE plain RENAME CONSTRAINT pos TO positive",
        "ALTER TYPE status RENAME VALUE 'actve' TO 'active'",
        "ALTER TYPE status RENAME VALUE 'left' TO 'gone'",
        "ALTER TABLE accounts RENAME CONSTRAINT users_pkey TO accounts_pkey",
    ]
    assert difference.notes == ()
    assert "data lost" not in _hazards(difference)


def test_comments_about_renames_that_were_made_are_passed_over(differ: Differ) -> None:
    difference = differ(COMMENTED, COMMENTED)

    assert (difference.is_empty, difference.notes) == (True, ())


def test_comments_are_passed_over_where_nothing_was_before(differ: Differ) -> None:
    difference = differ("", COMMENTED)

    assert not any("RENAME" in text for text in _texts(difference))
    assert difference.notes == ()


def test_a_comment_that_names_nothing_is_noted(differ: Differ) -> None:
    difference = differ(
        "CREATE TABLE t (a int);",
        "CREATE TABLE t (\n  a int,\n  c int -- confiture: renamed from t.b\n);",
    )

    assert difference.notes == (
        'new.sql:3: nothing is renamed from "t.b": there is none in the old state',
    )


def test_a_comment_at_nothing_with_a_name_is_refused(law: Law) -> None:
    with pytest.raises(SqlError, match=r"new.sql:1: .* stands at nothing that has a name"):
        law.state("SELECT 1; -- confiture: renamed from users", "new.sql")


@pytest.fixture
def states(law: Law) -> tuple[State, State]:
    old = "CREATE TABLE users (id int, name text); CREATE VIEW v AS SELECT 1 AS x;"
    new = "CREATE TABLE accounts (id int, full_name text); CREATE VIEW w AS SELECT 2 AS x;"
    both = (
        "CREATE TABLE here (id int); CREATE SCHEMA a; CREATE SCHEMA b;"
        "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';"
    )
    twice = ("CREATE TABLE a.old(i int); CREATE TABLE b.old(i int);", "CREATE TABLE a.new(i int);")
    return law.state(old + both + twice[0], "old.sql"), law.state(new + both + twice[1], "new.sql")


@pytest.mark.parametrize(
    ("renames", "message", "hint"),
    [
        (["usres=accounts"], 'there is no "usres" in the old state', None),
        (["users=acounts"], 'there is no "acounts" in the new state', None),
        (["users=w"], '"users" is a table, "w" a view', None),
        (["users=here"], "there is a table public.here in the old state already", None),
        (["here=here"], "the two names are the same", None),
        (["users=accounts", "users=accounts"], "table public.users is renamed twice", None),
        (
            ["users.name=accounts.full_name"],
            "a column cannot move from table public.users to table public.accounts",
            "--rename users=accounts",
        ),
        (["old=new"], "it can mean more than one object", "schema"),
        (["f(text)=f"], 'there is no "f(text)" in the old state', None),
    ],
    ids=[
        "old name",
        "new name",
        "kinds",
        "taken",
        "same",
        "twice",
        "holder",
        "ambiguous",
        "arguments",
    ],
)
def test_a_rename_that_does_not_fit_is_refused(
    law: Law, states: tuple[State, State], renames: list[str], message: str, hint: str | None
) -> None:
    said = Renames(requests=tuple(map(parse_request, renames)))

    with pytest.raises(ConfigError) as caught:
        between(*states, law.shadows, renames=said)

    assert message in caught.value.message
    assert (hint is None) or hint in (caught.value.hint or "")


@pytest.mark.parametrize("text", ["users", "users=", "=users", "a.b.c.d=e", "f(=g", "a=b=c"])
def test_a_request_that_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="not of the form OLD=NEW"):
        parse_request(text)


def test_a_request_keeps_what_was_written() -> None:
    assert parse_request('"A=b".c = "D"') == RenameRequest(old='"A=b".c', new='"D"')


@pytest.mark.parametrize(
    ("old", "new", "note"),
    [
        (
            "CREATE TABLE a (x int, y int, z int)",
            "CREATE TABLE b (x int, y int, z text)",
            "--rename a=b",
        ),
        (
            "CREATE TYPE a AS ENUM ('x', 'y')",
            "CREATE TYPE b AS ENUM ('x', 'y')",
            "--rename a=b",
        ),
        (
            "CREATE TYPE a AS ENUM ('x', 'y y', 'z')",
            "CREATE TYPE a AS ENUM ('x', 'w', 'z')",
            "--rename 'a.'\"'\"'y y'\"'\"'=a.w'",
        ),
        (
            "CREATE SCHEMA a; CREATE TABLE a.t (x int); CREATE TABLE a.u (x int)",
            "CREATE SCHEMA b; CREATE TABLE b.t (x int); CREATE TABLE b.u (x int)",
            "--rename a=b",
        ),
        (
            "CREATE TYPE a AS (x int); CREATE DOMAIN d AS int DEFAULT 1",
            "CREATE TYPE b AS (x int); CREATE DOMAIN d AS int DEFAULT 1",
            "--rename a=b",
        ),
        (
            "CREATE FUNCTION a() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "CREATE FUNCTION b() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "--rename 'a()=b()'",
        ),
        ("CREATE SEQUENCE a CACHE 7", "CREATE SEQUENCE b CACHE 7", "--rename a=b"),
        ("CREATE VIEW a AS SELECT 1 AS x", "CREATE VIEW b AS SELECT 1 AS x", "--rename a=b"),
        ("CREATE DOMAIN a AS int", "CREATE DOMAIN b AS int", "--rename a=b"),
    ],
    ids=[
        "table",
        "enum",
        "label",
        "schema",
        "composite type",
        "function",
        "sequence",
        "view",
        "domain",
    ],
)
def test_likely_renames_are_noted(differ: Differ, old: str, new: str, note: str) -> None:
    notes = differ(old, new).notes

    assert len(notes) == 1
    assert notes[0].endswith(note)


def test_what_has_little_in_common_is_not_noted(differ: Differ) -> None:
    difference = differ(
        "CREATE TABLE a (x int, y int); CREATE VIEW v AS SELECT 1 AS x;",
        "CREATE TABLE b (x int, z text); CREATE VIEW w AS SELECT 2 AS x;",
    )

    assert difference.notes == ()
