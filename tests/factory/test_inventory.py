"""What dead processes leave is reaped, what is used stays, old layers are pruned."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from psycopg import sql

from confiture_core.factory import databases, marks
from confiture_core.factory.inventory import list_databases, prune, reap
from confiture_core.factory.layers import ensure, ensure_layer
from confiture_core.factory.owners import Owner, this_process

if TYPE_CHECKING:
    from collections.abc import Callable

    from confiture_core.factory.databases import Connection
    from confiture_core.factory.layers import Layer
    from confiture_core.server import Server

    MakeLayer = Callable[..., Layer]

DEAD = this_process()._replace(pid=2**22 + 1)


def exists(maintenance: Connection, name: str) -> bool:
    row = maintenance.execute("select 1 from pg_database where datname = %s", (name,)).fetchone()
    return row is not None


def make(
    maintenance: Connection, owner: Owner, *, kept: bool = False, age: timedelta | None = None
) -> str:
    made_at = datetime.now(UTC) - (age or timedelta())
    mark = marks.new_mark("clone")._replace(owner=owner, kept=kept, made_at=made_at.isoformat())
    return databases.create_numbered(maintenance, "clone", template="template0", mark=mark)


def reap_until(maintenance: Connection, name: str) -> tuple[str, ...]:
    """Reap for so long: the server lets go of a lock a moment after its session's end."""
    reaped: tuple[str, ...] = ()
    deadline = time.monotonic() + 10
    while name not in reaped and time.monotonic() < deadline:
        reaped += reap(maintenance)
    return reaped


@pytest.mark.parametrize(
    ("owner", "age", "is_reaped"),
    [
        pytest.param(DEAD, 0, True, id="dead"),
        pytest.param(this_process(), 0, False, id="living"),
        pytest.param(DEAD._replace(host="elsewhere"), 0, False, id="of another host"),
        pytest.param(DEAD._replace(host="elsewhere"), 2, True, id="long silent, of another host"),
        pytest.param(this_process()._replace(started="boot-1-2"), 2, True, id="number used again"),
    ],
)
def test_databases_of_dead_processes_are_reaped(
    maintenance: Connection, owner: Owner, age: int, is_reaped: bool
) -> None:
    name = make(maintenance, owner, age=timedelta(hours=age))

    reaped = reap(maintenance)

    assert (name in reaped) == is_reaped
    assert exists(maintenance, name) != is_reaped
    databases.drop(maintenance, name)


def test_a_process_of_another_host_that_shows_its_lock_is_not_reaped(
    server: Server, maintenance: Connection
) -> None:
    owner = DEAD._replace(host="elsewhere")
    name = make(maintenance, owner, age=timedelta(days=9))
    with databases.connect(server) as other:
        other.execute(
            "select pg_advisory_lock_shared(%s::int, %s::int)", (0x0C0F17, owner.lock_key)
        )
        assert name not in reap(maintenance)

    assert name in reap_until(maintenance, name)


def test_a_killed_process_leaves_nothing_that_is_not_reaped(
    server: Server, maintenance: Connection
) -> None:
    code = textwrap.dedent("""
        import os, signal, sys
        from confiture_core.factory import databases
        from confiture_core.server import read_server
        server = read_server(sys.argv[1], source="test")
        with databases.maintenance(server) as connection:
            name = databases.create_numbered(connection, "clone", template="template0")
            print(name, flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
    """)
    killed = subprocess.run(
        [sys.executable, "-c", code, server.conninfo()], capture_output=True, text=True, check=False
    )
    name = killed.stdout.strip()
    assert exists(maintenance, name), killed.stderr
    assert name in reap_until(maintenance, name)


def test_what_a_crash_left_half_made_is_reaped_once_its_maker_is_dead(
    maintenance: Connection,
) -> None:
    names = {owner: make(maintenance, owner) for owner in (DEAD, this_process())}
    for owner, name in names.items():
        undo_mark(maintenance, name, owner)

    reaped = reap(maintenance)

    assert names[DEAD] in reaped
    assert not exists(maintenance, names[DEAD])
    assert exists(maintenance, names[this_process()])
    databases.drop(maintenance, names[this_process()])


def undo_mark(maintenance: Connection, name: str, owner: Owner) -> None:
    """Bring a database back to the moment in which CREATE DATABASE was done, and nothing after."""
    database = sql.Identifier(name)
    maintenance.execute(sql.SQL("comment on database {} is null").format(database))
    limit = sql.Literal(marks.making_limit(owner.lock_key))
    maintenance.execute(sql.SQL("alter database {} connection limit {}").format(database, limit))


def test_a_kept_clone_outlives_its_process_until_it_is_pruned(maintenance: Connection) -> None:
    name = make(maintenance, DEAD, kept=True, age=timedelta(days=3))

    assert name not in reap(maintenance)
    assert name in prune(maintenance, older_than=timedelta(days=2))
    assert not exists(maintenance, name)


def test_layers_are_pruned_the_least_recently_used_first_but_never_one_in_use(
    server: Server, maintenance: Connection, make_layer: MakeLayer
) -> None:
    others = len([database for database in list_databases(maintenance) if database.is_complete])
    unused = ensure_layer(server, make_layer("create table unused ()"))
    used = ensure(maintenance, server, make_layer("create table used ()")).name
    old = datetime.now(UTC) - timedelta(days=400)
    for name in (unused, used):
        mark = marks.new_mark("layer")._replace(used_at=old.isoformat())
        maintenance.execute(databases.comment_statement(name, mark))

    with databases.maintenance(server) as other:
        pruned = prune(other, older_than=timedelta(days=399))

    assert unused in pruned
    assert used not in pruned
    remaining = [database for database in list_databases(maintenance) if database.is_complete]
    assert len(remaining) == others + 1


def test_the_inventory_says_what_is_there(
    server: Server, maintenance: Connection, make_layer: MakeLayer
) -> None:
    name = ensure_layer(server, make_layer("create table jam ()"))

    found = {database.name: database for database in list_databases(maintenance, sizes=True)}

    assert found[name].mark.kind == "layer"
    assert found[name].is_complete
    assert (found[name].size or 0) > 1_000_000
    assert found[name].sessions == 0
