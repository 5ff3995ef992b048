"""The author's words for objects of small catalogs."""

from __future__ import annotations

import textwrap

import pytest

from confiture_core.catalog.model import (
    Catalog,
    Column,
    Constraint,
    Default,
    Identity,
    Index,
    Object,
    Routine,
    Sequence,
    Table,
    View,
)
from confiture_core.diff.words import Words, column_words, find_words
from confiture_core.statements import split_statements

USERS = Identity(kind="table", schema="public", name="users")

GUIDE = """\
-- Users table
CREATE TABLE users (
    id SERIAL PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL UNIQUE,
    bio TEXT,  -- NEW COLUMN
    created_at TIMESTAMP DEFAULT NOW()
);

CREATE INDEX idx_users_username ON users(username);
CREATE INDEX idx_users_email ON users(email);
"""


def identity(kind: str, name: str, member: str = "", schema: str = "public") -> Identity:
    return Identity(kind=kind, schema=schema, name=name, member=member)


def column(table: str, name: str, type_: str = "integer", **facts: bool | str) -> Column:
    return Column(identity=identity("column", table, name), type=type_, position=1, **facts)  # type: ignore[arg-type]


def default(table: str, name: str, expression: str) -> Default:
    return Default(identity=identity("default", table, name), expression=expression)


def constraint(table: str, name: str, type_: str, *columns: str) -> Constraint:
    return Constraint(
        identity=identity("constraint", table, name), type=type_, definition="…", columns=columns
    )


def table(name: str, schema: str = "public") -> Table:
    return Table(identity=identity("table", name, schema=schema))


def index(name: str, on: str) -> Index:
    return Index(
        identity=identity("index", name), table=identity("table", on), definition="CREATE INDEX …"
    )


def view(name: str) -> View:
    return View(identity=identity("view", name), query="SELECT 1")


def function(signature: str, schema: str = "public") -> Routine:
    return Routine(
        identity=identity("function", signature, schema=schema),
        definition="…",
        result="integer",
        arguments="",
        language="sql",
    )


def serial(table: str, name: str) -> tuple[Object, Object]:
    sequence = f"{table}_{name}_seq"
    owner = identity("column", table, name)
    return default(table, name, f"nextval('{sequence}'::regclass)"), Sequence(
        identity=identity("sequence", sequence),
        type="integer",
        start=1,
        increment=1,
        minimum=1,
        maximum=2147483647,
        cache=1,
        cycle=False,
        owned_by=owner,
    )


def catalog(*objects: Object) -> Catalog:
    return Catalog(objects={item.identity: item for item in objects})


def found(text: str, *objects: Object, shown: str = "a.sql") -> dict[Identity, Words]:
    return find_words(split_statements(text, shown=shown), catalog(*objects))


def found_columns(text: str, *objects: Object) -> dict[str, str]:
    words = column_words(split_statements(text), catalog(*objects))
    return {identity.member: quoted.sql for identity, quoted in words.items()}


@pytest.fixture
def guide() -> Catalog:
    return catalog(
        table("users"),
        column("users", "id", not_null=True),
        *serial("users", "id"),
        column("users", "username", "text", not_null=True),
        column("users", "email", "text", not_null=True),
        column("users", "bio", "text"),
        column("users", "created_at", "timestamp without time zone"),
        default("users", "created_at", "now()"),
        constraint("users", "users_pkey", "p", "id"),
        constraint("users", "users_username_key", "u", "username"),
        constraint("users", "users_email_key", "u", "email"),
        index("idx_users_username", "users"),
        index("idx_users_email", "users"),
    )


def test_the_guides_table_is_quoted_with_all_that_it_makes(guide: Catalog) -> None:
    words = find_words(split_statements(GUIDE, shown="users.sql"), guide)

    [created, *indexes] = GUIDE.partition("\n")[2].split(";\n")
    quoted = words[USERS]
    assert quoted.sql == created
    assert (quoted.shown, quoted.line) == ("users.sql", 2)
    made_apart = {identity("index", "idx_users_username"), identity("index", "idx_users_email")}
    owner = identity("sequence owner", "users_id_seq")
    assert quoted.covers == {*guide.objects, owner} - made_apart
    assert words[identity("index", "idx_users_email")].sql == indexes[1].strip()
    assert words.keys() == {USERS, *made_apart}


