"""Little projects, run by a pytest of their own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from confiture_core.factory import databases
from confiture_core.factory.inventory import list_databases
from confiture_core.server import find_binaries, stop_standing
from confiture_core.server.account import server_account, start_as
from confiture_core.server.cache import cache_directory
from confiture_core.server.cluster import make_cluster

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

    from confiture_core.factory.databases import Connection
    from confiture_core.server import Server

_TIMEOUT_S = 30
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


@pytest.fixture
def own_cache(
    pantry: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[None]:
    """A cache in which no server is noted, and none named; what initdb makes is shared by all."""
    monkeypatch.delenv("CONFITURE_SERVER_URL")
    cache = os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))
    clusters = Path(cache) / "confiture" / "clusters"
    (tmp_path / "confiture").mkdir()
    if clusters.is_dir():
        (tmp_path / "confiture" / "clusters").symlink_to(clusters)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    yield
    stop_standing(os.environ)


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


def own(maintenance: Connection, pantry: pytest.Pytester) -> dict[str, bool]:
    """List the databases of a project: whether each is a layer that is complete."""
    return {
        database.name: database.mark.kind == "layer" and database.is_complete
        for database in list_databases(maintenance)
        if pantry.path.name in database.mark.shown
    }


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + _TIMEOUT_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def start(
    pantry: pytest.Pytester, *command: str, options: tuple[str, ...] = ()
) -> subprocess.Popen[str]:
    """Start a run of a project, by another command if one is given."""
    return subprocess.Popen(
        [*command, sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options],
        cwd=pantry.path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


class OwnServer:
    """A server whose data is in a folder; it may be ended and started again."""

    def __init__(self, folder: Path) -> None:
        self.url = f"postgresql://postgres@/postgres?host={folder}"
        self._account = server_account()
        binaries = find_binaries(environ=os.environ)
        cache = cache_directory(os.environ)
        make_cluster(binaries, self._account, folder / "data", cache=cache)
        self._command = [binaries.program("postgres"), "-D", str(folder / "data")]
        self._command += ["-c", "listen_addresses=", "-c", f"unix_socket_directories={folder}"]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> OwnServer:
        self.start()
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _raised: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.end(signal.SIGQUIT)

    def start(self) -> None:
        self._spawn()
        wait_until(self.takes_connections)

    def end(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)
        self._process.wait()

    def takes_connections(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            # The sessions of one that was killed had not left yet.
            self._spawn()
        try:
            psycopg.connect(self.url).close()
        except psycopg.OperationalError:
            return False
        return True

    def _spawn(self) -> None:
        null = subprocess.DEVNULL
        self._process = start_as(self._account, self._command, stdin=null, stdout=null, stderr=null)
