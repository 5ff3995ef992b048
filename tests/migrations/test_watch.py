"""Long migrations: how far they are, and whom they wait for."""

from __future__ import annotations

import threading

import pytest

from confiture_core.migrations import watch
from confiture_core.migrations.events import Advanced, Working
from confiture_core.migrations.executor import Limits, migrate_up


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch):
    monkeypatch.setattr(watch, "_LOOK_EVERY_S", 0.02)
    monkeypatch.setattr(watch, "_FIRST_TOLD_S", 0.1)


def test_the_build_of_an_index_tells_how_far_it_is(database, load, another):
    """A function that waits, called for each row, keeps the build going until it was told of."""
    database.execute(
        "create table t (i int); insert into t select generate_series(1, 5000);"
        "create function slow(i int) returns int immutable language plpgsql as"
        " $$ begin perform pg_sleep(0.0005); return i; end $$"
    )
    migrations = load({"001_a.up.sql": "CREATE INDEX CONCURRENTLY x ON t (slow(i));"})
    events: list[object] = []

    migrate_up(database, migrations, limits=Limits(lock_timeout_s=0.1), on_event=events.append)

    told = [one for one in events if isinstance(one, Advanced)]
    assert told
    assert {one.migration.version for one in told} == {"001"}
    assert any(
        one.what == "indexing t: building index: scanning table" and one.unit == "blocks"
        for one in told
    )


def test_who_takes_long_says_that_it_is_still_there_and_whom_it_waits_for(database, load, another):
    database.execute("create table t (i int)")
    migrations = load({"001_a.up.sql": "UPDATE t SET i = 1;"})  # which waits for ever
    events: list[object] = []
    another.execute("begin; lock table t")

    def end_it(event: object) -> None:
        events.append(event)
        if isinstance(event, Working) and event.blockers:
            ending.start()

    ending = threading.Timer(0.0, lambda: another.execute("rollback"))
    migrate_up(database, migrations, limits=Limits(lock_timeout_s=0.1), on_event=end_it)

    (working,) = [one for one in events if isinstance(one, Working)][:1]
    assert working.migration.version == "001"
    assert [one.application for one in working.blockers] == ["nightly report"]
