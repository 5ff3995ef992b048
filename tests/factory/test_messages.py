"""Statements sent at once do what they do one after the other, and fail as plainly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from confiture_core.factory import databases
from confiture_core.factory.messages import run_apart, run_with_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confiture_core.factory.databases import Connection
    from confiture_core.server import Server


@pytest.fixture
def session(server: Server) -> Iterator[Connection]:
    with databases.connect(server) as connection:
        yield connection


def binary(session: Connection, query: bytes) -> bytes:
    with session.cursor().copy(b"copy (" + query + b") to stdout (format binary)") as rows:
        return b"".join(bytes(block) for block in rows)


def end(session: Connection, server: Server) -> None:
    with databases.connect(server) as other:
        ended = "select pg_terminate_backend(%s)"
        other.execute(ended, (session.info.backend_pid,))
        while not databases.is_cut_off(session):
            pass


def test_each_statement_is_in_a_transaction_of_its_own(session: Connection) -> None:
    number = b"select txid_current()"

    first, second = run_apart(session, (number, number))

    assert first.get_value(0, 0) != second.get_value(0, 0)
    assert session.execute("select 1").fetchone() == (1,)


def test_one_that_fails_leaves_the_others_alone(session: Connection) -> None:
    results = run_apart(session, (b"discard all", b"select 1 / 0", b"select 7"))

    assert [result.command_status for result in results] == [b"DISCARD ALL", b"", b"SELECT 1"]
    assert results[2].get_value(0, 0) == b"7"
    assert session.info.transaction_status == TransactionStatus.IDLE


def test_a_connection_that_is_lost_is_an_error(session: Connection, server: Server) -> None:
    end(session, server)

    with pytest.raises(psycopg.OperationalError):
        run_apart(session, (b"select 1", b"select 2"))

    assert session.closed


def test_rows_go_to_their_tables(session: Connection) -> None:
    session.execute("create temp table jam (fruit text); create temp table jars (number int)")
    # More than the server takes in at once.
    fruits = binary(session, b"select repeat('plum', 250) from generate_series(1, 9000)")
    numbers = binary(session, b"select 3")

    run_with_rows(
        session,
        b"begin; copy jam from stdin (format binary); select 1;"
        b" copy jars from stdin (format binary); commit",
        (fruits, numbers),
    )

    assert session.execute("select count(*) from jam").fetchone() == (9000,)
    assert session.execute("select number from jars").fetchall() == [(3,)]
    assert session.info.transaction_status == TransactionStatus.IDLE


def test_rows_that_a_table_does_not_take_end_the_statements(session: Connection) -> None:
    session.execute("create temp table jars (number int)")
    wrong = binary(session, b"select 'plums'")

    with pytest.raises(psycopg.errors.InvalidBinaryRepresentation):
        run_with_rows(
            session,
            b"begin; insert into jars values (1); copy jars from stdin (format binary); commit",
            (wrong,),
        )

    assert session.info.transaction_status == TransactionStatus.INERROR
    session.rollback()
    assert session.execute("select count(*) from jars").fetchone() == (0,)


def test_a_connection_lost_before_the_rows_is_an_error(session: Connection, server: Server) -> None:
    end(session, server)

    with pytest.raises(psycopg.OperationalError):
        run_with_rows(session, b"copy jars from stdin", (b"1\n",))
