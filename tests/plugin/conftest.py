"""Little projects, run by a pytest of their own."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from confiture_core.factory import databases
from confiture_core.factory.inventory import list_databases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confiture_core.factory.databases import Connection
    from confiture_core.server import Server

PROJECTS = Path(__file__).parent.parent / "projects"


@pytest.fixture
def pantry(
    pytester: pytest.Pytester, server: Server, few_plugins: None, monkeypatch: pytest.MonkeyPatch
) -> pytest.Pytester:
    """A project with a schema of two tables and seeds; its tests run on the server of ours."""
    shutil.copytree(PROJECTS / "pantry", pytester.path, dirs_exist_ok=True)
    for name in [name for name in os.environ if name.startswith("PG")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CONFITURE_SERVER_URL", server.url())
    # What is built for one test of ours is no hit for another.
    schema = pytester.path / "db" / "schema" / "10_jam.sql"
    schema.write_text(f"-- {pytester.path}\n{schema.read_text()}")
    return pytester


@pytest.fixture(autouse=True)
def _nothing_is_left(request: pytest.FixtureRequest, maintenance: Connection) -> Iterator[None]:
    yield
    # The project's folder and its test file are named after the test.
    name = request.node.name.partition("[")[0]
    for database in list_databases(maintenance):
        if name in database.mark.shown:
            databases.drop(maintenance, database.name)


@pytest.fixture
def maintenance(server: Server) -> Iterator[Connection]:
    with databases.maintenance(server) as connection:
        yield connection
