"""After a server crashed or was restarted, in whatever moment, databases are as they should be."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from confiture_core.factory import databases
from confiture_core.server import read_server
from tests.plugin.conftest import OwnServer, own, start, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest_plugins = ["pytester"]

UNLOGGED = """
CREATE UNLOGGED TABLE scratch (a integer);
INSERT INTO scratch VALUES (1);
"""
PAUSED = """
import time
from pathlib import Path
import pytest

def check(db):
    assert db.execute("select count(*) from jam").fetchone() == (2,)
    assert db.execute("select count(*) from scratch").fetchone() == (1,)
    db.execute("insert into jam (fruit) values ('pear')")
    db.execute("delete from scratch")

def test_write(seeded_db):
    check(seeded_db)

@pytest.mark.parametrize("number", range(3))
def test_more(seeded_db, number):
    check(seeded_db)
    seeded_db.execute("create table more ()")

def test_pause():
    Path("paused").touch()
    while Path("paused").exists():
        time.sleep(0.01)

@pytest.mark.parametrize("number", range(4))
def test_again(seeded_db, number):
    check(seeded_db)
    if number == 2:
        seeded_db.execute("create table more ()")
"""
KILL_BACKEND = """
import os, signal, threading
import psycopg

def pytest_sessionstart(session):
    if not os.path.exists("again"):
        threading.Thread(target=kill_when_at_work, daemon=True).start()

def kill_when_at_work():
    with psycopg.connect(os.environ["CONFITURE_SERVER_URL"], autocommit=True) as connection:
        pids = None
        while not pids:
            pids = connection.execute(
                "select pid from pg_stat_activity where application_name = 'confiture'"
                " and query ilike %s", ({statement!r},)
            ).fetchone()
        os.kill(pids[0], signal.SIGKILL)
"""
WRITES = """
import pytest

@pytest.mark.parametrize("number", range(30))
def test(seeded_db, number):
    assert seeded_db.execute("select count(*) from jam").fetchone() == (2,)
    assert seeded_db.execute("select count(*) from scratch").fetchone() == (1,)
    seeded_db.execute("insert into jam (fruit) select 'pear' from generate_series(1, 2000)")
    if number % 2:
        seeded_db.execute("create table more ()")
"""
LAYER = "%pg_sleep%"
CLONE, RESTORE = "create database%clone%", "%session_replication_role%"


@pytest.fixture(scope="module")
def own_server() -> Iterator[OwnServer]:
    folder = Path(tempfile.mkdtemp(prefix="own-", dir="/tmp"))
    folder.chmod(0o777)
    with OwnServer(folder) as server:
        yield server
    shutil.rmtree(folder)


@pytest.fixture
def jars(
    pantry: pytest.Pytester, own_server: OwnServer, monkeypatch: pytest.MonkeyPatch
) -> pytest.Pytester:
    """The pantry on a server that may be ended, with an UNLOGGED table that has rows."""
    monkeypatch.setenv("CONFITURE_SERVER_URL", own_server.url)
    (pantry.path / "db/schema/30_scratch.sql").write_text(UNLOGGED)
    return pantry


def crash(server: OwnServer) -> None:
    """Kill a session: the server ends all others, recovers, and empties UNLOGGED tables."""
    before = checkpointer(server)
    with psycopg.connect(server.url) as connection, suppress(psycopg.OperationalError):
        os.kill(connection.info.backend_pid, signal.SIGKILL)
        connection.execute("select")
    wait_for_recovery(server, before)


def wait_for_recovery(server: OwnServer, before: int | None) -> None:
    """Wait until the server has another checkpointer than it had before a crash."""
    wait_until(lambda: checkpointer(server) not in (before, None))


def checkpointer(server: OwnServer) -> int | None:
    """Give the process number of the server's checkpointer, None while nobody is let in."""
    if not server.takes_connections():
        return None
    with suppress(psycopg.OperationalError), psycopg.connect(server.url) as connection:
        row = connection.execute(
            "select pid from pg_stat_activity where backend_type = 'checkpointer'"
        ).fetchone()
        return int(row[0]) if row else None
    return None


def restart(server: OwnServer) -> None:
    server.end(signal.SIGINT)
    server.start()


def kill(server: OwnServer) -> None:
    server.end(signal.SIGKILL)
    server.start()


@pytest.mark.parametrize("happens", [crash, restart, kill])
def test_between_tests(jars: pytest.Pytester, own_server: OwnServer, happens: object) -> None:
    assert callable(happens)
    jars.makepyfile(PAUSED)

    with start(jars) as run:
        wait_until(lambda: (jars.path / "paused").exists() or run.poll() is not None)
        happens(own_server)
        (jars.path / "paused").unlink()
        output = run.communicate()[0]

    assert run.returncode == 0, output
    jars.runpytest_subprocess("-k", "write").assert_outcomes(passed=1, deselected=8)
    with databases.maintenance(read_server(own_server.url, source="test")) as maintenance:
        assert all(own(maintenance, jars).values())


@pytest.mark.pg(">= 15")
@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(LAYER, id="a layer"),
        pytest.param(CLONE, id="a clone"),
        pytest.param(RESTORE, id="a restore"),
    ],
)
def test_a_crash_in_the_middle_of(
    jars: pytest.Pytester, own_server: OwnServer, statement: str
) -> None:
    (jars.path / "db/schema/40_slow.sql").write_text("SELECT pg_sleep(0.3);\n")
    jars.makeconftest(KILL_BACKEND.format(statement=statement))
    jars.makepyfile(WRITES)

    before = checkpointer(own_server)
    jars.runpytest_subprocess(timeout=120)
    (jars.path / "again").touch()
    wait_for_recovery(own_server, before)
    result = jars.runpytest_subprocess(timeout=120)

    result.assert_outcomes(passed=30)
    with databases.maintenance(read_server(own_server.url, source="test")) as maintenance:
        assert all(own(maintenance, jars).values())
