"""Databases are made with our mark, dropped fast, and never when they are not ours."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from psycopg import errors, sql

from confiture_core.errors import DatabaseError
from confiture_core.factory import databases, marks, owners
from confiture_core.factory.shadows import Shadows, shadows

if TYPE_CHECKING:
    from confiture_core.factory.databases import Connection
    from confiture_core.server import Server

# As a schema file does that does not know the name.
_COMMENT_ON_ITSELF = """
do $$ begin
    execute format('comment on database %I is %L', current_database(), 'of the shop');
end $$
"""


def exists(maintenance: Connection, name: str) -> bool:
    row = maintenance.execute("select 1 from pg_database where datname = %s", (name,)).fetchone()
    return row is not None


def comment(maintenance: Connection, name: str) -> str | None:
    row = maintenance.execute(
        "select shobj_description(oid, 'pg_database') from pg_database where datname = %s", (name,)
    ).fetchone()
    return row[0] if row else None


def test_a_shadow_database_lives_as_long_as_its_block(
    server: Server, maintenance: Connection
) -> None:
    with databases.shadow_database(server) as name:
        assert exists(maintenance, name)

    assert not exists(maintenance, name)


def test_a_shadow_database_is_dropped_when_its_block_raises_with_a_connection_left_open(
    server: Server, maintenance: Connection
) -> None:
    with ExitStack() as stack:
        shadow = databases.shadow_database(server)
        name = shadow.__enter__()
        stack.enter_context(databases.connect(server, name))

        shadow.__exit__(ZeroDivisionError, ZeroDivisionError(), None)

        assert not exists(maintenance, name)


def test_a_shadow_database_that_is_commented_on_stays_ours(
    server: Server, maintenance: Connection
) -> None:
    with databases.shadow_database(server) as name:
        comment_on(server, name)

    assert not exists(maintenance, name)
    with shadows(server) as made:
        name = made.make()
        comment_on_shadow(made, name)
        mark = marks.parse_mark(comment(maintenance, name))
        assert mark is not None
        assert mark.kind == "shadow"
    assert not exists(maintenance, name)


@pytest.mark.parametrize("after_ms", range(1, 40, 3))
def test_an_interrupt_at_any_moment_leaves_no_shadow_database(
    server: Server, maintenance: Connection, after_ms: int
) -> None:
    # Other tests of this process may have some of their own.
    own = f"confiture_shadow_{os.getpid()}_%"
    query = "select datname from pg_database where datname like %s order by 1"
    others = maintenance.execute(query, [own]).fetchall()
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            _make_and_drop_for(server, after_ms / 1000)
    finally:
        signal.signal(signal.SIGALRM, before)

    assert maintenance.execute(query, [own]).fetchall() == others


def _make_and_drop_for(server: Server, seconds: float) -> None:
    with shadows(server) as shadow:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        while True:
            shadow.drop(shadow.make())


def comment_on(server: Server, name: str) -> None:
    with databases.connect(server, name) as connection:
        connection.execute(_COMMENT_ON_ITSELF)


def comment_on_shadow(made: Shadows, name: str) -> None:
    with made.connect(name) as connection:
        connection.execute(_COMMENT_ON_ITSELF)


def test_the_mark_says_what_for_and_whose(server: Server, maintenance: Connection) -> None:
    with databases.shadow_database(server) as name:
        mark = marks.parse_mark(comment(maintenance, name))

    assert mark is not None
    assert mark.kind == "shadow"
    assert mark.owner == owners.this_process()


def test_a_database_without_the_mark_is_never_dropped(
    server: Server, maintenance: Connection
) -> None:
    name = f"not_ours_{os.getpid()}"
    maintenance.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    try:
        with pytest.raises(DatabaseError, match="does not carry the mark"):
            databases.drop_database(server, name)

        assert exists(maintenance, name)
    finally:
        maintenance.execute(sql.SQL("drop database {}").format(sql.Identifier(name)))


@pytest.mark.parametrize(
    "text", [None, "", "confiture:", "confiture:{}", "confiture:[1]", "confitures", "{}"]
)
def test_other_comments_are_no_marks(text: str | None) -> None:
    assert marks.parse_mark(text) is None


def test_dropping_a_database_with_an_open_session_does_not_wait_for_a_poll(
    server: Server, maintenance: Connection
) -> None:
    # PostgreSQL's own poll is 100 ms; a busy machine may take as long now and then.
    for _ in range(20):
        name = databases.create_numbered(maintenance, "shadow", template="template0")
        session = databases.connect(server, name)
        start = time.perf_counter()
        databases.drop(maintenance, name)
        taken_s = time.perf_counter() - start
        session.close()
        if taken_s < 0.09:
            return
    pytest.fail(f"it took {taken_s} s at last")


def test_a_database_that_cannot_be_marked_is_not_left_behind(
    maintenance: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"confiture_shadow_{os.getpid()}_0"
    monkeypatch.setattr(databases, "comment_statement", lambda *_: sql.SQL("comment on no_such"))

    with pytest.raises(errors.SyntaxError):
        databases.create(
            maintenance, name, template="template0", mark=marks.new_mark("shadow", shown="")
        )

    assert not exists(maintenance, name)


def test_a_connection_that_is_lost_is_said_when_a_database_is_made(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It would notice the loss before the copy is asked for.
    monkeypatch.setattr(databases, "_strategy", lambda _: sql.SQL(""))
    with databases.maintenance(server) as connection, databases.maintenance(server) as other:
        databases.read_oid(connection, "postgres")
        other.execute("select pg_terminate_backend(%s)", (connection.info.backend_pid,))
        while not databases.is_cut_off(connection):
            time.sleep(0.001)

        with pytest.raises(errors.OperationalError):
            databases.create_numbered(connection, "shadow", template="template0")
        # Known to be closed, it says so as well.
        with pytest.raises(errors.OperationalError):
            databases.create_numbered(connection, "shadow", template="template0")


def test_a_template_is_cloned_with_what_is_in_it(server: Server, maintenance: Connection) -> None:
    with databases.shadow_database(server) as template:
        with databases.connect(server, template) as connection:
            connection.execute("create table jam (fruit text)")
        with (
            databases.shadow_database(server, template=template) as name,
            databases.connect(server, name) as connection,
        ):
            assert connection.execute("select count(*) from jam").fetchone() == (0,)


def test_a_number_taken_by_another_process_is_passed_over(
    server: Server, maintenance: Connection
) -> None:
    with databases.shadow_database(server) as first:
        number = int(first.rpartition("_")[2])
        taken = f"confiture_shadow_{os.getpid()}_{number + 1}"
        databases.create_database(server, taken)
        try:
            with databases.shadow_database(server) as second:
                assert second not in {first, taken}
        finally:
            databases.drop_database(server, taken)


def test_a_server_that_is_not_there_is_named(server: Server) -> None:
    with pytest.raises(DatabaseError, match='"no_such_database"'):
        databases.connect(server, "no_such_database")


def test_a_living_process_is_known_to_live_and_a_dead_one_to_be_dead() -> None:
    code = textwrap.dedent("""
        import dataclasses, json, time
        from confiture_core.factory.owners import this_process
        print(json.dumps(this_process()._asdict()), flush=True)
        time.sleep(60)
    """)
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process, process.stdout:
        owner = owners.Owner(**json.loads(process.stdout.readline()))
        assert not owners.is_known_dead(owner)

        process.send_signal(signal.SIGKILL)
        process.wait()

        assert owners.is_known_dead(owner)
        elsewhere = owners.Owner(host="elsewhere", pid=owner.pid, started=owner.started)
        assert not owners.is_known_dead(elsewhere)


def test_the_lock_of_an_owner_is_seen_from_other_sessions(
    server: Server, maintenance: Connection
) -> None:
    with databases.connect(server) as other:
        assert owners.this_process().lock_key in owners.held_owner_locks(other)


def test_a_database_with_a_prepared_transaction_is_dropped_at_once(
    server: Server, maintenance: Connection
) -> None:
    if maintenance.execute("show max_prepared_transactions").fetchone() == ("0",):
        pytest.skip("the server has no prepared transactions")
    start = time.perf_counter()
    with (
        databases.shadow_database(server) as name,
        databases.connect(server, name) as connection,
    ):
        connection.execute("begin; create table jam (); prepare transaction 'stuck'")

    assert not exists(maintenance, name)
    assert time.perf_counter() - start < 4


def test_a_database_with_a_subscription_is_dropped(server: Server, maintenance: Connection) -> None:
    with (
        databases.shadow_database(server) as name,
        databases.connect(server, name) as connection,
    ):
        connection.execute(
            "create subscription news connection 'host=nowhere.invalid' publication news"
            " with (connect = false)"
        )

    assert not exists(maintenance, name)
