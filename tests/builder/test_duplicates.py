from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Refused

DUMP = """\
--
-- PostgreSQL database dump
--

\\restrict abc

SET statement_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);

CREATE TABLE public.users (
    id integer NOT NULL
);

\\unrestrict abc
"""


def test_an_object_in_two_files_names_both(refused: Refused):
    error = refused("CREATE TABLE t (a int);", "SELECT 1;\nCREATE VIEW public.t AS SELECT 1;")

    assert str(error) == 'b.sql:2: relation "t" already exists'
    assert error.detail == "first defined in a.sql:1"
    assert error.hint is None


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE TYPE t AS ENUM ('a')",
        "CREATE SCHEMA s",
        "CREATE INDEX i ON x (a)",
        "CREATE POLICY p ON x USING (true)",
        "CREATE TRIGGER g BEFORE UPDATE ON x EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    ],
)
def test_any_kind_of_object_names_both(refused: Refused, sql: str):
    error = refused("CREATE TABLE x (a int);\n" + sql, sql)

    assert "already exists" in error.message
    assert (error.path, error.detail) == ("b.sql", "first defined in a.sql:2")


def test_a_dump_after_the_files_is_named_as_the_one_too_many(refused: Refused):
    error = refused(a="CREATE TABLE users (id int);", current=DUMP)

    assert str(error) == 'current.sql:10: relation "users" already exists'
    assert error.detail == "first defined in a.sql:1"
    assert error.hint is not None
    assert error.hint.startswith("current.sql is a pg_dump of the whole database")


def test_a_dump_before_the_files_is_named_as_the_one_too_many(refused: Refused):
    error = refused(a_dump=DUMP, users="CREATE TABLE users (id int);")

    assert str(error) == 'users.sql:1: relation "users" already exists'
    assert error.detail == "first defined in a_dump.sql:10"
    assert error.hint is not None
    assert error.hint.startswith("a_dump.sql is a pg_dump of the whole database")


@pytest.mark.parametrize(
    ("sql", "later", "kind"),
    [
        ("CREATE VIEW v AS SELECT * FROM t", "CREATE TABLE t (a int)", 'table "t"'),
        ("CREATE TABLE u (a t)", "CREATE TYPE t AS ENUM ()", 'type "t"'),
        ("SELECT f(1)", "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS ''", 'function "f"'),
        ("CREATE TABLE s.u (a int)", "CREATE SCHEMA s", 'schema "s"'),
    ],
)
def test_what_is_defined_later_is_named_with_its_place(
    refused: Refused, sql: str, later: str, kind: str
):
    error = refused(sql, "SELECT 1;\n" + later)

    assert "does not exist" in error.message
    assert error.detail == (f"{kind} is defined later, in b.sql:2: files run in alphabetical order")
