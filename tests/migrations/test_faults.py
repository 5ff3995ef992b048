"""Runners that are killed, meet each other, or lose their session."""

from __future__ import annotations

import subprocess
import threading
import time

import pytest

from confiture_core.errors import DatabaseError, LockedError, SqlError
from confiture_core.migrations.events import Planned, Recovered, Retrying, Waiting
from confiture_core.migrations.executor import Limits, migrate_down, migrate_up
from confiture_core.migrations.history import HistoryTable, read_history
from confiture_core.migrations.lock import lock_key, read_holder

# Each statement between two gates; a gate is shut by holding the advisory lock of its number.
STEPS = ("CREATE TABLE a (i int)", "INSERT INTO a VALUES (1)", "CREATE INDEX x ON a (i)")
GATE = "SELECT pg_advisory_xact_lock(4711, {})"
_ADVISORY = (
    "exists (select from pg_locks where locktype = 'advisory'"
    " and database = (select oid from pg_database where datname = current_database()) and {})"
)
IS_WAITING = _ADVISORY.format("not granted")
NOBODY_HOLDS_THE_LOCK = "not " + _ADVISORY.format("objsubid = 1")
IS_BUILDING = (
    "exists (select from pg_stat_progress_create_index where datname = current_database())"
)


def gated(steps, *, head: str = "") -> str:
    lines = [GATE.format(0)]
    for number, step in enumerate(steps, start=1):
        lines += [step, GATE.format(number)]
    return head + ";\n".join(lines) + ";\n"


def kill_at(gate: int, *, another, start_runner, wait_until) -> None:
    """Start a runner, and kill it with SIGKILL while it stands at a gate."""
    another.execute("select pg_advisory_lock(4711, %s)", (gate,))
    runner = start_runner()
    wait_until(IS_WAITING)
    runner.kill()
    runner.wait()
    another.execute("select pg_advisory_unlock(4711, %s)", (gate,))


@pytest.mark.parametrize("gate", range(len(STEPS) + 1))
@pytest.mark.parametrize("size", ["small", "large"])
def test_a_runner_killed_inside_a_transaction_leaves_all_or_nothing(
    database, load, another, start_runner, wait_until, relations, scalar, gate, size
):
    """A small migration is with the server as a whole: it may be finished without its runner."""
    padding = f"SELECT '{'x' * 2000}'" if size == "large" else "SELECT 'x'"
    migrations = load({"001_a.up.sql": gated((*STEPS, padding))})

    kill_at(gate, another=another, start_runner=start_runner, wait_until=wait_until)
    wait_until(NOBODY_HOLDS_THE_LOCK)

    left = ([row.version for row in read_history(database)], relations())
    assert left in [([], set()), (["001"], {"a", "x"})]
    assert size == "small" or left == ([], set())

    migrate_up(database, migrations)

    assert relations() == {"a", "x"}
    assert scalar("select count(*) from a") == 1


@pytest.mark.pg(">= 14")
def test_the_server_notices_that_a_runner_was_killed(
    load, another, start_runner, wait_until, relations
):
    load({"001_a.up.sql": "CREATE TABLE a (i int); SELECT pg_sleep(60);"})
    runner = start_runner()
    wait_until(
        "exists (select from pg_stat_activity"
        " where datname = current_database() and wait_event = 'PgSleep')"
    )

    runner.kill()
    wait_until(NOBODY_HOLDS_THE_LOCK)

    assert relations() == set()


@pytest.mark.parametrize("gate", range(len(STEPS) + 1))
@pytest.mark.parametrize("kind", ["sql", "py"])
def test_a_runner_killed_between_steps_is_taken_up_where_it_stopped(
    database, load, another, start_runner, wait_until, relations, scalar, gate, kind
):
    text = gated(STEPS, head="-- confiture: transactional: false\n")
    name = "001_a.up.sql"
    if kind == "py":
        name = "001_a.py"
        calls = "".join(f"        self.execute({line!r})\n" for line in text.splitlines()[1:])
        text = (
            "from confiture import Migration\n\nclass A(Migration):\n"
            f"    transactional = False\n    def up(self):\n{calls}"
        )
    migrations = load({name: text})

    kill_at(gate, another=another, start_runner=start_runner, wait_until=wait_until)
    wait_until(NOBODY_HOLDS_THE_LOCK)

    assert read_history(database) == ()
    assert len(relations()) == (0, 1, 1, 2)[gate]

    migrate_up(database, migrations)

    assert relations() == {"a", "x"}
    assert scalar("select count(*) from a") == 1
    assert scalar("select to_regclass('confiture_migration_progress') is null")


