"""A layer is built once whoever asks, is exactly what was built, and never half of it."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql

from confiture_core.errors import TemplateError
from confiture_core.factory import databases, marks
from confiture_core.factory.clones import make_clone
from confiture_core.factory.layers import BUILD_LOCKS, Layer, ensure, ensure_layer, lock_key
from confiture_core.factory.owners import this_process

if TYPE_CHECKING:
    from collections.abc import Callable

    from confiture_core.factory.databases import Connection
    from confiture_core.server import Server

    MakeLayer = Callable[..., Layer]

JAM = "create table jam (fruit text); insert into jam values ('plum')"


def rows(server: Server, name: str, query: str) -> list[tuple[object, ...]]:
    with databases.connect(server, name) as connection:
        return connection.execute(query.encode()).fetchall()


def exists(maintenance: Connection, name: str) -> bool:
    row = maintenance.execute("select 1 from pg_database where datname = %s", (name,)).fetchone()
    return row is not None


def free_name(server: Server, maintenance: Connection, layer: Layer) -> str:
    """Give the name that the layer's database has once there is one; there is none."""
    name = ensure(maintenance, server, layer).name
    databases.drop(maintenance, name)
    return name


def test_a_layer_is_built_once(
    server: Server, maintenance: Connection, make_layer: MakeLayer
) -> None:
    layer = make_layer(JAM)

    first = ensure(maintenance, server, layer)
    second = ensure(maintenance, server, layer)

    assert not first.is_hit
    assert second.is_hit
    assert second.name == first.name


def test_a_layer_that_comments_on_its_database_is_built_once(
    server: Server, maintenance: Connection, make_layer: MakeLayer
) -> None:
    layer = make_layer(
        "do $$ begin execute format('comment on database %I is %L', current_database(), 'jam');"
        " end $$"
    )

    first, second = (ensure(maintenance, server, layer) for _ in range(2))

    assert not first.is_hit
    assert second.is_hit


def test_a_clone_holds_what_the_layer_and_its_parents_hold(
    server: Server, maintenance: Connection, make_layer: MakeLayer
) -> None:
    child = make_layer("insert into jam values ('fig')", parent=make_layer(JAM), kind="seeds")
    template = ensure(maintenance, server, child)

    name = make_clone(maintenance, server, template).name

    try:
        assert rows(server, name, "select fruit from jam") == [("plum",), ("fig",)]
    finally:
        databases.drop(maintenance, name)


def test_other_contents_other_parents_or_other_settings_are_another_layer() -> None:
    layer = Layer(kind="schema", contents=("a", "b"))

    others = [
        Layer(kind="seeds", contents=("a", "b")),
        Layer(kind="schema", contents=("b", "a")),
        Layer(kind="schema", contents=("ab",)),
        Layer(kind="schema", contents=("a", "b"), parent=layer),
        Layer(kind="schema", contents=("a", "b"), settings=("missing roles: create",)),
    ]

    assert len({layer.digest, *(other.digest for other in others)}) == len(others) + 1
    assert Layer(kind="schema", contents=("a", "b"), shown="shop").digest == layer.digest


def test_a_template_lets_no_one_in(
    server: Server, maintenance: Connection, make_layer: MakeLayer
) -> None:
    template = ensure(maintenance, server, make_layer(JAM))

    with pytest.raises(psycopg.OperationalError, match="not currently accepting connections"):
        psycopg.connect(server.conninfo(template.name))


def test_a_build_that_fails_leaves_nothing_and_is_tried_again(
    server: Server, maintenance: Connection, make_layer: MakeLayer
) -> None:
    layer = make_layer(JAM)

    def fail(connection: Connection) -> None:
        connection.execute("create table half (built int)")
        connection.execute("create table jam (fruit txt)")

    with pytest.raises(psycopg.errors.UndefinedObject):
        ensure_layer(server, layer, fail)

    template = ensure(maintenance, server, layer)
    name = make_clone(maintenance, server, template).name
    assert rows(server, name, "select to_regclass('half')") == [(None,)]
    databases.drop(maintenance, name)


def test_a_half_built_layer_is_built_again(
    server: Server, maintenance: Connection, make_layer: MakeLayer
) -> None:
    """As after a kill: the database is there, a session is still busy in it, the lock is free."""
    layer = make_layer(JAM)
    complete = ensure(maintenance, server, layer)
    [(comment,)] = maintenance.execute(
        "select shobj_description(oid, 'pg_database') from pg_database where datname = %s",
        (complete.name,),
    ).fetchall()
    mark = marks.parse_mark(comment)
    assert mark is not None
    databases.drop(maintenance, complete.name)
    databases.create(maintenance, complete.name, template="template0", mark=mark)
    busy = databases.connect(server, complete.name)
    busy.execute("create table half (built int)")

    template = ensure(maintenance, server, layer)

    busy.close()
    name = make_clone(maintenance, server, template).name
    assert not template.is_hit
    assert rows(server, name, "select to_regclass('half'), fruit from jam") == [(None, "plum")]
    databases.drop(maintenance, name)


