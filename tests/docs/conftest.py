"""A terminal to type the commands of the documentation into."""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
import sys
import sysconfig
import termios
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql

from confiture_core.server import find_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confiture_core.server import Server

ROOT = Path(__file__).parents[2]
# What a reader has installed. All that our own tests have takes half a second more of each run.
_PLUGINS = (
    "pytest_postgresql.plugin",
    "pytest_confiture.plugin",
    "xdist.plugin",
    "pytest_asyncio.plugin",
    "anyio.pytest_plugin",
)
# What stood on a line before it was taken away.
_ERASED = re.compile(r"[^\n]*\r\x1b\[K")


@dataclass
class Terminal:
    """A user at a terminal, in a folder, with a PostgreSQL of his own."""

    folder: Path
    server: Server
    programs: Path  # where `confiture` is
    client_programs: Path  # where `psql` is
    environ: dict[str, str] = field(default_factory=dict)
    is_alone: bool = False  # nothing says where a PostgreSQL is

    def type(self, commands: str, *, fails: bool = False) -> str:
        """Run the commands as bash does, and return what the terminal shows."""
        text, code = self.run(commands)
        assert (code != 0) == fails, text
        return text

    def run(self, commands: str) -> tuple[str, int]:
        """Run the commands, and return what the terminal shows and the exit code."""
        own, theirs = pty.openpty()
        termios.tcsetwinsize(theirs, (50, 200))
        process = subprocess.Popen(
            ["bash", "-e", "-c", commands],
            cwd=self.folder,
            env=self._environ(),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)
        shown = b"".join(_read(own))
        os.close(own)
        text = shown.decode().replace("\r\n", "\n")
        return _ERASED.sub("", text), process.wait(60)

    def edit(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def configure(self, path: str, text: str) -> None:
        """Write an environment of the documentation, for the PostgreSQL that is here."""
        for shown, here in self.places().items():
            text = text.replace(shown, here)
        self.edit(path, text)

    def places(self) -> dict[str, str]:
        """Say what stands in an environment here for what the documentation shows."""
        return {
            "host: localhost": f"host: {self.server.host}",
            "port: 5432": f"port: {self.server.port}",
            "password: postgres": f"password: {self.server.password}",
        }

    def query(self, dbname: str, query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.server.conninfo(dbname)) as connection:
            return connection.execute(query.encode()).fetchall()

    def _environ(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PG", "CONFITURE_", "PYTEST_", "COV_"))
        }
        path = os.environ["PATH"]
        # For psql and pg_dump, which are called without saying where.
        login = {
            "PGHOST": self.server.host,
            "PGPORT": str(self.server.port),
            "PGUSER": self.server.user,
            "PGPASSWORD": self.server.password or "",
        }
        return {
            **kept,
            "PATH": os.pathsep.join(map(str, (self.programs, self.client_programs, path))),
            "TERM": "xterm-256color",
            "PAGER": "cat",
            **({} if self.is_alone else login),
            **self.environ,
        }


def _read(descriptor: int) -> Iterator[bytes]:
    try:
        while chunk := os.read(descriptor, 10_000):
            yield chunk
    except OSError:
        return  # Linux says so when the other end is closed


@pytest.fixture(scope="module")
def own_server() -> Iterator[Server]:
    """A server of our own: the guide's database has a name that others may use as well."""
    environ = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    with find_server(environ=environ, listen=True) as server:
        yield server


@pytest.fixture(scope="module")
def client_programs(own_server: Server) -> Path:
    """The directory of a psql and a pg_dump that understand the server."""
    beside = Path(own_server.source.removeprefix("ephemeral "))
    on_path = shutil.which("pg_dump")
    for directory in [beside, *([Path(on_path).parent] if on_path else [])]:
        if (directory / "psql").exists() and (directory / "pg_dump").exists():
            version = subprocess.check_output([directory / "pg_dump", "--version"], text=True)
            found = re.search(r"\) (\d+)", version)
            if found and int(found[1]) >= own_server.version_num // 10_000:
                return directory
    pytest.skip("no psql and pg_dump for the server on this machine")


@pytest.fixture
def terminal(own_server: Server, client_programs: Path, tmp_path: Path) -> Iterator[Terminal]:
    """A terminal in an empty folder, with the `confiture` of this environment."""
    yield Terminal(
        tmp_path,
        own_server,
        Path(sysconfig.get_path("scripts")),
        client_programs=client_programs,
        environ={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": ",".join(_PLUGINS)},
    )
    made = "select datname from pg_database where not datistemplate and datname <> 'postgres'"
    with psycopg.connect(own_server.conninfo(), autocommit=True) as connection:
        for (name,) in connection.execute(made).fetchall():
            connection.execute(sql.SQL("drop database {}").format(sql.Identifier(name)))


@pytest.fixture
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an empty virtual environment that the distribution was installed into."""
    folder = tmp_path_factory.mktemp("installed")
    build = ["-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run([sys.executable, *build], cwd=ROOT, check=True, capture_output=True)
    subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
    programs = folder / "venv" / "bin"
    (wheel,) = folder.glob("*.whl")
    subprocess.run([programs / "pip", "install", "--quiet", str(wheel)], check=True)
    return programs
