"""Servers that stop in the middle of a migration, or whose disk is full."""

from __future__ import annotations

import os
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from confiture_core.errors import SqlError
from confiture_core.migrations.executor import migrate_up
from confiture_core.migrations.history import read_history
from confiture_core.server import find_binaries
from confiture_core.server.account import Account, reachable_binaries, server_account, start_as
from confiture_core.server.cache import cache_directory
from confiture_core.server.cluster import make_cluster
from confiture_core.server.run_directory import RunDirectory, run_directory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Connection = psycopg.Connection[Any]

STEPS = ("CREATE TABLE a (i int)", "INSERT INTO a VALUES (1)", "CREATE INDEX x ON a (i)")
HEAD = "-- confiture: transactional: false\n"
_PORT = 5432  # of the socket in a directory of its own


@dataclass(frozen=True, slots=True)
class OwnServer:
    """A server that is durable, as those that matter are, and may be stopped."""

    programs: Path
    account: Account
    run: RunDirectory

    @property
    def conninfo(self) -> str:
        return f"host={self.run.path} port={_PORT} user=postgres dbname=postgres"

    def start(self) -> None:
        durable = "-c fsync=on -c synchronous_commit=on -c full_page_writes=on"
        options = f"{durable} -c listen_addresses='' -p {_PORT} -k {self.run.path}"
        self._pg_ctl("start", "-w", "-l", str(self.run.log), "-o", options)

    def stop(self, mode: str) -> None:
        self._pg_ctl("stop", "-w", "-m", mode)

    def connect(self) -> Connection:
        return psycopg.connect(self.conninfo, autocommit=True)

    def _pg_ctl(self, *words: str) -> None:
        command = [str(self.programs / "pg_ctl"), "-D", str(self.run.data), *words]
        null = subprocess.DEVNULL
        started = start_as(self.account, command, stdin=null, stdout=null, stderr=null)
        assert started.wait() == 0


@pytest.fixture
def own_server() -> Iterator[OwnServer]:
    account = server_account()
    cache = cache_directory(os.environ)
    binaries = reachable_binaries(find_binaries(environ=os.environ), account, cache=cache)
    with run_directory(account) as run:
        make_cluster(binaries, account, run.data, cache=cache)
        server = OwnServer(binaries.directory, account, run)
        server.start()
        yield server
        server.stop("immediate")


@pytest.fixture
def small_disk(own_server: OwnServer) -> Iterator[Path]:
    """A file system of 2 MB, which only root may make."""
    folder = own_server.run.path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a file system is for root")
    os.chown(folder, own_server.account.uid, own_server.account.gid)
    yield folder
    with suppress(psycopg.Error), own_server.connect() as connection:
        connection.execute("drop table if exists filled")
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def wait_for(connection: Connection, condition: str) -> None:
    deadline = time.monotonic() + 60
    while connection.execute(f"select {condition}").fetchone() != (True,):
        assert time.monotonic() < deadline, f"never came: {condition}"
        time.sleep(0.01)


def stop_at(gate: int, server: OwnServer, runner: Callable[[str], subprocess.Popen[str]]) -> str:
    """Stop the server under a runner that stands at a gate; give what the runner said."""
    with suppress(psycopg.OperationalError), server.connect() as holder:
        holder.execute("select pg_advisory_lock(4711, %s)", (gate,))
        process = runner(server.conninfo)
        waiting = "exists (select from pg_locks where locktype = 'advisory' and not granted)"
        wait_for(holder, waiting)
        server.stop("immediate")
        return process.communicate(timeout=20)[1]
    raise AssertionError("the server was not stopped")


@pytest.mark.parametrize("gate", [0, 2, 3])
@pytest.mark.parametrize("kind", ["transaction", "steps"])
def test_a_server_that_stops_in_the_middle_is_no_harm(
    own_server, load, start_runner_on, gate, kind
):
    lines = ["SELECT pg_advisory_xact_lock(4711, 0)"]
    for number, step in enumerate(STEPS, start=1):
        lines += [step, f"SELECT pg_advisory_xact_lock(4711, {number})"]
    head = HEAD if kind == "steps" else ""
    migrations = load({"001_a.up.sql": head + ";\n".join(lines) + ";\n"})

    said = stop_at(gate, own_server, start_runner_on)
    own_server.start()
    with own_server.connect() as connection:
        is_there = connection.execute("select to_regclass('a') is not null").fetchone()
        applied_before = read_history(connection)
        migrate_up(connection, migrations)
        rows = connection.execute("select count(*) from a").fetchone()
        index = connection.execute("select to_regclass('x')::text").fetchone()

    assert "the connection to the database was lost" in said
    assert (applied_before, is_there) == ((), (kind == "steps" and gate > 0,))
    assert (rows, index) == ((1,), ("x",))


def test_a_server_that_stops_while_it_builds_an_index_leaves_one_that_is_built_again(
    own_server, load, start_runner_on
):
    migrations = load({"001_a.up.sql": "CREATE INDEX CONCURRENTLY x ON t (i);"})
    with suppress(psycopg.OperationalError), own_server.connect() as other:
        other.execute("create table t (i int)")
        with own_server.connect() as writer:
            writer.execute("begin; insert into t values (1)")  # which the build has to wait for
            runner = start_runner_on(own_server.conninfo)
            wait_for(other, "exists (select from pg_index where indexrelid = to_regclass('x'))")
            own_server.stop("immediate")
            runner.communicate(timeout=20)
    own_server.start()
    is_valid = "select indisvalid from pg_index where indexrelid = 'x'::regclass"
    with own_server.connect() as connection:
        left = connection.execute(is_valid).fetchone()
        applied_before = read_history(connection)
        migrate_up(connection, migrations)
        built = connection.execute(is_valid).fetchone()

    assert (left, applied_before, built) == ((False,), (), (True,))


@pytest.mark.parametrize("kind", ["transaction", "steps"])
def test_a_disk_that_is_full_leaves_nothing_behind(own_server, small_disk, load, kind):
    head = HEAD if kind == "steps" else ""
    text = (
        "CREATE TABLE before (i int);\n"
        "CREATE TABLE filled TABLESPACE small AS SELECT repeat('x', 500) AS t"
        " FROM generate_series(1, {}) AS i;\n"
    )
    migrations = load({"001_a.up.sql": head + text.format(20_000)})
    with own_server.connect() as connection:
        connection.execute(f"create tablespace small location '{small_disk}'".encode())
        with pytest.raises(SqlError) as caught:
            migrate_up(connection, migrations)
        left = [
            connection.execute("select to_regclass(%s) is not null", (name,)).fetchone()
            for name in ("before", "filled")
        ]
        applied = read_history(connection)
        migrate_up(connection, load({"001_a.up.sql": head + text.format(10)}))
        rows = connection.execute("select count(*) from filled").fetchone()

    line = 3 if head else 2
    assert str(caught.value).startswith(f"db/migrations/001_a.up.sql:{line}: could not extend file")
    assert "No space left on device" in caught.value.message
    assert (left, applied) == ([(kind == "steps",), (False,)], ())
    assert rows == (10,)
