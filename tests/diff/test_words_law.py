"""The law of the author's words, over the files in `words`.

Run where the author's statement stands, the words make exactly what they cover, and the whole is
what the file makes. An object without words is named in the file's first comments.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from confiture_core import names
from confiture_core.catalog.model import Catalog, Column, Identity, Object, Table
from confiture_core.catalog.reader import read_catalog
from confiture_core.diff.facts import with_facts
from confiture_core.diff.words import Words, column_words, find_words
from confiture_core.statements import Statement, split_statements

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

    Connection = psycopg.Connection[Any]

CASES = sorted((Path(__file__).parent / "words").glob("*.sql"))
WITHOUT = "-- without words: "

pytestmark = pytest.mark.pg(">= 15")


@pytest.fixture(params=CASES, ids=lambda path: path.stem)
def text(request: pytest.FixtureRequest) -> str:
    return str(request.param.read_text("utf-8"))


def test_words_make_exactly_what_they_cover(text: str, database: Connection) -> None:
    statements = split_statements(text)
    catalog = _made(statements, database)
    words = find_words(statements, catalog)
    wanted = _objects(catalog)
    after = _objects(read_catalog(database))
    for statement in statements:
        quoted = _at(statement, words)
        for piece in quoted or (None,):
            before = after
            database.execute(piece.sql if piece else statement.sql)
            after = _objects(read_catalog(database))
            if piece:
                made = after.keys() - before.keys()
                assert made & wanted.keys() <= piece.covers, piece.sql
                assert all(_is_below(i, wanted) for i in piece.covers - made), piece.sql

    database.execute("reset all")
    assert read_catalog(database).objects == catalog.objects


def test_definitions_of_columns_make_exactly_what_they_cover(
    text: str, database: Connection
) -> None:
    statements = split_statements(text)
    for statement in statements:
        database.execute(statement.sql)
    database.execute("reset all")
    catalog = read_catalog(database)
    wanted = _objects(catalog)

    for identity, words in column_words(statements, catalog).items():
        if _is_bound(identity, wanted):
            continue
        column = names.quote(identity.member)
        kind = "foreign table" if _is_foreign(identity, wanted) else "table"
        with database.transaction(force_rollback=True):
            alter = f"alter {kind} {identity.qualified}"
            database.execute(f"{alter} drop column {column} cascade")
            database.execute(f"{alter} add column {words.sql}")
            made = _objects(read_catalog(database))

        assert identity in words.covers
        for covered in words.covers:
            assert _structure(made[covered]) == _structure(wanted[covered]), words.sql


def test_every_object_has_words_that_is_not_named_as_without(
    text: str, database: Connection
) -> None:
    statements = split_statements(text)
    catalog = _made(statements, database)

    found = find_words(statements, catalog)
    covered = {identity for words in found.values() for identity in words.covers}

    objects = _objects(catalog).keys() - _objects_of_every_database()
    assert {str(identity) for identity in objects - covered} == _without(text)


def _made(statements: tuple[Statement, ...], database: Connection) -> Catalog:
    """Read what the statements make, and leave nothing of it."""
    with database.transaction(force_rollback=True):
        for statement in statements:
            database.execute(statement.sql)
        return read_catalog(database)


def _objects(catalog: Catalog) -> Mapping[Identity, Object]:
    return with_facts(catalog).objects


def _objects_of_every_database() -> set[Identity]:
    return {
        Identity(kind="schema", name="public"),
        Identity(kind="extension", name="plpgsql"),
    }


def _at(statement: Statement, words: Mapping[Identity, Words]) -> list[Words]:
    lines = range(statement.line, statement.line_at(len(statement.sql)) + 1)
    found = [quoted for quoted in words.values() if quoted.line in lines]
    return sorted(found, key=lambda quoted: statement.sql.find(quoted.sql.split("ADD")[-1]))


def _is_below(identity: Identity, objects: Mapping[Identity, Object]) -> bool:
    """Tell whether the object comes from a table above, where it was made later perhaps."""
    tie = replace(identity, kind=f"{identity.kind} partition")
    is_local = getattr(objects[identity], "is_local", True)
    return identity.kind.endswith(" partition") or tie in objects or not is_local


def _is_bound(column: Identity, objects: Mapping[Identity, Object]) -> bool:
    """Tell whether PostgreSQL does not let the column go."""
    item = objects[column]
    table = objects.get(replace(column, kind="table", member=""))
    key = table.partition_key if isinstance(table, Table) else None
    is_key = key is not None and column.member in key
    is_of_partition = replace(column, kind="partition", member="") in objects
    return is_key or is_of_partition or (isinstance(item, Column) and item.is_inherited)


def _is_foreign(column: Identity, objects: Mapping[Identity, Object]) -> bool:
    return replace(column, kind="foreign table", member="") in objects


def _structure(item: Object) -> Object:
    return replace(item, owner=None, privileges=(), comment=None)


def _without(text: str) -> set[str]:
    lines = [line for line in text.splitlines() if line.startswith(WITHOUT)]
    return {name for line in lines for name in line.removeprefix(WITHOUT).split("; ")}
