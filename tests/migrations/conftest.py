"""Directories of migrations, and a runner in a process of its own that can be killed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from confiture_core.migrations.loader import MigrationFile, load_migrations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Connection = psycopg.Connection[Any]

_RUNNER = """
import sys
from pathlib import Path
import psycopg
from confiture_core.migrations import executor
from confiture_core.migrations.loader import load_migrations

conninfo, directory, direction = sys.argv[1:]
run = executor.migrate_up if direction == "up" else executor.migrate_down
with psycopg.connect(conninfo, autocommit=True, application_name="confiture") as connection:
    limits = executor.Limits(wait_s=30)
    done = run(connection, load_migrations(Path(directory)), limits=limits)
print(*(file.version for file in done))
"""


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    folder = tmp_path / "db" / "migrations"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def load(directory: Path, tmp_path: Path) -> Callable[[dict[str, str]], tuple[MigrationFile, ...]]:
    """Write files into the directory of migrations and load what is in it."""

    def write_and_load(texts: dict[str, str]) -> tuple[MigrationFile, ...]:
        for name, text in texts.items():
            (directory / name).write_text(text, encoding="utf-8")
        return load_migrations(directory, root=tmp_path)

    return write_and_load


@pytest.fixture
def start_runner_on(directory: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start `migrate_up`, or `migrate_down`, in another process on a database."""
    started: list[subprocess.Popen[str]] = []

    def start(conninfo: str, direction: str = "up") -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", _RUNNER, conninfo, str(directory), direction],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def start_runner(
    database: Connection, start_runner_on: Callable[..., subprocess.Popen[str]]
) -> Callable[..., subprocess.Popen[str]]:
    """Start `migrate_up`, or `migrate_down`, on the database in another process."""
    conninfo = psycopg.conninfo.make_conninfo(
        database.info.dsn, password=database.info.password or None
    )
    return lambda direction="up": start_runner_on(conninfo, direction)


@pytest.fixture
def another(database: Connection) -> Iterator[Connection]:
    """A second session on the same database, in autocommit mode."""
    with psycopg.connect(
        database.info.dsn,
        password=database.info.password or None,
        autocommit=True,
        application_name="nightly report",
    ) as connection:
        yield connection


@pytest.fixture
def wait_until(another: Connection) -> Callable[[str], None]:
    """Wait until a condition in SQL is true."""

    def wait(condition: str) -> None:
        deadline = time.monotonic() + 60
        while not _scalar(another, f"select {condition}"):
            assert time.monotonic() < deadline, f"never came: {condition}"
            time.sleep(0.01)

    return wait


@pytest.fixture
def scalar(database: Connection) -> Callable[[str], Any]:
    """Run a query of one value."""
    return lambda query: _scalar(database, query)


@pytest.fixture
def relations(database: Connection) -> Callable[[], set[str]]:
    """Read what is in the schema public, except what is ours."""

    def read() -> set[str]:
        rows = database.execute(
            "select relname from pg_class where relnamespace = 'public'::regnamespace"
            " and relname !~ '^confiture_migration'"
        )
        return {row[0] for row in rows}

    return read


def _scalar(connection: Connection, query: str) -> Any:
    row = connection.execute(query).fetchone()
    return row[0] if row else None
