"""Generated workloads: what is handed on after them equals the template, in all a test can see.

`CONFITURE_WORKLOADS=2000` runs more of them; the seed of each is in its message.
"""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import psycopg
import pytest

from confiture_core.factory import databases
from confiture_core.factory.factory import Factory

if TYPE_CHECKING:
    from collections.abc import Callable

    from confiture_core.factory.clones import Clone
    from confiture_core.factory.databases import Connection
    from confiture_core.factory.layers import Layer
    from confiture_core.server import Server

    Fingerprint = Callable[[str], dict[str, object]]

WORKLOADS = int(os.environ.get("CONFITURE_WORKLOADS", "40"))

# {n} is a number below 30, {t} a table.
ROWS = (
    "insert into shelf (name) values ('new {n}')",
    "insert into jam (label, shelf) select 'x' || g, g % 3 + 1 from generate_series(1, {n}) g",
    "insert into jam (fruit, label) values ('fig', repeat('long ', {n}00))",
    "insert into jam (label) values ('x') on conflict do nothing",
    "insert into no_key select * from no_key",
    "insert into parted values ({n}, '2015-01-{n}'::text::date)",
    "insert into parted select g, date '2019-12-20' + g from generate_series(1, {n}) g",
    "insert into self_cycle values (100 + {n}, 1)",
    "insert into scratch select generate_series(1, {n})",
    "update jam set label = label || '!' where id % 3 = {n} % 3",
    "update jam set id = id + 1000 where id = {n}",
    "update jam set price = price + 1",
    "update jam set label = repeat('other ', 4000) where id = 21",
    "update shelf set name = name || '{n}'",
    "update parted set at = at + 8000 where id = 1",
    "update no_key set a = {n}",
    "delete from jam where id = {n}",
    "delete from jam",
    "delete from {t}",
    "delete from self_cycle where id = 1",
    "with moved as (delete from no_key returning *) insert into no_key select a + 1, b from moved",
    "merge into no_key using shelf on a = id when matched then update set b = name",
    "select nextval('lone')",
    "select nextval('jam_id_seq') from generate_series(1, {n})",
    "select setval('lone', {n} + 7)",
    "select setval('jam_id_seq', 1, false)",
)
READS = (
    "select * from jam",
    "select * from jam for update",
    "select currval('lone')",
    "select last_value from lone",
    "select count(*) from cheap",
    "table no_such_table",
    "select 1 / 0",
    "lock shelf in exclusive mode",
    "set search_path to nowhere",
    "set session_replication_role = replica",
    "set constraints all deferred",
    "listen news",
    "notify news",
    "explain analyze insert into no_key values (5)",
    "declare c cursor with hold for select * from jam",
    "prepare q as select 1",
    "select pg_advisory_lock({n})",
    "set role pg_monitor",
    "set default_transaction_read_only = on",
    "set track_counts = off",
    "set local track_counts = off",
    "create temporary table temp_{n} as select * from jam",
    "create temporary table t (id serial primary key)",
)
CONTROL = ("begin", "commit", "rollback", "savepoint s", "rollback to s", "begin read only")
MORE = (
    "truncate no_key",
    "truncate shelf, jam restart identity cascade",
    "create table more as select * from jam",
    "create temporary table temp as select * from jam",
    "alter table no_key add column c int default 5",
    "create index on no_key (a)",
    "drop table no_key",
    "drop view cheap",
    "alter table jam disable trigger note",
    "create or replace view cheap as select * from jam",
    "refresh materialized view labels",
    "select lo_from_bytea(0, 'abc')",
    "comment on table jam is 'jam {n}'",
    "grant select on jam to public",
    "alter sequence lone increment {n} restart",
    "alter type fruit add value 'pear'",
    "analyze",
    "vacuum",
    "cluster jam using jam_pkey",
    "reindex table jam",
    "select pg_stat_reset()",
    "do $$ begin execute format('alter database %I set work_mem = ''{n}MB''',"
    " current_database()); end $$",
)
TABLES = ("jam", "no_key", "parted", "parted_old", "scratch", "audit", "self_cycle")


def generate(seed: int) -> list[tuple[int, str]]:
    """Write a workload: statements, each for one of two connections."""
    chosen = random.Random(seed)
    weights = chosen.choice([(6, 2, 2, 0), (3, 6, 2, 0), (4, 2, 2, 1), (0, 8, 2, 0)])
    kinds = chosen.choices((ROWS, READS, CONTROL, MORE), weights, k=chosen.randint(1, 7))
    return [
        (
            chosen.choice((0, 0, 1)),
            chosen.choice(kind).format(n=chosen.randint(1, 28), t=chosen.choice(TABLES)),
        )
        for kind in kinds
    ]


def run(server: Server, taken: Clone, workload: list[tuple[int, str]]) -> Connection | None:
    """Run a workload as its author's tests would: errors are caught, connections left open."""
    second: Connection | None = None
    taken.session.execute("set lock_timeout = 20")
    for number, statement in workload:
        if number == 1 and second is None:
            second = databases.connect(server, taken.name)
            second.execute("set lock_timeout = 20")
        connection = second if number == 1 and second is not None else taken.session
        try:
            connection.execute(statement.encode())
        except psycopg.Error:
            continue
    return second


@pytest.mark.pg(">= 15")
@pytest.mark.parametrize("first", range(0, WORKLOADS, 20))
def test_what_is_handed_on_after_a_workload_equals_the_template(
    server: Server, fingerprint: Fingerprint, shop: Layer, first: int
) -> None:
    factory = Factory(server)
    pristine = factory.take(shop)
    wanted = fingerprint(pristine.name)
    factory.give_back(pristine)

    for seed in range(first, min(first + 20, WORKLOADS)):
        taken = factory.take(shop)
        workload = generate(seed)
        second = run(server, taken, workload)
        if second is not None and seed % 3:
            second.close()
        handling = factory.give_back(taken)
        again = factory.take(shop)
        found = fingerprint(again.name)
        factory.give_back(again)
        if second is not None:
            second.close()

        wrong = {key for key in wanted if found[key] != wanted[key]}
        assert not wrong, f"seed {seed}, {handling.outcome}: {workload}"
        assert found.keys() == wanted.keys()
    factory.close()