def test_the_guides_new_column_is_quoted_without_the_comment_after_it(guide: Catalog) -> None:
    words = column_words(split_statements(GUIDE), guide)

    bio = identity("column", "users", "bio")
    assert words[bio] == Words(sql="bio TEXT", covers=frozenset({bio}), shown=None, line=6)
    username = words[identity("column", "users", "username")]
    assert username.sql == "username TEXT NOT NULL UNIQUE"
    assert identity("constraint", "users", "users_username_key") in username.covers
    assert words[identity("column", "users", "id")].covers == {
        identity("column", "users", "id"),
        identity("constraint", "users", "users_pkey"),
        identity("default", "users", "id"),
        identity("sequence", "users_id_seq"),
        identity("sequence owner", "users_id_seq"),
    }


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("CREATE TABLE IF NOT EXISTS users (id int)", "CREATE TABLE users (id int)"),
        ("create table If /**/ Not Exists users (id int)", "create table users (id int)"),
        ("CREATE TABLE users (id int) -- why\n", "CREATE TABLE users (id int)"),
        (
            "CREATE TABLE users ( -- it's\r\n  id int\r\n)",
            "CREATE TABLE users ( -- it's\n  id int\n)",
        ),
        ("  CREATE TABLE users (\n    id int\n  );", "CREATE TABLE users (\n  id int\n)"),
    ],
    ids=["if-not-exists", "with-a-comment-between", "trailing-comment", "crlf", "indented"],
)
def test_a_table_is_quoted_tidied(text: str, quoted: str) -> None:
    assert found(text, table("users"), column("users", "id"))[USERS].sql == quoted


@pytest.mark.parametrize(
    "text",
    [
        "CREATE TABLE users (id int, other int)",
        "CREATE TABLE users ()",
        "CREATE TABLE users (id text)",
        "CREATE TABLE users (id int NOT NULL)",
        "CREATE TABLE users (id int DEFAULT 1)",
        "CREATE TABLE users (id int UNIQUE)",
        "CREATE TABLE users (id int GENERATED ALWAYS AS IDENTITY)",
        "CREATE TABLE users (LIKE other)",
        "CREATE TABLE users (id int) PARTITION BY LIST (id)",
        "CREATE TABLE users PARTITION OF other DEFAULT",
        "CREATE TABLE users (id int) INHERITS (other)",
        "CREATE UNLOGGED TABLE users (id int)",
        "CREATE TEMP TABLE users (id int)",
        "CREATE TABLE users AS SELECT 1 AS id",
        "CREATE TABLE app.users (id int)",
        "CREATE TABLE users (id int); ALTER TABLE users SET (fillfactor = 70)",
        "CREATE TABLE users (id int); ALTER TABLE users ALTER id SET DEFAULT 1",
        "CREATE TABLE users (id int); DROP TABLE IF EXISTS users CASCADE",
        "CREATE TABLE users (id int); DROP SCHEMA public CASCADE",
        "CREATE TABLE users (id int); ALTER TABLE other RENAME TO users",
    ],
)
def test_a_table_that_is_not_what_the_statement_says_has_no_words(text: str) -> None:
    assert USERS not in found(text, table("users"), column("users", "id"))


@pytest.mark.parametrize(
    "after",
    [
        "ALTER TABLE users OWNER TO somebody",
        "ALTER TABLE users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
        "ALTER TABLE users DROP CONSTRAINT IF EXISTS users_id_check",
        "ALTER TABLE users ADD COLUMN gone int; ALTER TABLE users DROP COLUMN gone",
        "ALTER TABLE users REPLICA IDENTITY FULL",
        "COMMENT ON TABLE users IS ''",
        "GRANT SELECT ON users TO public",
        "CREATE INDEX ON users (id)",
        "ALTER TABLE app.users ALTER id SET DEFAULT 1",
        "DROP TABLE app.users",
    ],
)
def test_what_has_a_statement_of_its_own_leaves_the_words_of_a_table(after: str) -> None:
    text = f"CREATE TABLE users (id int); {after};"

    assert USERS in found(text, table("users"), column("users", "id"), table("users", "app"))


def test_dropped_and_made_again_a_table_has_the_last_words() -> None:
    text = "CREATE TABLE users (id  int); DROP TABLE users; CREATE TABLE users (id int)"

    assert found(text, table("users"), column("users", "id"))[USERS].sql.endswith("(id int)")


def test_made_only_if_it_is_not_there_a_table_keeps_the_first_words() -> None:
    text = "CREATE TABLE users (id  int); CREATE TABLE IF NOT EXISTS users (id int)"

    assert found(text, table("users"), column("users", "id"))[USERS].sql.endswith("(id  int)")


