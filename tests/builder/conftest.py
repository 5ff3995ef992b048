"""What the tests of the builder share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from confiture_core.builder.runner import run_files
from confiture_core.errors import ConfitureError
from confiture_core.project import SqlFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from confiture_core.builder.access import MissingRole, SkippedStatement
    from confiture_core.reach import Connection
    from confiture_core.server import Server

    Run = Callable[..., tuple[SkippedStatement, ...]]
    Refused = Callable[..., ConfitureError]


@pytest.fixture
def run(database: Connection) -> Run:
    """Run texts as files a.sql, b.sql, … or under the names given."""

    def run(
        *texts: str, on_missing_role: MissingRole = "refuse", **named: str
    ) -> tuple[SkippedStatement, ...]:
        files = {f"{letter}.sql": text for letter, text in zip("abcdef", texts, strict=False)}
        files.update({f"{name}.sql": text for name, text in named.items()})
        return run_files(
            database,
            [SqlFile(path=Path(name), shown=name, text=text) for name, text in files.items()],
            on_missing_role=on_missing_role,
        )

    return run


@pytest.fixture
def refused(run: Run) -> Refused:
    """Run texts that must be refused, and give the error."""

    def refused(*texts: str, **named: str) -> ConfitureError:
        with pytest.raises(ConfitureError) as caught:
            run(*texts, **named)
        return caught.value

    return refused


@pytest.fixture
def server_conninfo(server: Server, database: Connection) -> str:
    """How to connect once more to the database of the test."""
    return server.conninfo(database.info.dbname)
