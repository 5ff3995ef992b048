"""What the tests of the factory share."""

from __future__ import annotations

import functools
import uuid
from typing import TYPE_CHECKING

import pytest
from psycopg import sql

from confiture_core.factory import databases
from confiture_core.factory.layers import Layer
from confiture_core.factory.marks import parse_mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from confiture_core.factory.databases import Connection
    from confiture_core.server import Server


SHOP = """
create type fruit as enum ('plum', 'fig');
create table shelf (id int generated always as identity primary key, name text not null unique);
create table jam (
    id serial primary key,
    shelf int references shelf deferrable initially deferred,
    fruit fruit not null default 'plum',
    label text,
    price numeric(10, 2),
    total numeric generated always as (price * 2) stored
);
create table self_cycle (id int primary key, next int references self_cycle);
create table no_key (a int, b text);
create table parted (id int, at date) partition by range (at);
create table parted_old partition of parted for values from ('2000-01-01') to ('2020-01-01');
create table parted_new partition of parted default;
create unlogged table scratch (id int);
create table audit (id bigserial, what text);
create function note() returns trigger language plpgsql as
$$ begin insert into audit (what) values (tg_table_name || tg_op); return null; end $$;
create trigger note after insert or update or delete on jam
    for each row execute function note();
create materialized view labels as select label from jam;
create sequence lone start 7 increment 3;
create sequence cached cache 10;
create table hen (id int primary key, egg int);
create table egg (id int primary key, hen int references hen deferrable initially deferred);
alter table hen add foreign key (egg) references egg deferrable initially deferred;
create unlogged table jotted (id serial, a int);
create table guarded (id int);
create trigger note after insert or update or delete on guarded
    for each row execute function note();
alter table guarded enable always trigger note;
create function on_ddl() returns event_trigger language plpgsql as $$ begin end $$;
create function empty_shelf(which int) returns void language sql as
$$ delete from jam where shelf = which; delete from shelf where id = which $$;
create view cheap as select * from jam where price < 5;
"""
SEEDS = """
insert into shelf (name) values ('top'), ('middle'), ('bottom');
insert into jam (shelf, label, price)
select n % 3 + 1, 'jam ' || n, n from generate_series(1, 20) n;
insert into jam (label) values (repeat('long ', 4000));
insert into self_cycle values (1, 2), (2, 1);
insert into no_key values (1, 'x'), (1, 'x'), (null, null);
insert into parted values (1, '2010-01-01'), (2, '2030-01-01');
insert into scratch values (1);
insert into hen values (1, 1);
insert into egg values (1, 1);
insert into jotted (a) values (1), (2);
insert into guarded values (1);
select nextval('cached');
refresh materialized view labels;
"""

# Columns that say how something is stored, not what it is.
_VOLATILE = {
    "pg_class": (
        *("relfilenode", "relpages", "reltuples", "relallvisible", "relallfrozen"),
        *("relfrozenxid", "relminmxid"),
    ),
}
_CATALOGS = """
select relname from pg_class
where relnamespace = 'pg_catalog'::regnamespace and relkind = 'r' and not relisshared
"""
_RELATIONS = """
select n.nspname, c.relname, c.relkind from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'm', 'S') and n.nspname not in ('pg_catalog', 'information_schema')
and n.nspname !~ '^pg_' order by 1, 2
"""
_OUTSIDE = """
select datacl::text, datconnlimit, datdba::regrole::text, datallowconn,
  (select array_agg((setrole, setconfig)::text order by setrole)
   from pg_db_role_setting where setdatabase = d.oid),
  (select count(*) from pg_prepared_xacts where database = d.datname),
  (select count(*) from pg_subscription where subdbid = d.oid)
from pg_database d where datname = current_database()
"""


@pytest.fixture
def maintenance(server: Server) -> Iterator[Connection]:
    with databases.maintenance(server) as connection:
        yield connection


@pytest.fixture
def make_layer(maintenance: Connection) -> Iterator[Callable[..., Layer]]:
    """Make layers of SQL text, unlike those of any other test, dropped afterwards."""
    shown = f"test {uuid.uuid4().hex}"

    def make(text: str, *, parent: Layer | None = None, kind: str = "schema") -> Layer:
        return Layer(
            kind=kind,
            contents=(text,),
            parent=parent,
            settings=(shown,),
            build=lambda connection: connection.execute(text.encode()),
            shown=shown,
        )

    yield make
    rows = maintenance.execute(
        "select datname, shobj_description(oid, 'pg_database') from pg_database"
    ).fetchall()
    for name, comment in rows:
        mark = parse_mark(comment)
        if mark is not None and mark.shown == shown:
            databases.drop(maintenance, name)


@pytest.fixture
def shop(make_layer: Callable[..., Layer]) -> Layer:
    return make_layer(SEEDS, parent=make_layer(SHOP), kind="seeds")


@pytest.fixture
def fingerprint(server: Server) -> Callable[[str], dict[str, object]]:
    """Read everything a test could see of a database: the oracle of what a reset must restore.

    Asked of the catalogs in other words than the factory's own.
    """
    return functools.partial(_fingerprint, server)


def _fingerprint(server: Server, name: str) -> dict[str, object]:
    """Read all rows, sequences, catalogs and settings of a database."""
    with databases.connect(server, name, prepare_threshold=None) as connection:
        relations = connection.execute(_RELATIONS).fetchall()
        found: dict[str, object] = {
            f"{schema}.{relation}": _state(connection, schema, relation, kind)
            for schema, relation, kind in relations
        }
        for (catalog,) in connection.execute(_CATALOGS).fetchall():
            found[catalog] = _catalog(connection, catalog)
        found["outside"] = connection.execute(_OUTSIDE).fetchone()
        return found


def _state(connection: Connection, schema: str, relation: str, kind: str) -> object:
    identifier = sql.Identifier(schema, relation)
    if kind == "S":
        query = sql.SQL("select last_value, is_called from {}").format(identifier)
    else:
        query = sql.SQL(
            "select count(*), md5(string_agg(t::text, '|' order by t::text)) from only {} t"
        ).format(identifier)
    return connection.execute(query).fetchone()


def _catalog(connection: Connection, catalog: str) -> object:
    volatile = list(_VOLATILE.get(catalog, ()))
    row = sql.SQL("to_jsonb(t) - {}::text[]").format(volatile) if volatile else sql.SQL("t")
    query = sql.SQL(
        "select count(*), md5(string_agg(r, '|' order by r collate \"C\"))"
        " from (select ({})::text as r from {} t) s"
    ).format(row, sql.Identifier("pg_catalog", catalog))
    return connection.execute(query).fetchone()