@pytest.mark.parametrize("ending", ["completes", "is ended"])
def test_a_runner_killed_while_it_builds_an_index_concurrently_is_taken_up(
    database, load, another, start_runner, wait_until, scalar, ending
):
    """The server goes on building for the dead runner, and may come to an end or not."""
    database.execute("create table t (i int)")
    migrations = load({"001_a.up.sql": "CREATE INDEX CONCURRENTLY x ON t (i);"})
    events: list[object] = []

    database.execute("begin; insert into t values (1)")  # which the build has to wait for
    runner = start_runner()
    wait_until(f"to_regclass('x') is not null and {IS_BUILDING}")
    runner.kill()
    runner.wait()
    if ending == "is ended":
        another.execute(
            "select pg_terminate_backend(pid) from pg_stat_progress_create_index"
            " where datname = current_database()"
        )
    database.execute("commit")
    wait_until(NOBODY_HOLDS_THE_LOCK)
    is_left_valid = scalar("select indisvalid from pg_index where indexrelid = 'x'::regclass")
    migrate_up(database, migrations, on_event=events.append)

    assert is_left_valid is (ending == "completes")
    assert scalar("select indisvalid from pg_index where indexrelid = 'x'::regclass")
    assert [row.version for row in read_history(database)] == ["001"]
    (recovered,) = [event for event in events if isinstance(event, Recovered)]
    assert recovered.message == (
        "the index public.x was complete"
        if is_left_valid
        else "dropped the invalid index public.x that was left behind"
    )


@pytest.mark.slow
def test_ten_runners_at_once_apply_each_migration_once(database, load, start_runner, scalar):
    texts = {
        f"00{n}_a.up.sql": f"CREATE TABLE a{n} (i int); SELECT pg_sleep(0.02);" for n in range(1, 6)
    }
    load(texts)

    outputs = [runner.communicate() for runner in [start_runner() for _ in range(10)]]

    assert [errors for _, errors in outputs] == [""] * 10
    applied = sorted(version for output, _ in outputs for version in output.split())
    assert applied == ["001", "002", "003", "004", "005"]
    assert scalar("select count(*) from confiture_migrations") == 5


def test_a_second_runner_is_told_who_holds_the_lock(database, load, another):
    another.execute("select pg_advisory_lock(%s)", (lock_key(HistoryTable()),))
    another.execute("create table busy ()")
    events: list[object] = []

    with pytest.raises(LockedError) as caught:
        migrate_up(
            database,
            load({"001_a.up.sql": "SELECT 1"}),
            limits=Limits(wait_s=0.1),
            on_event=events.append,
        )

    pid = another.info.backend_pid
    assert f"pid {pid} (nightly report" in str(caught.value)
    assert caught.value.detail == "it runs: create table busy ()"
    assert f"pg_terminate_backend({pid})" in (caught.value.hint or "")
    (waiting,) = events
    assert isinstance(waiting, Waiting)
    assert waiting.holder is not None
    assert waiting.holder.pid == pid


def test_a_lock_that_is_lost_on_the_way_is_found(database, load, another, relations):
    migrations = load(
        {
            "001_a.up.sql": "CREATE TABLE a (i int); SELECT pg_advisory_unlock_all();",
            "002_b.up.sql": "CREATE TABLE b (i int);",
        }
    )

    taking = threading.Thread(
        target=lambda: another.execute("select pg_advisory_lock(%s)", (lock_key(HistoryTable()),))
    )

    def stand_in_line(event: object) -> None:
        if isinstance(event, Planned):
            taking.start()
            waiting = "select 1 from pg_locks where locktype = 'advisory' and not granted"
            while not database.execute(waiting).fetchall():
                time.sleep(0.01)

    with pytest.raises(DatabaseError, match="the migration lock was lost"):
        migrate_up(database, migrations, on_event=stand_in_line)

    taking.join(30)
    assert relations() == {"a"}
    assert [row.version for row in read_history(database)] == ["001"]


@pytest.mark.parametrize("gate", range(3))
@pytest.mark.parametrize("kind", ["transaction", "steps"])
def test_a_runner_killed_on_the_way_down_is_taken_up(
    database, load, another, start_runner, wait_until, relations, gate, kind
):
    head = "-- confiture: transactional: false\n" if kind == "steps" else ""
    down = gated(("DROP INDEX x", "DROP TABLE a"), head=head)
    padding = f"SELECT '{'x' * 2000}';\n"  # too large to be sent as a whole
    migrations = load(
        {
            "001_a.up.sql": "CREATE TABLE a (i int); CREATE INDEX x ON a (i);",
            "001_a.down.sql": down + padding,
        }
    )
    migrate_up(database, migrations)

    kill_at(
        gate,
        another=another,
        start_runner=lambda: start_runner("down"),
        wait_until=wait_until,
    )
    wait_until(NOBODY_HOLDS_THE_LOCK)
    left = relations()
    assert [row.version for row in read_history(database)] == ["001"]

    migrate_down(database, migrations)

    assert left == ({"a", "x"} if kind == "transaction" else ({"a", "x"}, {"a"}, set())[gate])
    assert (read_history(database), relations()) == ((), set())


def test_the_lock_is_given_back(database, load):
    migrate_up(database, load({"001_a.up.sql": "SELECT 1"}))

    assert read_holder(database) is None


