"""Rows made from a catalog: they fit, they are the same each time, with nulls and without."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from confiture_core.catalog.following import Follower
from confiture_core.catalog.reader import read_catalog
from confiture_core.verify.rows.contents import Reader, compare_contents
from confiture_core.verify.rows.fill import Filler
from confiture_core.verify.rows.tables import Tables, find_targets

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

    from confiture_core.catalog.model import Identity

_SCHEMAS = {
    "types of PostgreSQL": """
        create table t (
          a smallint, b bigint, c numeric(6, 2), d real, e double precision, f money, g boolean,
          h varchar(3), i char(2), j "char", k name, l bytea, m date, n timestamp, o timestamptz,
          p time, q timetz, r interval, s uuid, u json, v jsonb, w xml, x inet, y cidr, z macaddr,
          aa bit(5), ab varbit, ac point, ad line, ae lseg, af box, ag path, ah polygon, ai circle,
          aj tsvector, ak tsquery, al int4range, am tstzrange, an nummultirange, ao int[],
          ap text[][], aq oid, ar pg_lsn, at jsonpath, au numeric, av varchar(1))
    """,
    "types of the user's": """
        create type mood as enum ('sad', 'happy');
        create domain email as text check (value ~ '^[^@]+@[^@]+$');
        create domain code as varchar(4) not null check (length(value) = 4);
        create type place as (x int, feels mood);
        create type spans as range (subtype = int);
        create table t (a mood not null, b email not null, c code, d place, e mood[], f spans)
    """,
    "checks": """
        create table t (
          a text check (a in ('draft', 'done')),
          b int check (b between 3 and 7),
          c text not null check (length(c) = 64),
          d int, e int, check (d < e),
          f text check (f ~ '^[A-Z]{2}-\\d{4}$'),
          g bytea check (octet_length(g) = 32),
          h text, i text, check ((h is null) <> (i is null)))
    """,
    "keys": """
        create table a (id serial primary key, name text unique);
        create table b (a_id int not null references a unique, k int, primary key (a_id, k));
        create table c (x int, y int, foreign key (x, y) references b (a_id, k));
        create table tree (id int primary key, parent int not null references tree);
        create unique index on c (lower(x::text))
    """,
    "a circle": """
        create table a (id int primary key, b_id int not null);
        create table b (id int primary key, a_id int not null references a);
        alter table a add foreign key (b_id) references b
    """,
    "a circle of nulls": """
        create table a (id int primary key, b_id int);
        create table b (id int primary key, a_id int not null references a);
        alter table a add foreign key (b_id) references b
    """,
    "identity and generated columns": """
        create table t (
          id int generated always as identity primary key,
          a int not null, b int generated always as (a * 2) stored)
    """,
    "partitions": """
        create table r (at date not null, v int) partition by range (at);
        create table r1 partition of r for values from ('2030-01-01') to ('2030-02-01');
        create table l (k text not null) partition by list (k);
        create table l1 partition of l for values in ('north');
        create table h (k int) partition by hash (k);
        create table h0 partition of h for values with (modulus 2, remainder 0);
        create table h1 partition of h for values with (modulus 2, remainder 1)
    """,
    "indexes that compute": """
        create table t (version text not null, part text);
        create index on t ((split_part(version, '.', 2)::int));
        create unique index on t (lower(part))
    """,
    "a table without columns": "create table t ()",
    "names to be quoted": """
        create schema "a b";
        create table "a b"."Order" ("select" int primary key, "It's" text)
    """,
    "triggers that refuse": """
        create table t (a int);
        create function no() returns trigger language plpgsql as $$
          begin raise exception 'no'; end $$;
        create trigger no before insert on t for each row execute function no()
    """,
}


@pytest.mark.parametrize("schema", _SCHEMAS.values(), ids=_SCHEMAS.keys())
def test_every_table_gets_rows(database: psycopg.Connection[Any], schema: str) -> None:
    database.execute(schema.encode())
    catalog = read_catalog(database)
    tables = find_targets(catalog)

    with database.transaction():
        unfilled = Filler(database, catalog).fill(tables)

    assert unfilled == ()
    for table in tables:
        count = database.execute(f"select count(*) from {table.qualified}".encode()).fetchone()
        assert count is not None
        assert count[0] > 1


@pytest.mark.parametrize(
    "schema", [_SCHEMAS["types of PostgreSQL"], _SCHEMAS["checks"]], ids=["types", "checks"]
)
def test_columns_hold_values_and_nulls(database: psycopg.Connection[Any], schema: str) -> None:
    database.execute(schema.encode())
    catalog = read_catalog(database)

    with database.transaction():
        Filler(database, catalog).fill(find_targets(catalog))

    nullable = [
        identity.member
        for identity, item in catalog.objects.items()
        if identity.kind == "column" and not getattr(item, "not_null", True)
    ]
    for name in nullable:
        row = database.execute(
            f'select bool_or("{name}" is null), bool_or("{name}" is not null) from t'.encode()
        ).fetchone()
        assert row is not None
        assert row[1], name
        assert row[0] or name in ("h", "i"), name


def test_rows_are_the_same_each_time(database: psycopg.Connection[Any]) -> None:
    database.execute(_SCHEMAS["keys"].encode())
    catalog = read_catalog(database)
    readings = []

    for _ in range(2):
        with database.transaction(force_rollback=True):
            Filler(database, catalog).fill(find_targets(catalog))
            readings.append(Reader().read(database, _tables(database)))

    assert readings[0] == readings[1]
    assert any(readings[0].rows.values())


def test_what_was_touched_is_read_again(database: psycopg.Connection[Any]) -> None:
    database.execute("create table a (n int); create table b (n int); insert into a values (1)")
    reader, tables = Reader(), _tables(database)
    before = reader.read(database, tables)

    with database.transaction(force_rollback=True):
        database.execute("update a set n = 2")
        within = reader.read_within(database, tables)

    assert [change.message for change in compare_contents(before, within)] == [
        "column public.a.n had 1 and has 2"
    ]
    assert reader.read(database, tables) == before


def _tables(database: psycopg.Connection[Any]) -> Mapping[int, Identity]:
    return Follower(database).read().tables


def test_tables_are_followed_from_state_to_state(
    database: psycopg.Connection[Any],
) -> None:
    follower = Follower(database)
    reading = follower.read()
    tables = Tables(reading.catalog)
    for statement in (
        "create table author (id int primary key, name text not null)",
        "create table book (id int primary key, title text, author_id int references author)",
        "alter table book add year int check (year > 1400)",
        "create unique index book_title on book (lower(title))",
        "alter table book drop author_id",
        "drop index book_title",
        "alter table author rename name to full_name",
        "create table sale (at date not null) partition by range (at)",
        "create table sale_new partition of sale for values from ('2020-01-01') to (maxvalue)",
        "drop table author",
    ):
        reading, moment = follower.renew(reading), follower.begin()
        database.execute(statement.encode())
        reading = follower.read_later(reading, moment).settled()
        if reading.changed is None:
            tables = Tables(reading.catalog)
        else:
            tables.follow(reading.catalog, reading.changed)

        assert tables.targets() == find_targets(reading.catalog), statement
        assert reading.kinds == Counter(each.kind for each in reading.catalog.objects), statement
