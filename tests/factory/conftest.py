"""A real server for the tests of the factory."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from confiture_core.factory import databases
from confiture_core.server import find_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confiture_core.factory.databases import Connection
    from confiture_core.server import Server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with find_server(environ=os.environ) as found:
        yield found


@pytest.fixture
def maintenance(server: Server) -> Iterator[Connection]:
    with databases.maintenance(server) as connection:
        yield connection
