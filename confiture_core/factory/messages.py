"""Several statements sent at once: a test waits for each message that is answered.

Straight to libpq: what psycopg does around each statement would cost as much again.
"""

from __future__ import annotations

import select
from typing import TYPE_CHECKING

import psycopg
from psycopg.pq import ConnStatus, ExecStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg.pq.abc import PGresult

    from confiture_core.factory.databases import Connection


# Who waits longer does so for a lock that no one lets go.
_SILENCE_MS = 30_000

_WAIT_FOR_NO_LOCK = b"set lock_timeout = 1"
_WAIT_FOR_LOCKS = b"reset lock_timeout"


def run_with_rows(session: Connection, query: bytes, rows: Sequence[bytes]) -> None:
    """Run statements, of which some are COPY FROM STDIN, each with its rows, in order.

    The first that fails ends them all, and leaves open the transaction that they began.
    """
    failed: PGresult | None = None
    left = iter(rows)
    session.pgconn.send_query(query)
    while (result := _next_result(session)) is not None:
        if result.status == ExecStatus.COPY_IN:
            session.pgconn.put_copy_data(next(left))
            session.pgconn.put_copy_end()
        elif result.status not in {ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK}:
            failed = failed or result
    _refuse_lost(session)
    if failed is not None:
        raise psycopg.errors.error_from_result(failed)


def run_apart(session: Connection, queries: Sequence[bytes]) -> tuple[PGresult, ...]:
    """Run statements in one message, each in a transaction of its own; give their results."""
    send_apart(session, queries)
    return receive_apart(session, len(queries))


def send_apart(session: Connection, queries: Sequence[bytes]) -> None:
    """Send statements, whose results have to be received before anything else is sent."""
    pgconn = session.pgconn
    pgconn.enter_pipeline_mode()
    for query in queries:
        pgconn.send_query_params(query, None)
        pgconn.pipeline_sync()


def receive_apart(session: Connection, number: int) -> tuple[PGresult, ...]:
    """Give the results of so many statements that were sent."""
    results: list[PGresult] = []
    while len(results) < number:
        result = _next_result(session)
        # Between two of them, there is none, and then word of the end of the transaction.
        if result is not None and result.status != ExecStatus.PIPELINE_SYNC:
            results.append(result)
        _refuse_lost(session)
    for _ in range(2):
        _next_result(session)
    session.pgconn.exit_pipeline_mode()
    # Has what else was read be noted: that the session is ended, for one.
    session.pgconn.is_busy()
    return tuple(results)


def unblocked(*queries: bytes) -> tuple[bytes, ...]:
    """Have queries fail where they would wait for a lock, as of a prepared transaction.

    For run_apart; the first and the last result are not theirs.
    """
    return (_WAIT_FOR_NO_LOCK, *queries, _WAIT_FOR_LOCKS)


def _next_result(session: Connection) -> PGresult | None:
    """Wait for a result as psycopg does, so that other threads go on meanwhile."""
    pgconn = session.pgconn
    socket = select.poll()
    while pgconn.flush():
        socket.register(pgconn.socket, select.POLLIN | select.POLLOUT)
        # What the server has to say is read, too: it may wait for that.
        if any(event & select.POLLIN for _, event in _await(session, socket)):
            pgconn.consume_input()
    socket.register(pgconn.socket, select.POLLIN)
    while pgconn.is_busy():
        _await(session, socket)
        pgconn.consume_input()
    return pgconn.get_result()


def _await(session: Connection, socket: select.poll) -> list[tuple[int, int]]:
    events = socket.poll(_SILENCE_MS)
    if not events:
        session.close()
        raise psycopg.OperationalError("the server does not answer")
    return events


def _refuse_lost(session: Connection) -> None:
    if session.pgconn.status != ConnStatus.OK:
        # A connection that is lost has no SQLSTATE, which is all that psycopg goes by there.
        raise psycopg.OperationalError(session.pgconn.get_error_message().strip())