def test_many_who_ask_at_once_build_once(server: Server, make_layer: MakeLayer) -> None:
    layer = make_layer(JAM)
    built: list[int] = []
    names: list[str] = []

    def build(connection: Connection) -> None:
        built.append(1)
        connection.execute(f"{JAM}; select pg_sleep(0.2)")

    def ask() -> None:
        names.append(ensure_layer(server, layer, build))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(built) == 1
    assert len(names) == 4
    assert len(set(names)) == 1


def test_a_template_dropped_by_hand_is_named_by_a_clone_and_built_by_the_next_who_asks(
    server: Server, maintenance: Connection, make_layer: MakeLayer
) -> None:
    layer = make_layer(JAM)
    template = ensure(maintenance, server, layer)
    databases.drop(maintenance, template.name)

    with pytest.raises(TemplateError, match="was dropped"):
        make_clone(maintenance, server, template)

    assert not ensure(maintenance, server, layer).is_hit


def test_a_database_of_someone_else_in_the_place_of_a_layer_is_left_alone(
    server: Server, maintenance: Connection, make_layer: MakeLayer
) -> None:
    layer = make_layer(JAM)
    name = free_name(server, maintenance, layer)
    maintenance.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    try:
        with pytest.raises(TemplateError, match="in the way"):
            ensure(maintenance, server, layer)

        assert exists(maintenance, name)
    finally:
        maintenance.execute(sql.SQL("drop database {}").format(sql.Identifier(name)))


def test_a_layer_that_a_crash_left_without_its_mark_is_built_again(
    server: Server, maintenance: Connection, make_layer: MakeLayer
) -> None:
    layer = make_layer(JAM)
    name = free_name(server, maintenance, layer)
    limit = marks.making_limit(this_process().lock_key)
    maintenance.execute(
        sql.SQL("create database {} connection limit {}").format(
            sql.Identifier(name), sql.Literal(limit)
        )
    )

    template = ensure(maintenance, server, layer)

    assert (template.name, template.is_hit) == (name, False)
    assert template.attributes.connection_limit == -1


def test_a_layer_that_has_not_got_its_mark_yet_is_waited_for(
    server: Server, maintenance: Connection, make_layer: MakeLayer
) -> None:
    layer = make_layer(JAM)
    name = free_name(server, maintenance, layer)
    database = sql.Identifier(name)
    found: list[str] = []
    asking = threading.Thread(target=lambda: found.append(ensure_layer(server, layer)))

    with databases.connect(server) as builder:
        key = (BUILD_LOCKS, lock_key(name))
        builder.execute("select pg_advisory_lock(%s::int, %s::int)", key)
        builder.execute(sql.SQL("create database {} template template0").format(database))
        asking.start()
        waiting = "select 1 from pg_locks where locktype = 'advisory' and not granted"
        while asking.is_alive() and not builder.execute(waiting).fetchall():
            time.sleep(0.01)
        builder.execute(sql.SQL("drop database {}").format(database))
    asking.join(30)

    assert found == [name]


def test_a_build_that_leaves_a_prepared_transaction_is_refused(
    server: Server, maintenance: Connection, make_layer: MakeLayer
) -> None:
    limit = maintenance.execute("show max_prepared_transactions").fetchone()
    if limit == ("0",):
        pytest.skip("the server has no prepared transactions")
    layer = make_layer("begin; create table jam (); prepare transaction 'stuck'")

    with pytest.raises(TemplateError, match='"stuck" prepared'):
        ensure(maintenance, server, layer)


def test_settings_and_privileges_of_the_layers_database_are_those_of_its_clones(
    server: Server, maintenance: Connection, make_layer: MakeLayer
) -> None:
    role = f"confiture_test_{os.getpid()}"
    maintenance.execute(sql.SQL("create role {}").format(sql.Identifier(role)))
    layer = make_layer(f"""
        create schema pantry;
        do $$
        declare here text := quote_ident(current_database());
        begin
            execute 'alter database ' || here || ' set search_path to pantry, "$user", public';
            execute 'alter database ' || here || ' set work_mem to ''7MB''';
            execute 'alter database ' || here || ' set confiture.flavour to ''a, "b"''';
            execute 'alter role {role} in database ' || here || ' set search_path to ''''';
            execute 'revoke connect on database ' || here || ' from public';
            execute 'grant create on database ' || here || ' to {role} with grant option';
            execute 'alter database ' || here || ' connection limit 9';
        end $$;
    """)
    child = make_layer("create table jam ()", parent=layer, kind="seeds")
    template = ensure(maintenance, server, child)
    facts = sql.SQL("""
        select datacl, datconnlimit,
            (select array_agg((setrole, setconfig)::text order by setrole)
             from pg_db_role_setting where setdatabase = oid)
        from pg_database where datname = {}
    """)

    name = make_clone(maintenance, server, template).name

    try:
        wanted = maintenance.execute(facts.format(sql.Literal(template.name))).fetchone()
        assert wanted is not None
        assert None not in wanted
        assert maintenance.execute(facts.format(sql.Literal(name))).fetchone() == wanted
        assert rows(server, name, "show confiture.flavour") == [('a, "b"',)]
        assert rows(server, name, "select 'jam'::regclass::text") == [("jam",)]
    finally:
        databases.drop(maintenance, name)
        databases.drop(maintenance, template.name)
        databases.drop(maintenance, ensure(maintenance, server, layer).name)
        maintenance.execute(sql.SQL("drop role {}").format(sql.Identifier(role)))
