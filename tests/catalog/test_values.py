"""Access control lists and generated names, as PostgreSQL writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from psycopg import sql

from confiture_core.catalog.acl import parse_acl
from confiture_core.catalog.generated import generated_name
from confiture_core.catalog.model import Privilege

if TYPE_CHECKING:
    import psycopg


def test_an_item_names_grantee_and_privileges() -> None:
    assert parse_acl(("reader=r*w/owner",), "owner") == (
        Privilege(grantee="reader", privilege="SELECT", grantable=True),
        Privilege(grantee="reader", privilege="UPDATE", grantable=False),
    )


def test_the_owner_is_nameless_and_everyone_is_public() -> None:
    assert parse_acl(("owner=U/owner", "=U/owner"), "owner") == (
        Privilege(grantee=None, privilege="USAGE"),
        Privilege(grantee="public", privilege="USAGE"),
    )


def test_grants_name_who_granted_them_unless_it_is_the_owner() -> None:
    assert parse_acl(("reader=r/owner", 'reader=r*/"an other"'), "owner") == (
        Privilege(grantee="reader", privilege="SELECT"),
        Privilege(grantee="reader", privilege="SELECT", grantable=True, grantor="an other"),
    )


def test_items_are_read_in_any_order() -> None:
    items = ("b=r/o", "a=wr/o", "o=r/o")

    assert parse_acl(items, "o") == parse_acl(items[::-1], "o")


@pytest.mark.parametrize("role", ["Odd Role", 'quo"ted', "a=b/c", "accentué", "-"])
def test_odd_names_of_roles_are_read(database: psycopg.Connection[Any], role: str) -> None:
    with database.transaction(force_rollback=True):
        database.execute(sql.SQL("create role {}").format(sql.Identifier(role)))
        database.execute("create table t ()")
        database.execute(sql.SQL("grant select on t to {}").format(sql.Identifier(role)))
        row = database.execute(
            "select relacl::text[], pg_get_userbyid(relowner) from pg_class where relname = 't'"
        ).fetchone()

    assert row is not None
    privileges = parse_acl(tuple(row[0]), row[1])
    assert Privilege(grantee=role, privilege="SELECT") in privileges


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("t", "c"),
        ("t" * 63, "c"),
        ("t" * 40, "c" * 40),
        ("t" * 28, "c" * 28),
        ("é" * 31, "c" * 30),
        ("ab" + "☕" * 20, "é" * 31),
    ],
    ids=["short", "long table", "both long", "as long as fits", "two bytes", "three bytes"],
)
def test_generated_names_are_postgresqls(
    database: psycopg.Connection[Any], table: str, column: str
) -> None:
    database.execute(
        sql.SQL("create table {} ({} integer check ({} > 0))").format(
            sql.Identifier(table), sql.Identifier(column), sql.Identifier(column)
        )
    )
    row = database.execute(
        "select conname from pg_constraint where contype = 'c' and oid >= 16384"
    ).fetchone()

    assert row == (generated_name(table, column, label="check"),)
