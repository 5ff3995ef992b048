"""What the tests of the factory share."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from confiture_core.factory import databases
from confiture_core.factory.layers import Layer
from confiture_core.factory.marks import parse_mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from confiture_core.factory.databases import Connection
    from confiture_core.server import Server


@pytest.fixture
def maintenance(server: Server) -> Iterator[Connection]:
    with databases.maintenance(server) as connection:
        yield connection


@pytest.fixture
def make_layer(maintenance: Connection) -> Iterator[Callable[..., Layer]]:
    """Make layers of SQL text, unlike those of any other test, dropped afterwards."""
    shown = f"test {uuid.uuid4().hex}"

    def make(text: str, *, parent: Layer | None = None, kind: str = "schema") -> Layer:
        return Layer(
            kind=kind,
            contents=(text,),
            parent=parent,
            settings=(shown,),
            build=lambda connection: connection.execute(text.encode()),
            shown=shown,
        )

    yield make
    rows = maintenance.execute(
        "select datname, shobj_description(oid, 'pg_database') from pg_database"
    ).fetchall()
    for name, comment in rows:
        mark = parse_mark(comment)
        if mark is not None and mark.shown == shown:
            databases.drop(maintenance, name)
