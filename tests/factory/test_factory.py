"""A database that is handed on is exactly what its template is, whatever its user did."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg.rows import dict_row
from psycopg.types.string import TextLoader

from confiture_core.factory import databases
from confiture_core.factory.factory import Factory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from confiture_core.factory.databases import Connection
    from confiture_core.factory.layers import Layer
    from confiture_core.server import Server

    MakeLayer = Callable[..., Layer]
    Fingerprint = Callable[[str], dict[str, object]]


# What the planner knows of relations as such.
STATISTICS = "select oid, relpages, reltuples, relallvisible from pg_class order by oid"
MOVED = "(truncated, or written anew)"


def on_database(statement: str) -> str:
    escaped = statement.replace("'", "''")
    return f"do $$ begin execute format('{escaped}', current_database()); end $$"


@pytest.fixture
def factory(server: Server) -> Iterator[Factory]:
    made = Factory(server)
    yield made
    made.close()


def clones_of(maintenance: Connection) -> set[str]:
    """List the clones of this process that are on the server, whatever their mark."""
    query = "select datname from pg_database where starts_with(datname, %s)"
    return {row[0] for row in maintenance.execute(query, (f"confiture_clone_{os.getpid()}_",))}


def run(factory: Factory, layer: Layer, *statements: str) -> tuple[str, str]:
    """Take a database, run statements in it, give it back; say what became of it and why."""
    taken = factory.take(layer)
    for statement in statements:
        taken.session.execute(statement.encode())
    handling = factory.give_back(taken, in_detail=True)
    return handling.outcome, handling.changes


@pytest.mark.pg(">= 15")
@pytest.mark.parametrize(
    "statement",
    [
        "select * from jam",
        "select count(*) from cheap",
        "set search_path to nowhere",
        "listen news",
        "select pg_advisory_lock(1)",
        "prepare q as select 1",
        "begin",
        "begin; select * from jam",
        "set role pg_monitor",
        "begin; insert into scratch values (2); rollback",
    ],
)
def test_a_database_that_was_only_read_is_handed_on(
    factory: Factory, shop: Layer, statement: str
) -> None:
    assert run(factory, shop, statement) == ("untouched", "")


@pytest.mark.pg(">= 15")
@pytest.mark.parametrize(
    ("statement", "changes"),
    [
        ("insert into no_key values (2, 'y')", "no_key +1 ~0 -0"),
        ("update shelf set name = name || '!'", "shelf +0 ~3 -0"),
        ("delete from self_cycle", "self_cycle +0 ~0 -2"),
        ("insert into parted values (3, '2011-01-01')", "parted_old +1 ~0 -0"),
        ("select nextval('lone')", "sequence lone"),
        ("select setval('lone', 100)", "sequence lone"),
        ("truncate no_key", f"no_key +0 ~0 -0 {MOVED}"),
        ("truncate scratch", f"scratch +0 ~0 -0 {MOVED}"),
        (
            "truncate shelf restart identity cascade",
            f"shelf +0 ~0 -0 {MOVED}, jam +0 ~0 -0 {MOVED},"
            " sequence shelf_id_seq, sequence jam_id_seq",
        ),
        (
            "truncate parted; insert into parted values (9, '2011-01-01')",
            f"parted_old +1 ~0 -0 {MOVED}, parted_new +0 ~0 -0 {MOVED}",
        ),
        ("reindex table no_key", f"no_key +0 ~0 -0 {MOVED}"),
        ("vacuum full jam", f"jam +0 ~0 -0 {MOVED}"),
        (
            "insert into jam (label) values ('x')",
            "jam +1 ~0 -0, audit +1 ~0 -0, sequence jam_id_seq, sequence audit_id_seq",
        ),
        (
            "update jam set label = repeat('other ', 4000) where id = 21",
            "jam +0 ~1 -0, audit +1 ~0 -0, sequence audit_id_seq",
        ),
    ],
)
def test_rows_and_sequences_are_restored(
    fingerprint: Fingerprint, factory: Factory, shop: Layer, statement: str, changes: str
) -> None:
    taken = factory.take(shop)
    before = fingerprint(taken.name)
    statistics = taken.session.execute(STATISTICS).fetchall()
    factory.give_back(taken)

    outcome, shown = run(factory, shop, statement)

    again = factory.take(shop)
    assert shown == changes
    assert outcome == "restored"
    assert again.name == taken.name
    assert fingerprint(again.name) == before
    assert again.session.execute(STATISTICS).fetchall() == statistics


@pytest.mark.pg(">= 15")
def test_without_detail_rows_are_not_counted(factory: Factory, shop: Layer) -> None:
    taken = factory.take(shop)
    taken.session.execute("insert into jam (label) values ('x'); truncate no_key")

    handling = factory.give_back(taken)

    assert handling.outcome == "restored"
    assert handling.changes == (
        f"jam, no_key {MOVED}, audit, sequence jam_id_seq, sequence audit_id_seq"
    )


@pytest.mark.pg(">= 15")
def test_rows_are_counted_since_the_last_restoring(factory: Factory, shop: Layer) -> None:
    for _ in range(2):
        taken = factory.take(shop)
        taken.session.execute("insert into no_key values (2, 'y'); insert into scratch values (1)")
        assert factory.give_back(taken).outcome == "restored"

    assert run(factory, shop, "delete from no_key; delete from scratch") == (
        "restored",
        "no_key +0 ~0 -3, scratch +0 ~0 -1",
    )


@pytest.mark.pg(">= 15")
def test_a_session_that_is_lost_while_no_one_has_the_database_is_noticed(
    factory: Factory, shop: Layer, maintenance: Connection
) -> None:
    taken = factory.take(shop)
    taken.session.execute("insert into no_key values (2, 'y')")
    factory.give_back(taken)
    databases.end_backends(maintenance, taken.name)

    again = factory.take(shop)

    assert again.session.execute("select count(*) from no_key").fetchone() == (3,)


@pytest.mark.pg(">= 15")
@pytest.mark.parametrize(
    "statement",
    [
        "create temporary table more (id int, label text)",
        "create temporary table more as select * from jam",
        "create temporary table more (id serial primary key)",
        "begin; create table more (id int); rollback",
        "begin; create function f() returns int language sql as 'select 1'; rollback",
        "create function f() returns int language sql as 'select 1'; drop function f()",
        "begin; drop table no_key; rollback",
        "set track_counts = off; insert into no_key values (3)",
        "begin; set local track_counts = off; delete from jam; commit",
        "set track_counts = off; select nextval('lone')",
        "set track_counts = off; insert into scratch values (3)",
    ],
)
def test_what_is_gone_again_or_was_not_counted_is_restored(
    fingerprint: Fingerprint, factory: Factory, shop: Layer, statement: str
) -> None:
    taken = factory.take(shop)
    before = fingerprint(taken.name)
    factory.give_back(taken)

    outcome, _ = run(factory, shop, statement)

    again = factory.take(shop)
    assert outcome in {"untouched", "restored"}
    assert again.name == taken.name
    assert fingerprint(again.name) == before


@pytest.mark.parametrize(
    "statement",
    [
        "create table more (id int)",
        "alter table jam add column more int",
        "truncate no_key; alter table no_key add column c int",
        "drop view cheap",
        "drop table jam cascade",
        "refresh materialized view labels",
        "select lo_create(0)",
        "comment on table jam is 'sweet'",
        "grant select on jam to public",
        on_database("alter database %I set work_mem to '1MB'"),
        on_database("revoke connect on database %I from public"),
        on_database("comment on database %I is null"),
        on_database("comment on database %I is 'confiture:{}'"),
        "alter sequence lone restart",
        "create statistics s on id, label from jam",
        "analyze jam",
        "truncate jam; analyze shelf",
        "select pg_stat_reset()",
        "select pg_stat_reset_single_table_counters('jam'::regclass)",
        "insert into no_key select n from generate_series(1, 30000) n",
    ],
)
def test_a_database_where_more_happened_is_thrown_away(
    factory: Factory, shop: Layer, maintenance: Connection, statement: str
) -> None:
    outcome, _ = run(factory, shop, statement)

    factory.close()
    assert outcome == "dropped"
    assert not clones_of(maintenance)


def test_nothing_of_a_factory_is_left_once_it_is_closed(
    server: Server, maintenance: Connection, shop: Layer
) -> None:
    factory = Factory(server)
    for statement in ("select 1", "insert into no_key values (1)", "create table x ()") * 2:
        run(factory, shop, statement)
    factory.take(shop)
    assert clones_of(maintenance)

    factory.close()

    assert not clones_of(maintenance)


@pytest.mark.pg(">= 15")
@pytest.mark.parametrize(
    "statement",
    [
        "truncate jam restart identity",
        "truncate jotted restart identity",
        "alter sequence lone restart",
        "lock jam in access exclusive mode",
    ],
)
def test_a_lock_left_in_an_open_transaction_is_not_waited_for(
    factory: Factory, shop: Layer, server: Server, fingerprint: Fingerprint, statement: str
) -> None:
    taken = factory.take(shop)
    before = fingerprint(taken.name)
    left_open = databases.connect(server, taken.name, autocommit=False)
    left_open.execute(statement.encode())

    handling = factory.give_back(taken)

    left_open.close()
    assert handling.outcome == "dropped"
    assert "idle in transaction" in handling.leaks[0]
    assert handling.returned_s < 5
    assert fingerprint(factory.take(shop).name) == before


@pytest.mark.pg(">= 15")
def test_a_lock_on_a_catalog_is_not_waited_for(
    factory: Factory, shop: Layer, server: Server
) -> None:
    taken = factory.take(shop)
    left_open = databases.connect(server, taken.name, autocommit=False)
    left_open.execute("lock pg_class in access exclusive mode")

    handling = factory.give_back(taken)

    left_open.close()
    assert handling.outcome == "dropped"
    assert handling.returned_s < 10


@pytest.mark.pg(">= 15")
def test_a_lock_of_a_prepared_transaction_is_not_waited_for(
    factory: Factory, shop: Layer, maintenance: Connection
) -> None:
    if maintenance.execute("show max_prepared_transactions").fetchone() == ("0",):
        pytest.skip("the server has no prepared transactions")
    locked = "begin; alter sequence lone restart; prepare transaction 'locked'"

    outcome, changes = run(factory, shop, locked)

    assert (outcome, changes) == ("dropped", "a sequence (locked by a prepared transaction)")


@pytest.mark.pg(">= 15")
def test_who_left_a_connection_open_does_not_find_the_database_again(
    factory: Factory, shop: Layer, server: Server
) -> None:
    taken = factory.take(shop)
    left_open = databases.connect(server, taken.name)

    handling = factory.give_back(taken)

    left_open.close()
    assert handling.outcome == "dropped"
    assert factory.take(shop).name != taken.name


def test_a_database_whose_session_is_closed_is_dropped(
    factory: Factory, shop: Layer, maintenance: Connection
) -> None:
    taken = factory.take(shop)
    taken.close()

    handling = factory.give_back(taken)

    factory.close()
    assert handling.outcome == "dropped"
    assert not clones_of(maintenance)


@pytest.mark.pg(">= 15")
def test_what_python_keeps_of_a_session_is_not_handed_on(
    factory: Factory, shop: Layer, server: Server
) -> None:
    taken = factory.take(shop)
    session = taken.session
    session.execute("listen news")
    session.execute("notify news, 'read with its answer'")
    with databases.connect(server, taken.name) as other:
        other.execute("notify news, 'read with a later answer'")
    session.row_factory = dict_row  # type: ignore[assignment]
    session.adapters.register_loader("int4", TextLoader)
    session.autocommit = False
    session.transaction().__enter__()

    factory.give_back(taken)
    again = factory.take(shop)

    assert again.name == taken.name
    assert list(again.session.notifies(timeout=0)) == []
    assert again.session.execute("select 1").fetchone() == (1,)
    assert again.session.autocommit


class TimeIsUpError(Exception):
    """As plugins raise it that limit the time of a test, wherever it is."""


# A connection that is just being opened is closed as nothing holds it any more.
@pytest.mark.filterwarnings("ignore:unclosed|.* was deleted while still open:ResourceWarning")
def test_an_interrupt_at_any_moment_does_no_harm(
    factory: Factory, shop: Layer, maintenance: Connection
) -> None:
    def interrupt(*_: object) -> None:
        raise TimeIsUpError

    before = signal.signal(signal.SIGALRM, interrupt)
    start = time.perf_counter()
    run(factory, shop, "delete from jam")
    whole_s = time.perf_counter() - start
    try:
        for number in range(1, 13):
            statement = ("delete from jam", "create table more ()")[number % 2]
            with suppress(TimeIsUpError, psycopg.OperationalError):
                signal.setitimer(signal.ITIMER_REAL, whole_s * number / 12)
                run(factory, shop, statement)
            signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    taken = factory.take(shop)

    assert taken.session.execute("select count(*) from jam").fetchone() == (21,)
    factory.close()
    assert not clones_of(maintenance)