def test_waiting_for_the_lock_does_not_stop_an_index_from_being_built(
    database, load, start_runner, another
):
    """A session that waits in a statement holds a snapshot, and the build waits for that."""
    database.execute("create table t (i int)")
    load({"001_a.up.sql": "CREATE INDEX CONCURRENTLY x ON t (i);"})
    another.execute("begin; insert into t values (1)")
    first = start_runner()
    while database.execute(f"select {IS_BUILDING}").fetchone() == (False,):
        assert first.poll() is None
    second = start_runner()
    with pytest.raises(subprocess.TimeoutExpired):
        second.communicate(timeout=1)
    another.execute("commit")

    assert first.communicate(timeout=20) == ("001\n", "")
    assert second.communicate(timeout=20) == ("\n", "")


def test_a_lock_that_is_not_to_be_had_is_tried_again(database, load, another, relations):
    database.execute("create table a (i int)")
    migrations = load({"001_a.up.sql": "CREATE TABLE b (i int);\nALTER TABLE a ADD COLUMN j int;"})
    another.execute("begin; select from a")
    retries: list[Retrying] = []

    def end_the_other(event: object) -> None:
        if isinstance(event, Retrying):
            assert relations() == {"a"}
            retries.append(event)
            another.execute("commit")

    migrate_up(database, migrations, limits=Limits(lock_timeout_s=0.2), on_event=end_the_other)

    (retry,) = retries
    assert [blocker.application for blocker in retry.blockers] == ["nightly report"]
    assert relations() == {"a", "b"}


@pytest.mark.parametrize("kind", ["small", "python", "steps"])
def test_who_holds_up_a_migration_is_named_in_the_end(database, load, another, relations, kind):
    database.execute("create table a (i int)")
    texts = {
        "small": {"001_a.up.sql": "SELECT 1;\nALTER TABLE a ADD COLUMN j int;"},
        "python": {
            "001_a.py": "from confiture import Migration\nclass A(Migration):\n def up(self):\n"
            "  self.execute('''\n   SELECT 1;\n   ALTER TABLE a ADD COLUMN j int''')"
        },
        "steps": {
            "001_a.up.sql": "-- confiture: transactional: false\nALTER TABLE a ADD COLUMN j int;"
        },
    }
    another.execute("begin; select from a")

    with pytest.raises(LockedError) as caught:
        migrate_up(database, load(texts[kind]), limits=Limits(lock_timeout_s=0.3, lock_attempts=2))

    line = {"small": "up.sql:2", "python": "py:6", "steps": "up.sql:2"}[kind]
    assert str(caught.value) == (
        f"db/migrations/001_a.{line}: canceling statement due to lock timeout"
    )
    assert caught.value.detail is not None
    assert "tried 2 times" in caught.value.detail
    assert f"held up by pid {another.info.backend_pid} (nightly report" in caught.value.detail
    assert "begin; select from a" in caught.value.detail
    assert read_history(database) == ()


def test_a_migration_says_its_own_time_outs(database, load, another):
    database.execute("create table a (i int)")
    head = "-- confiture: lock_timeout: 100ms\n-- confiture: statement_timeout: 50ms\n"
    another.execute("begin; select from a")

    with pytest.raises(LockedError):
        migrate_up(
            database,
            load({"001_a.up.sql": head.replace("50ms", "5s") + "DROP TABLE a;"}),
            limits=Limits(lock_timeout_s=60, lock_attempts=1),
        )
    with pytest.raises(SqlError, match="canceling statement due to statement timeout"):
        migrate_up(database, load({"001_a.up.sql": head + "SELECT pg_sleep(20);"}))


def test_what_only_moves_rows_waits_for_its_locks(database, load, another, scalar):
    """No time-out strikes: nobody waits behind a row lock who would not wait anyway."""
    database.execute("create table a as select 1 as i")
    another.execute("begin; update a set i = 2")
    migrations = load({"001_a.up.sql": "UPDATE a SET i = i + 10;"})
    events: list[object] = []

    timer = threading.Timer(0.6, lambda: another.execute("commit"))
    timer.start()
    migrate_up(database, migrations, limits=Limits(lock_timeout_s=0.1), on_event=events.append)
    timer.join()

    assert scalar("select i from a") == 12
    assert not any(isinstance(event, Retrying) for event in events)


@pytest.mark.parametrize("size", [1, 2000])
def test_a_session_that_is_ended_is_an_error_that_says_so(database, load, another, size):
    text = f"CREATE TABLE a (i int);\nSELECT pg_sleep(20), '{'x' * size}';"
    timer = threading.Timer(
        0.3,
        lambda: another.execute("select pg_terminate_backend(%s)", (database.info.backend_pid,)),
    )
    timer.start()

    with pytest.raises(DatabaseError, match="the connection to the database was lost"):
        migrate_up(database, load({"001_a.up.sql": text}))

    timer.join()
    assert another.execute("select to_regclass('a') is null").fetchone() == (True,)