@pytest.mark.parametrize(
    ("before", "is_quoted"),
    [
        ("SET search_path TO app", False),
        ("SET search_path TO app, public", False),
        ("SET LOCAL search_path TO app", False),
        ("SELECT set_config('search_path', 'app', false)", False),
        ("SELECT set_config(name, '', false) FROM settings WHERE name = 'search_path'", False),
        ("SET search_path TO public", True),
        ("""SET search_path TO "$user", public""", True),
        ("SET search_path TO app; RESET search_path", True),
        ("SET search_path TO app; SET search_path TO DEFAULT", True),
        ("SET search_path TO app; DISCARD ALL", True),
        ("SET work_mem = '1MB'", True),
    ],
)
def test_unqualified_words_need_the_default_search_path(before: str, is_quoted: bool) -> None:
    text = f"{before}; CREATE TABLE users (id int)"

    objects = (table("users"), column("users", "id"), table("users", "app"))
    assert (USERS in found(text, *objects)) == is_quoted


@pytest.mark.parametrize(
    ("created", "is_quoted"),
    [
        ("CREATE TABLE public.users (id int)", True),
        ("CREATE TABLE public.users (id mood)", False),
        ("CREATE TABLE public.users (id app.mood)", True),
    ],
)
def test_on_another_search_path_all_names_must_be_qualified(created: str, is_quoted: bool) -> None:
    text = f"SET search_path TO app; {created}"

    type_ = "app.mood" if "mood" in created else "integer"
    assert (USERS in found(text, table("users"), column("users", "id", type_))) == is_quoted


def test_the_next_file_starts_with_the_default_search_path() -> None:
    statements = (
        *split_statements("SET search_path TO app", shown="a.sql"),
        *split_statements("CREATE TABLE users (id int)", shown="b.sql"),
    )

    words = find_words(statements, catalog(table("users"), column("users", "id")))

    assert words[USERS].shown == "b.sql"


def test_a_change_on_another_search_path_is_seen() -> None:
    text = (
        "CREATE TABLE users (id int); SET search_path TO app, public; ALTER TABLE users SET LOGGED"
    )

    assert USERS not in found(text, table("users"), column("users", "id"))


@pytest.mark.parametrize(
    ("created", "signature"),
    [
        ("CREATE FUNCTION f(int)", "f(integer)"),
        ("CREATE FUNCTION f(varchar)", "f(character varying)"),
        ("CREATE FUNCTION f(text[])", "f(text[])"),
        ("CREATE FUNCTION f(a timestamptz, OUT b int)", "f(timestamp with time zone)"),
        ("CREATE FUNCTION f(app.mood)", "f(app.mood)"),
        ('CREATE FUNCTION f("Mood")', 'f(public."Mood")'),
    ],
)
def test_overloads_are_told_apart_by_their_types(created: str, signature: str) -> None:
    overloads = [
        *("f(integer)", "f(character varying)", "f(text[])", "f(timestamp with time zone)"),
        *("f(app.mood)", "f(public.mood)", 'f(public."Mood")', "f()", "f(integer, integer)"),
    ]
    text = f"{created} RETURNS int LANGUAGE sql AS 'SELECT 1'"

    words = found(text, *(function(overload) for overload in overloads))

    assert words.keys() == {identity("function", signature)}


def test_an_overload_that_could_be_two_has_no_words() -> None:
    text = "CREATE FUNCTION f(mood) RETURNS int LANGUAGE sql AS 'SELECT 1'"

    assert not found(text, function("f(app.mood)"), function("f(public.mood)"))


def test_replaced_a_function_has_the_last_words() -> None:
    text = """
        CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS $$
          SELECT 2
        $$;
    """

    [words] = found(text, function("f()")).values()

    assert words.sql.startswith("CREATE OR REPLACE FUNCTION")
    assert words.sql.endswith("AS $$\n          SELECT 2\n        $$")
    assert words.line == 3


def test_a_line_ending_inside_a_body_is_kept() -> None:
    text = "CREATE FUNCTION f()\r\nRETURNS int LANGUAGE sql AS $$\r\nSELECT 1\r\n$$"

    [words] = found(text, function("f()")).values()

    assert words.sql == "CREATE FUNCTION f()\nRETURNS int LANGUAGE sql AS $$\r\nSELECT 1\r\n$$"


def test_an_index_is_quoted_without_concurrently() -> None:
    text = "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON users (id)"

    assert found(text, table("users"), index("i", "users"))[identity("index", "i")].sql == (
        "CREATE UNIQUE INDEX i ON users (id)"
    )


