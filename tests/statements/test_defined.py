from __future__ import annotations

import pytest

from confiture_core.statements import DefinedObject, defined_object, split_statements


def defined(sql: str) -> DefinedObject | None:
    (statement,) = split_statements(sql)
    return defined_object(statement)


@pytest.mark.parametrize(
    ("sql", "kind", "schema", "name"),
    [
        ("CREATE TABLE s.t (a int)", "table", "s", "t"),
        ("CREATE TABLE p PARTITION OF t DEFAULT", "table", None, "p"),
        ("CREATE TABLE t AS SELECT 1", "table", None, "t"),
        ("SELECT 1 AS a INTO s.t", "table", "s", "t"),
        ("CREATE FOREIGN TABLE s.t (a int) SERVER x", "foreign table", "s", "t"),
        ("CREATE MATERIALIZED VIEW v AS SELECT 1", "materialized view", None, "v"),
        ("CREATE OR REPLACE VIEW s.v AS SELECT 1", "view", "s", "v"),
        ("CREATE RECURSIVE VIEW v (a) AS SELECT 1", "view", None, "v"),
        ("CREATE SEQUENCE s.q", "sequence", "s", "q"),
        ("CREATE TYPE s.t AS (a int)", "type", "s", "t"),
        ("CREATE TYPE t AS ENUM ('a')", "type", None, "t"),
        ("CREATE TYPE t AS RANGE (subtype = int)", "type", None, "t"),
        ("CREATE TYPE t", "type", None, "t"),
        ("CREATE DOMAIN s.d AS int", "domain", "s", "d"),
        ("CREATE SCHEMA s", "schema", None, "s"),
        ("CREATE SCHEMA AUTHORIZATION app", "schema", None, "app"),
        ("CREATE EXTENSION IF NOT EXISTS citext", "extension", None, "citext"),
        ("CREATE EVENT TRIGGER e ON sql_drop EXECUTE FUNCTION f()", "event trigger", None, "e"),
        ("CREATE COLLATION s.c (locale = 'C')", "collation", "s", "c"),
        ("CREATE STATISTICS s.st ON a, b FROM t", "statistics", "s", "st"),
        ("CREATE TEXT SEARCH PARSER c (START = f)", "text search parser", None, "c"),
        ("CREATE CAST (int AS s.t) WITH INOUT", "cast", None, "int4 as s.t"),
        ("CREATE PUBLICATION p", "publication", None, "p"),
        ("CREATE SERVER x FOREIGN DATA WRAPPER f", "server", None, "x"),
        ("CREATE USER MAPPING FOR a SERVER x", "user mapping", None, "a on x"),
        ("CREATE USER MAPPING FOR PUBLIC SERVER x", "user mapping", None, "public on x"),
        ("CREATE ROLE a", "role", None, "a"),
    ],
)  # fmt: skip
def test_a_create_statement_names_its_object(
    sql: str, kind: str, schema: str | None, name: str | None
):
    assert defined(sql) == DefinedObject(kind=kind, schema=schema, name=name)


@pytest.mark.parametrize(
    ("sql", "kind", "name", "relation"),
    [
        ("CREATE INDEX i ON s.t (a)", "index", "i", ("s", "t")),
        ("CREATE INDEX ON t (a)", "index", None, (None, "t")),
        (
            "CREATE TRIGGER g AFTER INSERT ON s.t EXECUTE FUNCTION f()",
            "trigger",
            "g",
            ("s", "t"),
        ),
        ("CREATE POLICY p ON t USING (true)", "policy", "p", (None, "t")),
        ("CREATE RULE r AS ON INSERT TO t DO INSTEAD NOTHING", "rule", "r", (None, "t")),
    ],
)
def test_an_object_of_a_table_names_the_table(
    sql: str, kind: str, name: str | None, relation: tuple[str | None, str]
):
    assert defined(sql) == DefinedObject(kind=kind, name=name, relation=relation)


@pytest.mark.parametrize(
    ("sql", "kind", "arguments"),
    [
        (
            "CREATE FUNCTION f(a integer, OUT b text, INOUT c s.t, VARIADIC d varchar(3)[]) "
            "LANGUAGE sql AS ''",
            "function",
            ("int4", "s.t", "varchar[]"),
        ),
        ("CREATE FUNCTION f() RETURNS TABLE (a int) LANGUAGE sql AS ''", "function", ()),
        ("CREATE PROCEDURE f(bigint) LANGUAGE sql AS ''", "procedure", ("int8",)),
        ("CREATE AGGREGATE f(int) (SFUNC = a, STYPE = int)", "aggregate", ("int4",)),
        ("CREATE AGGREGATE f(*) (SFUNC = a, STYPE = int)", "aggregate", ()),
        (
            "CREATE OPERATOR f (LEFTARG = int, RIGHTARG = t, FUNCTION = g)".replace("f ", "=== "),
            "operator",
            ("int4", "t"),
        ),
    ],
)
def test_routines_are_told_apart_by_their_input_types(
    sql: str, kind: str, arguments: tuple[str, ...]
):
    found = defined(sql)

    assert found is not None
    assert (found.kind, found.arguments) == (kind, arguments)


def test_a_statement_that_creates_nothing_defines_nothing():
    assert defined("ALTER TABLE t ADD COLUMN a int") is None
    assert defined("SELECT 1") is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("CREATE TABLE t (a int)", "CREATE VIEW public.t AS SELECT 1", True),
        ("CREATE INDEX t ON s.x (a)", "CREATE TABLE s.t (a int)", True),
        ("CREATE INDEX t ON s.x (a)", "CREATE TABLE t (a int)", False),
        ("CREATE DOMAIN t AS int", "CREATE TYPE t AS ENUM ()", True),
        (
            "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS ''",
            "CREATE PROCEDURE f(integer) LANGUAGE sql AS ''",
            True,
        ),
        (
            "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS ''",
            "CREATE FUNCTION f(text) RETURNS int LANGUAGE sql AS ''",
            False,
        ),
        ("CREATE POLICY p ON t USING (true)", "CREATE POLICY p ON u USING (true)", False),
    ],
)
def test_identity_is_what_no_two_objects_share(one: str, other: str, same: bool):
    first, second = defined(one), defined(other)

    assert first is not None
    assert second is not None
    assert (first.identity == second.identity) is same
