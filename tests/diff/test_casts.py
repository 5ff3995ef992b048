"""Which changes of a column's type leave its rows alone: the server is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from confiture_core.diff.casts import keeps_rows
from confiture_core.factory.databases import connect

if TYPE_CHECKING:
    from confiture_core.server import Server

_KEPT = [
    ("character varying(10)", "character varying(20)"),
    ("character varying(10)", "character varying"),
    ("character varying(10)", "text"),
    ("character varying", "text"),
    ("text", "character varying"),
    ("bit varying(3)", "bit varying(5)"),
    ("bit varying(3)", "bit varying"),
    ("numeric(10,2)", "numeric(12,2)"),
    ("numeric(10,2)", "numeric"),
    ("timestamp(3) without time zone", "timestamp(6) without time zone"),
    ("timestamp(3) with time zone", "timestamp with time zone"),
    ("time(0) without time zone", "time(3) without time zone"),
    ("time(0) with time zone", "time with time zone"),
    ("interval(1)", "interval(2)"),
    ("interval(1)", "interval"),
    ("cidr", "inet"),
    ("xml", "text"),
]
_REWRITTEN = [
    ("character varying(20)", "character varying(10)"),
    ("character varying", "character varying(10)"),
    ("text", "character varying(10)"),
    ("character(3)", "character(5)"),
    ("character varying(10)[]", "character varying(20)[]"),
    ("bit(3)", "bit(5)"),
    ("numeric", "numeric(12,2)"),
    ("numeric(10,2)", "numeric(12,3)"),
    ("numeric(12,2)", "numeric(10,2)"),
    ("integer", "bigint"),
    ("timestamp(6) without time zone", "timestamp(3) without time zone"),
    ("timestamp without time zone", "timestamp with time zone"),
    ("json", "jsonb"),
    ("date", "timestamp without time zone"),
]


@pytest.mark.parametrize(
    ("old", "new", "is_kept"),
    [(*pair, True) for pair in _KEPT] + [(*pair, False) for pair in _REWRITTEN],
)
def test_the_server_writes_no_row_anew_where_none_is_said_to_be(
    server: Server, old: str, new: str, is_kept: bool
) -> None:
    file = "select pg_relation_filenode('kept')"
    with connect(server) as connection:
        connection.execute("set timezone = 'Europe/Berlin'")
        connection.execute(f"create temp table kept (c {old})")
        (before,) = connection.execute(file).fetchone() or ()
        connection.execute(f"alter table kept alter column c type {new}")
        (after,) = connection.execute(file).fetchone() or ()

    assert (before == after) == is_kept
    assert keeps_rows(old, new) == is_kept
