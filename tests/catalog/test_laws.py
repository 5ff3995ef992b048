"""What holds of every schema: the same database, the same Catalog."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg
import pytest

from confiture_core.catalog.model import (
    Catalog,
    Composite,
    DatabaseSetting,
    Definition,
    Domain,
    EventTrigger,
    Identity,
    Object,
    Routine,
    Sequence,
    Table,
    View,
)
from confiture_core.catalog.reader import read_catalog
from confiture_core.factory.databases import shadow_database
from confiture_core.names import quote
from tests.catalog.conftest import SCHEMAS, dump, restore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from confiture_core.server import Server


WITHOUT_COMMENT = {"default", "default privileges", "database setting", "user mapping"}
# Event triggers and foreign data wrappers are for superusers to own.
WITH_OWNER = {
    "aggregate", "collation", "conversion", "domain", "foreign table", "function", "language",
    "materialized view", "operator", "operator class", "operator family", "procedure",
    "publication", "schema", "sequence", "server", "statistics", "table",
    "text search configuration", "text search dictionary", "type", "view",
}  # fmt: skip


class Built(NamedTuple):
    """A database of a schema, and what was read from it."""

    connection: psycopg.Connection[Any]
    catalog: Catalog


@pytest.fixture(scope="module", params=sorted(SCHEMAS.glob("*.sql")), ids=lambda file: file.stem)
def built(request: pytest.FixtureRequest, server: Server) -> Iterator[Built]:
    """Make a schema; its first line may say since when it can be: `-- pg >= 14`."""
    text = request.param.read_text()
    since = re.match(r"-- pg >= (\d+)", text)
    if since and server.version_num < int(since[1]) * 10_000:
        pytest.skip(f"for PostgreSQL >= {since[1]}")
    with (
        shadow_database(server) as name,
        psycopg.connect(server.conninfo(name), autocommit=True) as connection,
    ):
        connection.execute(text)
        yield Built(connection, read_catalog(connection))


def test_two_reads_are_equal(built: Built) -> None:
    again = read_catalog(built.connection)

    assert again == built.catalog
    assert again.dependencies == built.catalog.dependencies


def test_a_restored_dump_reads_as_its_original(
    built: Built, server: Server, client_programs: Path
) -> None:
    dumped = dump(client_programs, server.conninfo(built.connection.info.dbname))

    with shadow_database(server) as name:
        restore(client_programs, server.conninfo(name), dumped)
        with psycopg.connect(server.conninfo(name)) as connection:
            restored = read_catalog(connection)

    assert _dumped(restored) == _dumped(built.catalog)
    assert restored.dependencies == built.catalog.dependencies


def _dumped(catalog: Catalog) -> dict[Identity, Object]:
    """Leave out what pg_dump tells only with --create."""
    return {
        identity: each
        for identity, each in catalog.objects.items()
        if not isinstance(each, DatabaseSetting)
    }


def test_every_object_depends_on_what_exists_and_none_on_itself(built: Built) -> None:
    pairs = built.catalog.dependencies

    assert {identity for pair in pairs for identity in pair} <= built.catalog.objects.keys()
    assert all(dependent != referenced for dependent, referenced in pairs)


def test_every_member_depends_on_its_relation(built: Built) -> None:
    relations = {
        (identity.schema, identity.name): identity
        for identity, each in built.catalog.objects.items()
        if isinstance(each, Table | View | Composite | Domain)
    }

    for identity in built.catalog.objects:
        if identity.member:
            relation = relations[identity.schema, identity.name]
            assert (identity, relation) in built.catalog.dependencies


def test_a_comment_is_seen_on_every_object(built: Built) -> None:
    commented = [each for each in built.catalog.objects if each.kind not in WITHOUT_COMMENT]
    with built.connection.transaction(force_rollback=True):
        for identity in commented:
            built.connection.execute(f"COMMENT ON {_as_in_comment(identity)} IS 'seen'")
        again = read_catalog(built.connection)

    assert {str(each): again.objects[each].comment for each in commented} == {
        str(each): "seen" for each in commented
    }


def _as_in_comment(identity: Identity) -> str:
    if identity.kind == "domain constraint":
        return f"CONSTRAINT {quote(identity.member)} ON DOMAIN {identity.qualified}"
    return str(identity)


def test_an_owner_is_seen_on_every_object(built: Built) -> None:
    owned = [
        identity
        for identity, each in built.catalog.objects.items()
        if identity.kind in WITH_OWNER and not (isinstance(each, Sequence) and each.owned_by)
    ]
    with built.connection.transaction(force_rollback=True):
        for identity in owned:
            built.connection.execute(f"ALTER {identity} OWNER TO pg_monitor")
        again = read_catalog(built.connection)

    assert {str(each): again.objects[each].owner for each in owned} == {
        str(each): "pg_monitor" for each in owned
    }


def test_definitions_make_what_they_were_read_from(built: Built) -> None:
    for identity, original in built.catalog.objects.items():
        if isinstance(original, Definition | EventTrigger):
            again = _made_again(built, identity, original)

            assert isinstance(again, Definition | EventTrigger), identity
            assert _statements(again) == _statements(original)


def _statements(original: Definition | EventTrigger) -> tuple[str, ...]:
    return (original.definition, *(original.extra if isinstance(original, Definition) else ()))


def _made_again(
    built: Built, identity: Identity, original: Definition | EventTrigger
) -> Object | None:
    """Drop an object, run its definition, and read it."""
    execute = built.connection.execute
    with built.connection.transaction(force_rollback=True):
        if identity.kind == "user mapping":
            execute(f"DROP USER MAPPING FOR {identity.qualified}")
        else:
            execute(f"DROP {identity.kind} {identity.qualified} CASCADE")
        if "INPUT" in original.definition:
            _make_functions_of_type_again(built, identity)
        for statement in _statements(original):
            execute(statement)
        return read_catalog(built.connection).objects.get(identity)


def _make_functions_of_type_again(built: Built, identity: Identity) -> None:
    built.connection.execute(f"CREATE TYPE {identity.qualified}")
    left = read_catalog(built.connection).objects
    for lost, routine in built.catalog.objects.items():
        if lost not in left and isinstance(routine, Routine):
            built.connection.execute(routine.definition)