def test_an_unnamed_index_is_found_by_the_name_it_gets() -> None:
    text = "CREATE INDEX ON users (id, lower(note), (a + b)) INCLUDE (c)"

    made = index("users_id_lower_expr_c_idx", "users")
    assert made.identity in found(text, table("users"), made)


def test_constraints_added_together_are_quoted_each_by_itself() -> None:
    text = """\
ALTER TABLE IF EXISTS ONLY public.users
    ADD CONSTRAINT a CHECK (id IN (1, 2)), -- first
    ALTER COLUMN id SET STATISTICS 10,
    ADD PRIMARY KEY (id);
"""

    words = found(
        text,
        table("users"),
        column("users", "id", not_null=True),
        constraint("users", "a", "c", "id"),
        constraint("users", "users_pkey", "p", "id"),
    )

    head = "ALTER TABLE ONLY public.users\n    "
    assert {quoted.sql: quoted.line for quoted in words.values()} == {
        f"{head}ADD CONSTRAINT a CHECK (id IN (1, 2))": 2,
        f"{head}ADD PRIMARY KEY (id)": 4,
    }


def test_a_constraint_from_an_index_has_no_words() -> None:
    text = "ALTER TABLE users ADD CONSTRAINT c UNIQUE USING INDEX i"

    assert not found(text, table("users"), constraint("users", "c", "u", "id"))


def test_words_with_a_name_that_was_given_up_are_left_out() -> None:
    text = """
        CREATE VIEW v AS SELECT id FROM people;
        CREATE VIEW w AS SELECT id FROM users;
        ALTER TABLE people RENAME TO users;
    """

    assert found(text, table("users"), view("v"), view("w")).keys() == {identity("view", "w")}


def test_definitions_of_columns_are_cut_where_they_end() -> None:
    text = textwrap.dedent(
        """\
        CREATE TABLE "Größe" (
            "a,b" text DEFAULT 'it''s, (', /* don't, */
            n numeric(10, 2) -- isn't
                NOT NULL, -- why, though
            -- of the next
            note text DEFAULT 'two
                lines',c int[] CHECK (c[1] > 0 AND c <> ARRAY[1, 2]),
            CONSTRAINT x CHECK (n > 0)
        )
        """
    )
    name = "Größe"

    words = found_columns(
        text,
        table(name),
        column(name, "a,b", "text"),
        default(name, "a,b", "'it''s, ('::text"),
        column(name, "n", "numeric(10,2)", not_null=True),
        column(name, "note", "text"),
        default(name, "note", "…"),
        column(name, "c", "integer[]"),
        constraint(name, "Größe_c_check", "c", "c"),
    )

    assert words == {
        "a,b": "\"a,b\" text DEFAULT 'it''s, ('",
        "n": "n numeric(10, 2) -- isn't\n    NOT NULL",
        "note": "note text DEFAULT 'two\n        lines'",
        "c": "c int[] CHECK (c[1] > 0 AND c <> ARRAY[1, 2])",
    }


def test_an_added_column_is_quoted_from_its_name_on() -> None:
    text = "ALTER TABLE users ADD COLUMN IF NOT EXISTS bio text, ADD at date, ADD no int"

    words = found_columns(
        text,
        table("users"),
        *(column("users", *facts) for facts in (("bio", "text"), ("at", "date"))),
    )

    assert words == {"bio": "bio text", "at": "at date"}


@pytest.mark.parametrize(
    "after",
    [
        "ALTER TABLE users ALTER bio TYPE text",
        "ALTER TABLE users ALTER bio SET NOT NULL",
        "ALTER TABLE users ALTER bio SET STORAGE EXTERNAL",
    ],
)
def test_a_column_that_is_changed_later_has_no_words(after: str) -> None:
    text = f"CREATE TABLE users (id int, bio text); {after}"

    words = found_columns(
        text, table("users"), column("users", "id"), column("users", "bio", "text")
    )

    assert "bio" not in words
    assert "id" in words


def test_a_column_added_to_a_parent_covers_those_of_its_heirs() -> None:
    parent = identity("table", "base")
    heir = Table(identity=identity("table", "heir"), inherits=(parent,))
    inherited = column("heir", "x", is_local=False, is_inherited=True)

    words = column_words(
        split_statements("ALTER TABLE base ADD x int"),
        catalog(table("base"), column("base", "x"), heir, inherited),
    )

    assert words[identity("column", "base", "x")].covers == {
        identity("column", "base", "x"),
        identity("column", "heir", "x"),
    }
