"""A set of pairs as golang-migrate has them, run as it is, and by psql for comparison."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import sql

from confiture_core.migrations.executor import Target, migrate_down, migrate_up
from confiture_core.migrations.loader import load_migrations
from confiture_core.server import find_binaries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confiture_core.server import Server

LIBRARY = Path(__file__).parent / "sets" / "library"


@pytest.fixture
def programs(server: Server) -> Path:
    """Where a psql and a pg_dump are that fit the server."""
    directory = find_binaries(environ={}).directory
    for name in ("psql", "pg_dump"):
        program = directory / name
        if not program.exists():
            pytest.skip(f"{name} is not installed")
    said = subprocess.run([directory / "pg_dump", "--version"], capture_output=True, check=True)
    if int(said.stdout.split()[2].split(b".")[0]) < server.version_num // 10_000:
        pytest.skip("the pg_dump here is older than the server")
    return directory


@pytest.fixture
def other_database(server: Server, database: psycopg.Connection[Any]) -> Iterator[str]:
    name = f"{database.info.dbname}_other"
    with psycopg.connect(server.conninfo(), autocommit=True) as maintenance:
        maintenance.execute(
            sql.SQL("create database {} template template0").format(sql.Identifier(name))
        )
        yield server.conninfo(name)
        maintenance.execute(sql.SQL("drop database {}").format(sql.Identifier(name)))


def dump(programs: Path, conninfo: str) -> list[str]:
    command: list[str | Path] = [
        programs / "pg_dump",
        "--exclude-table=confiture_migrations",
        conninfo,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    # The key of \restrict is another one each time.
    return [line for line in done.stdout.splitlines() if "restrict" not in line]


def test_up_gives_what_psql_gives(database, server, programs, other_database):
    migrations = load_migrations(LIBRARY)
    psql: list[str | Path] = [programs / "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]

    migrate_up(database, migrations)
    for file in migrations:
        command: list[str | Path] = [*psql, f"--dbname={other_database}", f"--file={file.path}"]
        subprocess.run(command, check=True, capture_output=True)

    conninfo = server.conninfo(database.info.dbname)
    assert dump(programs, conninfo) == dump(programs, other_database)


def test_down_to_the_bottom_leaves_nothing(database, relations):
    migrations = load_migrations(LIBRARY)

    migrate_up(database, migrations)
    migrate_down(database, migrations, target=Target(to="0"))

    assert relations() == set()
