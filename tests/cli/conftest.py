"""The command, run in this process, in a project of its own."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import warnings
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import sql

from confiture.cli import frame

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from confiture_core.server import Server

_NUMBERS = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def confiture(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], server: Server
) -> Callable[..., Outcome]:
    """Run `confiture ARGUMENTS…` in the current directory; shadows are made on our server."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CONFITURE_SERVER_URL", server.url())

    def run(*arguments: str) -> Outcome:
        capfd.readouterr()
        monkeypatch.setattr(sys, "argv", ["confiture", *arguments])
        with warnings.catch_warnings():
            # An older typer with a newer click: nothing of ours.
            warnings.filterwarnings("ignore", "'click", DeprecationWarning)
            code = frame.run()
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        return Outcome(code, out, err)

    return run


def read_until(word: bytes, stream: IO[bytes]) -> None:
    """Read what a process says until it has said a word; that it ends before is a failure."""
    said = b""
    while word not in said:
        chunk = os.read(stream.fileno(), 1000)
        assert chunk, said
        said += chunk


@dataclass
class Project:
    """A project in the current directory, whose environment is on our server."""

    root: Path
    server: Server
    database: str
    _made: list[str] = field(default_factory=list)

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Run the command in a process of its own, until it begins the second migration."""
        environ = {**os.environ, "CONFITURE_SERVER_URL": self.server.url()}
        process = subprocess.Popen(
            [sys.executable, "-m", "confiture", *arguments],
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout is not None
        read_until(b"Applying 002", process.stdout)
        return process

    def write(self, path: str, text: str) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def write_environment(self, name: str = "local", *, more: str = "", **database: object) -> None:
        """Write an environment that includes the schema and seeds/common."""
        dbname = f"{self.database}_{name}"
        self._made.append(dbname)
        url = f"database:\n  url: {self.server.url(dbname)}\n"
        if database:
            url = "database:\n" + "".join(f"  {key}: {value}\n" for key, value in database.items())
        includes = "includes: [../schema, ../seeds/common]\n"
        self.write(f"db/environments/{name}.yaml", f"name: {name}\n{includes}{more}{url}")

    def migration(self, version: str, up: str, down: str = "SELECT 1") -> None:
        """Write a pair of SQL files called VERSION_step."""
        self.write(f"db/migrations/{version}_step.up.sql", f"{up};\n")
        self.write(f"db/migrations/{version}_step.down.sql", f"{down};\n")

    def query(self, query: str, env: str = "local") -> list[tuple[Any, ...]]:
        """Ask the database of an environment."""
        conninfo = self.server.conninfo(f"{self.database}_{env}")
        with psycopg.connect(conninfo, autocommit=True) as connection:
            cursor = connection.execute(query.encode())
            return cursor.fetchall() if cursor.description else []

    def tables(self, env: str = "local") -> list[str]:
        rows = self.query("select relname from pg_class where relkind = 'r' order by 1", env)
        return [row[0] for row in rows if not row[0].startswith(("pg_", "sql_", "confiture_"))]

    def exists(self, env: str = "local") -> bool:
        """Tell whether the server has the database of an environment."""
        with psycopg.connect(self.server.conninfo(), autocommit=True) as connection:
            query = "select 1 from pg_database where datname = %s"
            return connection.execute(query, [f"{self.database}_{env}"]).fetchone() is not None

    def files(self, folder: str) -> list[str]:
        return sorted(path.name for path in (self.root / folder).iterdir())

    def drop_databases(self) -> None:
        with psycopg.connect(self.server.conninfo(), autocommit=True) as connection:
            for name in self._made:
                end = "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s"
                connection.execute(end, [name])
                connection.execute(
                    sql.SQL("drop database if exists {}").format(sql.Identifier(name))
                )


@pytest.fixture
def project(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """A project without files but for its environment."""
    made = Project(tmp_path, server, f"confiture_cli_{os.getpid()}_{next(_NUMBERS)}")
    for folder in ("schema", "seeds/common", "migrations"):
        (tmp_path / "db" / folder).mkdir(parents=True)
    made.write_environment()
    monkeypatch.chdir(tmp_path)
    yield made
    made.drop_databases()
