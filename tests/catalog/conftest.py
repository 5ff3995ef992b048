"""Catalogs of the schemas beside this file."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from confiture_core.catalog.reader import read_catalog
from confiture_core.server.binaries import EMBEDDED_PACKAGES, INSTALLATIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg

    from confiture_core.catalog.model import Catalog
    from confiture_core.server import Server

SCHEMAS = Path(__file__).parent / "schemas"


@pytest.fixture
def read(database: psycopg.Connection[Any]) -> Callable[[str], Catalog]:
    """Run a schema, by name or the text itself, on the test's database and read it."""

    def run_and_read(schema: str) -> Catalog:
        file = SCHEMAS / f"{schema}.sql"
        database.execute(file.read_text() if re.fullmatch(r"\w+", schema) else schema)
        return read_catalog(database)

    return run_and_read


@pytest.fixture(scope="session")
def client_programs(server: Server) -> Path:
    """The directory of a pg_dump and a psql that fit the server."""
    major = server.version_num // 10_000
    for directory in _directories():
        programs = [directory / name for name in ("pg_dump", "psql")]
        if all(program.exists() for program in programs) and _major(programs[0]) == major:
            return directory
    pytest.skip(f"no pg_dump {major} on this machine")


def _directories() -> list[Path]:
    found = shutil.which("pg_dump")
    on_path = [Path(found).parent] if found else []
    installed = [path for each in INSTALLATIONS for path in Path("/").glob(each.lstrip("/"))]
    specs = filter(None, map(importlib.util.find_spec, EMBEDDED_PACKAGES))
    embedded = [path for spec in specs for path in Path(spec.origin or "").parent.glob("*/bin")]
    return [*installed, *embedded, *on_path]


def _major(program: Path) -> int:
    version = re.search(r"\) (\d+)", _run([program, "--version"]))
    assert version is not None
    return int(version[1])


def dump(programs: Path, conninfo: str) -> str:
    """Return the dump of a database: all of it, so that materialized views are filled."""
    return _run([programs / "pg_dump", conninfo])


def restore(programs: Path, conninfo: str, text: str) -> None:
    _run([programs / "psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", conninfo], text)


def _run(command: list[Path | str], text: str | None = None) -> str:
    ran = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout
