"""The server and the databases of our own tests."""

from __future__ import annotations

import itertools
import operator
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg import sql

from confiture_core.server import Server, ephemeral_server, named_server
from confiture_core.server.binaries import EMBEDDED_PACKAGES, INSTALLATIONS

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

# How long an example takes says how busy the machine is. The same examples in every run: one that
# fails belongs to the change that is tested.
settings.register_profile(
    "steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")

if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    # A shell has started us in the background: what we start and interrupt would inherit it.
    signal.signal(signal.SIGINT, signal.default_int_handler)

_NUMBERS = itertools.count(1)
_COMPARISONS = {
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    ">=": operator.ge,
    ">": operator.gt,
}


@pytest.hookimpl(optionalhook=True, wrapper=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """Have `-n auto` start one more worker than asked: many tests wait for a server or a clock."""
    workers = yield
    return workers if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ else workers + 1


@pytest.fixture(scope="session")
def server(pytestconfig: pytest.Config) -> Iterator[Server]:
    """The server of CONFITURE_SERVER_URL or PG*, else one of our own for this run."""
    given = pytestconfig.getoption("postgresql_exec")
    named = None if given else named_server(environ=os.environ)
    if named is not None:
        yield named
        return
    # Not the one that `confiture server start` keeps: what else happens there would be seen.
    with ephemeral_server(environ=os.environ, pg_ctl=Path(given) if given else None) as own:
        yield own


@pytest.fixture(scope="session")
def pg_dump(server: Server) -> str:
    """A pg_dump that understands the server."""
    return _pg_dump(server.version_num // 10000)


@pytest.fixture(autouse=True)
def _version_wanted(request: pytest.FixtureRequest) -> None:
    marker = request.node.get_closest_marker("pg")
    if marker is None:
        return
    condition = re.fullmatch(r"(<=?|==|>=?) *(\d+)", marker.args[0])
    assert condition is not None, f"pg({marker.args[0]!r}) is not of the form pg('>= 15')"
    major = request.getfixturevalue("server").version_num // 10000
    if not _COMPARISONS[condition[1]](major, int(condition[2])):
        pytest.skip(f"for PostgreSQL {marker.args[0]}, this is {major}")


@pytest.fixture(autouse=True)
def _same_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    # In a CI, pytest repeats errors whole in its summary: what runs of ours print would differ.
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("BUILD_NUMBER", raising=False)
    # And the command writes errors as annotations as well.
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)


@pytest.fixture
def few_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the pytests that we start load two plugins, not all that are installed beside them.

    To import those takes several times as long as what is tested.
    """
    for name in [name for name in os.environ if name.startswith("PYTEST_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_PLUGINS", "pytest_confiture.plugin,xdist.plugin")
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)


@pytest.fixture
def database(server: Server) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """An autocommit connection to an empty database, which is dropped afterwards."""
    name = f"confiture_test_{os.getpid()}_{next(_NUMBERS)}"
    with psycopg.connect(server.conninfo(), autocommit=True) as maintenance:
        maintenance.execute(
            sql.SQL("create database {} template template0").format(sql.Identifier(name))
        )
    try:
        with psycopg.connect(server.conninfo(name), autocommit=True) as connection:
            yield connection
    finally:
        with psycopg.connect(server.conninfo(), autocommit=True) as maintenance:
            _drop_database(maintenance, name)


def _drop_database(maintenance: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    # DROP DATABASE sleeps 100 ms where a backend that was told to end has not ended yet.
    backends = "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = %s"
    deadline = time.monotonic() + 10
    while maintenance.execute(backends, [name]).fetchone() != (0,) and time.monotonic() < deadline:
        time.sleep(0.001)
    maintenance.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(name)))


def _pg_dump(major: int) -> str:
    """Find a pg_dump that understands the server: of its version, else of the next later one."""
    found: dict[int, str] = {}
    for program in _programs():
        shown = subprocess.run([program, "--version"], check=True, capture_output=True, text=True)
        version = re.search(r"\b(\d+)", shown.stdout)
        assert version is not None
        found.setdefault(int(version[1]), program)
    usable = sorted(version for version in found if version >= major)
    assert usable, f"no pg_dump of PostgreSQL {major} or later is installed; found: {found}"
    return found[usable[0]]


def _programs() -> Iterator[str]:
    # On PATH, Debian has a script around it that takes longer to start than the program to run.
    for pattern in INSTALLATIONS:
        yield from sorted(map(str, Path("/").glob(f"{pattern.removeprefix('/')}/pg_dump")))
    on_path = shutil.which("pg_dump", path=os.environ.get("PATH"))
    if on_path:
        yield on_path
    for package in EMBEDDED_PACKAGES:
        for directory in map(Path, sys.path):
            program = directory / package / "pginstall" / "bin" / "pg_dump"
            if program.is_file():
                yield str(program)
