"""What reading a catalog does to the connection: nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg.pq import TransactionStatus
from psycopg.rows import dict_row

from confiture_core.catalog.model import Default, Definition, Subscription
from confiture_core.catalog.reader import read_catalog

if TYPE_CHECKING:
    from confiture_core.server import Server

    Connection = psycopg.Connection[Any]

DEFAULTS = """
    create table dates (
        d date default '2024-02-01', i interval default '1 day 2 hours', m money default '1234.5',
        t timestamptz default '2024-02-01 10:00+02', f float8 default 0.1, b bytea default '\\x00ff'
    );
    create view quoted as select d as "D" from dates where t > '2024-02-01 10:00+02';
"""
SETTINGS = {
    "DateStyle": "German, DMY",
    "IntervalStyle": "sql_standard",
    "TimeZone": "America/New_York",
    "bytea_output": "escape",
    "extra_float_digits": "-5",
    "quote_all_identifiers": "on",
    "search_path": "public",
    "statement_timeout": "1min",
    "client_encoding": "LATIN1",
    "join_collapse_limit": "3",
}


def _settings(connection: Connection) -> dict[str, str]:
    rows = connection.execute("select name, setting from pg_settings").fetchall()
    return dict(rows)


def test_texts_do_not_depend_on_the_sessions_settings(database: Connection) -> None:
    database.execute(DEFAULTS)
    expected = read_catalog(database)

    for name, value in SETTINGS.items():
        database.execute(f"set {name} = '{value}'")

    assert read_catalog(database) == expected
    timestamp = next(
        each
        for identity, each in expected.objects.items()
        if isinstance(each, Default) and identity.member == "t"
    )
    assert timestamp.expression == "'2024-02-01 08:00:00+00'::timestamp with time zone"


def test_the_sessions_settings_are_as_before(database: Connection) -> None:
    for name, value in SETTINGS.items():
        database.execute(f"set {name} = '{value}'")
    before = _settings(database)

    read_catalog(database)

    assert _settings(database) == before
    assert database.info.encoding == "iso8859-1"


def test_a_transactions_settings_are_as_before(database: Connection) -> None:
    with database.transaction():
        database.execute("set local search_path = public")
        before = _settings(database)

        read_catalog(database)

        assert _settings(database) == before
        assert database.info.transaction_status == TransactionStatus.INTRANS


def test_a_transactions_own_changes_are_read_and_kept(database: Connection) -> None:
    with database.transaction():
        database.execute("create table made (id integer)")

        tables = [each.name for each in read_catalog(database).objects if each.kind == "table"]

        assert tables == ["made"]
    assert database.execute("select to_regclass('made')::text").fetchone() == ("made",)


def test_a_connection_that_is_not_autocommit_is_idle_afterwards(
    server: Server, database: Connection
) -> None:
    with psycopg.connect(server.conninfo(database.info.dbname)) as connection:
        read_catalog(connection)

        assert connection.info.transaction_status == TransactionStatus.IDLE


def test_nothing_is_locked_noticed_or_prepared(database: Connection) -> None:
    noticed: list[str | None] = []
    database.add_notice_handler(lambda diagnostic: noticed.append(diagnostic.message_primary))
    database.execute(DEFAULTS)
    with database.transaction():
        for _ in range(7):
            read_catalog(database)
        held = database.execute(
            "select relation::regclass::text, mode from pg_locks"
            " where pid = pg_backend_pid() and relation >= 16384"
        ).fetchall()
        prepared = database.execute("select name from pg_prepared_statements").fetchall()

    assert (held, prepared, noticed) == ([], [], [])


def test_rows_may_be_made_into_anything_by_the_connection(database: Connection) -> None:
    expected = read_catalog(database)

    database.row_factory = dict_row

    assert read_catalog(database) == expected


def test_a_temporary_table_does_not_hide_a_system_catalog(database: Connection) -> None:
    expected = read_catalog(database)

    database.execute("create temporary table pg_class (oid oid, relname name)")

    assert read_catalog(database) == expected


def test_names_are_read_whatever_the_clients_encoding(database: Connection) -> None:
    database.execute('create table "naïve ☕" (id integer)')

    database.execute("set client_encoding = 'LATIN1'")

    assert "naïve ☕" in {identity.name for identity in read_catalog(database).objects}


def test_who_may_not_see_subscriptions_reads_the_rest(database: Connection) -> None:
    with database.transaction(force_rollback=True):
        database.execute(
            "create subscription news connection 'host=nowhere' publication p"
            " with (connect = false, slot_name = none)"
        )
        database.execute("create role confiture_test_blind")
        by_owner = read_catalog(database)

        database.execute("set local role confiture_test_blind")
        by_reader = read_catalog(database, default_owner=by_owner.default_owner)

    left_out = by_owner.objects.keys() - by_reader.objects.keys()
    assert [str(identity) for identity in left_out] == ["subscription news"]


def test_a_subscription_is_read_with_what_it_was_made_with(database: Connection) -> None:
    with database.transaction(force_rollback=True):
        database.execute(
            "create subscription news connection 'host=nowhere dbname=d' publication a, \"B\""
            " with (connect = false, slot_name = none, synchronous_commit = local)"
        )
        database.execute("comment on subscription news is 'the news'")
        objects = read_catalog(database).objects.values()

    (news,) = (each for each in objects if isinstance(each, Subscription))
    assert (news.connection, news.publications) == ("host=nowhere dbname=d", ("a", "B"))
    assert {("slot_name", "NONE"), ("synchronous_commit", "local")} <= set(news.options)
    assert (news.is_enabled, news.comment) == (False, "the news")


def test_collations_of_icu_are_read(database: Connection) -> None:
    known = "select from pg_collation where collprovider = 'i' and collname = 'und-x-icu'"
    if database.execute(known).fetchone() is None:
        pytest.skip("the server was built without ICU")
    database.execute(
        "create collation loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false)"
    )

    objects = read_catalog(database).objects.values()

    (loose,) = (each for each in objects if each.identity.kind == "collation")
    assert isinstance(loose, Definition)
    assert "DETERMINISTIC = false, LOCALE = 'und-u-ks-level2'" in loose.definition
