"""The law of a diff, over one folder per change of one kind of object.

Each folder of `kinds/<kind>/<case>` holds two states, and the steps from the old to the new one
where they are the same on every server. All runs in transactions that are rolled back.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from confiture_core.catalog.reader import read_catalog
from confiture_core.diff.compare import compare, context_of
from confiture_core.diff.plan import plan
from confiture_core.factory.databases import connect, shadow_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from confiture_core.catalog.model import Catalog
    from confiture_core.server import Server

    Connection = psycopg.Connection[Any]

_CASES = sorted(path.parent for path in Path(__file__).parent.glob("kinds/*/*/old.sql"))
_NAMES = [f"{case.parent.name}/{case.name}" for case in _CASES]
_ROLES = ("confiture_reader", "confiture_writer", '"confiture Admin"')


@pytest.fixture(scope="module")
def connection(server: Server) -> Iterator[Connection]:
    with shadow_database(server) as name, connect(server, name) as connection:
        yield connection


@pytest.mark.parametrize("case", _CASES, ids=_NAMES)
def test_steps_lead_to_the_new_state_and_back(case: Path, connection: Connection) -> None:
    _skip_other_versions(case, connection)
    with connection.transaction(force_rollback=True):
        new = _build(connection, case / "new.sql")

    with connection.transaction(force_rollback=True):
        old = _build(connection, case / "old.sql")
        up = _run(connection, old, new)
        assert read_catalog(connection).objects == new.objects
        _run(connection, new, old)
        assert read_catalog(connection).objects == old.objects

    steps = case / "steps.sql"
    if steps.exists():
        assert up == steps.read_text("utf-8")


def _skip_other_versions(case: Path, connection: Connection) -> None:
    first = (case / "new.sql").read_text("utf-8").partition("\n")[0]
    _, marker, version = first.partition("-- pg >= ")
    if marker and connection.info.server_version < int(version) * 10000:
        pytest.skip(f"for PostgreSQL {version} and later")


def _build(connection: Connection, file: Path) -> Catalog:
    found = connection.execute("select quote_ident(rolname) from pg_roles").fetchall()
    for role in _ROLES:
        if (role,) not in found:
            connection.execute(f"create role {role}".encode())
    connection.execute(file.read_bytes())
    return read_catalog(connection)


def _run(connection: Connection, old: Catalog, new: Catalog) -> str:
    """Run the steps from one catalog to the other and return their text."""
    context = context_of(old, new, short_names=True, attach_indexes=False)
    text = "".join(f"{step.sql};\n" for step in plan(compare(context), context))
    connection.execute(text.encode())
    return text
