"""Names and types as PostgreSQL writes them, beside the author's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pglast import parse_sql

from confiture_core.diff.words.generated import checked_column, column_addition, numbered_name
from confiture_core.diff.words.type_names import may_be, split_signature

if TYPE_CHECKING:
    import psycopg


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("t", "c"),
        ("t" * 60, "c"),
        ("t", "c" * 60),
        ("t" * 40, "c" * 40),
        ("ü" * 25, "ö" * 20),
        ("t" * 63, "ö" * 31),
    ],
)
def test_a_generated_name_is_the_one_that_postgresql_gives(
    table: str, column: str, database: psycopg.Connection[Any]
) -> None:
    database.execute(f'create table "{table}" ("{column}" int check ("{column}" > 0) unique)')

    names = database.execute(
        "select conname from pg_constraint where conrelid <> 0 and conname ~ '(check|key)$'"
        " and conrelid::regclass::text !~ '^pg_|^information_schema' order by contype"
    ).fetchall()

    assert names == [
        (numbered_name(table, column, "check"),),
        (numbered_name(table, column_addition([column]), "key"),),
    ]


def test_a_further_name_has_a_number() -> None:
    assert numbered_name("t", "c", "check", 2) == "t_c_check2"
    assert numbered_name("t", None, "pkey") == "t_pkey"


@pytest.mark.parametrize(
    ("expression", "column"),
    [
        ("a > 0", "a"),
        ("a > 0 AND t.a < 9", "a"),
        ("a > b", None),
        ("true", None),
        ("f(a, 'b')", "a"),
    ],
)
def test_a_check_is_named_after_its_only_column(expression: str, column: str | None) -> None:
    [statement] = parse_sql(f"SELECT {expression}")

    assert checked_column(statement.stmt.targetList[0].val) == column  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("int", "integer"),
        ("pg_catalog.int4", "integer"),
        ("bigserial", "bigint"),
        ("decimal(5)", "numeric(5,0)"),
        ("varchar(20)[]", "character varying(20)[]"),
        ("timestamp(3)", "timestamp(3) without time zone"),
        ("time with time zone", "time with time zone"),
        ("interval day to second", "interval day to second"),
        ('"char"', '"char"'),
        ("char", "character(1)"),
        ("json", "json"),
        ("citext", "public.citext"),
        ("geometry(Point, 4326)", "public.geometry(Point,4326)"),
        ('app."Mood"', 'app."Mood"'),
        ("_int4", "integer[]"),
        ("t.c%TYPE", "anything"),
    ],
)
def test_a_type_may_be_the_one_of_the_catalog(written: str, text: str) -> None:
    assert may_be(_type(written), text)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("int", "bigint"),
        ("int", "integer[]"),
        ("int[]", "integer"),
        ("char", '"char"'),
        ("app.mood", "public.mood"),
        ("mood", 'public."Mood"'),
        ("app.integer", "integer"),
    ],
)
def test_a_type_is_told_from_another(written: str, text: str) -> None:
    assert not may_be(_type(written), text)


@pytest.mark.parametrize(
    ("signature", "name", "types"),
    [
        ("f()", "f", ()),
        ("f(*)", "f", ()),
        ("f(integer, timestamp with time zone)", "f", ("integer", "timestamp with time zone")),
        ('"Odd (""n"(public."a, b")', '"Odd (""n"', ('public."a, b"',)),
    ],
)
def test_a_signature_is_split(signature: str, name: str, types: tuple[str, ...]) -> None:
    assert split_signature(signature) == (name, types)


def _type(written: str) -> object:
    if written.endswith("%TYPE"):
        [statement] = parse_sql(f"CREATE FUNCTION f({written}) RETURNS int LANGUAGE sql AS ''")
        return statement.stmt.parameters[0].argType  # type: ignore[union-attr]
    [statement] = parse_sql(f"CREATE TABLE t (c {written})")
    return statement.stmt.tableElts[0].typeName  # type: ignore[union-attr]
