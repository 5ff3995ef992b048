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
    "select nextval('cached') from generate_series(1, {n})",
    "insert into jotted (a) select g from generate_series(1, {n}) g",
    "insert into guarded values ({n})",
    "copy no_key from stdin",
    "copy jam (label, price) from stdin",
    "begin; insert into jam (shelf) values (70); insert into shelf overriding system value"
    " values (70, 'late'); commit",
    "begin; insert into hen values ({n}, {n}); insert into egg values ({n}, {n}); commit",
    "delete from hen; delete from egg",
    "select empty_shelf({n} % 3)",
    "begin; delete from no_key; savepoint s; delete from no_key; rollback to s; commit",
    "do $$ begin for i in 1..{n} loop insert into audit (what) values (i); end loop; end $$",
    "truncate {t}",
    "truncate {t} restart identity cascade",
    "truncate only {t}",
    "truncate hen, egg",
    "truncate parted",
    "begin; truncate {t}; insert into no_key values ({n}); rollback",
    "begin; truncate {t}; savepoint s; truncate {t}; rollback to s; commit",
    "begin; truncate no_key; copy no_key from program 'echo {n}' with (freeze); commit",
    "do $$ begin truncate no_key; insert into no_key values ({n}); end $$",
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
    "begin; create temporary table t (id int) on commit drop; insert into t values (1); commit",
    "create temporary table t (id int) on commit delete rows",
    "create temporary view v as select * from jam",
    "create temporary sequence q; select nextval('q')",
    "do $$ begin create temporary table t (id int); create index on t (id); end $$",
    "copy jam to stdout",
    "select pg_notify('news', repeat('x', {n}))",
    "select pg_try_advisory_lock_shared({n})",
    "set session authorization pg_monitor",
    "begin isolation level serializable",
    "select pg_stat_clear_snapshot()",
    "checkpoint",
)
CONTROL = (
    *("begin", "commit", "rollback", "savepoint s", "rollback to s", "begin read only"),
    "prepare transaction 'workload {n}'",
)
MORE = (
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
    "vacuum full {t}",
    "begin; insert into no_key values ({n}); prepare transaction 'workload {n}'",
    "commit prepared 'workload {n}'",
    "rollback prepared 'workload {n}'",
    "create extension pg_trgm",
    "begin; create extension citext; rollback",
    "create extension hstore; drop extension hstore",
    "create event trigger watch on ddl_command_end execute function on_ddl()",
    "begin; create event trigger watch on sql_drop execute function on_ddl(); rollback",
    "do $$ begin create table made (id int); drop table made; end $$",
    "do $$ begin create index made on no_key (a); drop index made; end $$",
    "do $$ begin execute 'alter table jam rename label to name'; end $$",
    "alter table {t} set unlogged",
    "alter table no_key alter a type bigint",
    "alter table {t} set (fillfactor = 50)",
    "create statistics s on id, label from jam",
    "alter function on_ddl() rename to off_ddl",
    "create materialized view more as select 1; drop materialized view more",
    "select lo_unlink(lo_from_bytea(0, 'abc'))",
    "create table t as select 1; truncate no_key; drop table t",
    "truncate jam; analyze jam",
    "update pg_class set reltuples = {n} where relname = 'jam'",
    "create publication everything for all tables",
    "do $$ begin execute format('alter database %I set work_mem = ''{n}MB''',"
    " current_database()); end $$",
)
TABLES = (
    *("jam", "no_key", "parted", "parted_old", "scratch", "audit", "self_cycle", "hen", "jotted"),
    *("guarded", "shelf"),
)


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
            if statement.startswith("copy ") and "program" not in statement:
                copy(connection, statement)
            else:
                connection.execute(statement.encode())
        except psycopg.Error:
            continue
    return second


def copy(connection: Connection, statement: str) -> None:
    """Copy two rows in, or all out."""
    with connection.cursor().copy(statement.encode()) as rows:
        if "stdin" in statement:
            rows.write("1\t2\n3\t\\N\n")
        else:
            list(rows)


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
