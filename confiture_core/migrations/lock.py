"""The lock that lets one runner at a time change a database.

It is a session advisory lock, polled and not waited for: a session that waits holds a snapshot,
and CREATE INDEX CONCURRENTLY under the lock would wait for that snapshot for ever. It must be a
session of PostgreSQL's own: a pooler that hands out sessions by transaction is found and refused.
"""

from __future__ import annotations

import functools
import hashlib
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.rows import class_row

from confiture_core.errors import DatabaseError, LockedError
from confiture_core.migrations.events import Session, Waiting
from confiture_core.migrations.history import HistoryTable, history_table
from confiture_core.migrations.sessions import SESSION_COLUMNS, connect_beside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from confiture_core.migrations.events import Event

    Connection = psycopg.Connection[Any]

_FIRST_POLL_S = 0.02
_LONGEST_POLL_S = 0.5

_HOLDER = f"""
select {SESSION_COLUMNS}
from pg_catalog.pg_locks as l
join pg_catalog.pg_stat_activity as a using (pid)
where l.locktype = 'advisory' and l.granted and l.objsubid = 1
  and l.database = (select oid from pg_catalog.pg_database where datname = current_database())
  and (l.classid::bigint << 32 | l.objid::bigint) = %s
"""


@functools.cache
def lock_key(table: HistoryTable) -> int:
    """Return the number of the lock that goes with a history."""
    digest = hashlib.sha256(f"confiture {table.schema}.{table.name}".encode()).digest()
    return int.from_bytes(digest[:8], signed=True)


@contextmanager
def migration_lock(
    connection: Connection, *, wait_s: float, on_event: Callable[[Event], None]
) -> Iterator[int]:
    """Hold the lock of this database; a LockedError names the holder after `wait_s`.

    Yields the process number of the session that has it. The connection must be in autocommit
    mode and outside a transaction.
    """
    backend_pid = _own_backend(connection)
    _take(connection, wait_s=wait_s, on_event=on_event)
    try:
        yield backend_pid
    finally:
        # Where the connection is gone the lock is gone with it.
        with suppress(psycopg.OperationalError):
            connection.execute("select pg_advisory_unlock(%s)", (_key(connection),), prepare=False)


def read_holder(connection: Connection) -> Session | None:
    """Read which session holds the lock; None if none does, or not any more."""
    cursor = connection.cursor(row_factory=class_row(Session))
    return cursor.execute(_HOLDER, (_key(connection),), prepare=False).fetchone()


def _key(connection: Connection) -> int:
    return lock_key(history_table(connection))


def _take(connection: Connection, *, wait_s: float, on_event: Callable[[Event], None]) -> None:
    deadline = time.monotonic() + wait_s
    poll_s = _FIRST_POLL_S
    told = False
    while not _try(connection):
        holder = read_holder(connection)
        if time.monotonic() >= deadline:
            raise _locked(holder, wait_s)
        if not told:
            on_event(Waiting(holder=holder))
            told = True
        time.sleep(min(poll_s, max(0.0, deadline - time.monotonic())))
        poll_s = min(poll_s * 1.5, _LONGEST_POLL_S)


def _try(connection: Connection) -> bool:
    row = connection.execute(
        "select pg_try_advisory_lock(%s)", (_key(connection),), prepare=False
    ).fetchone()
    return row is not None and row[0]


def _locked(holder: Session | None, wait_s: float) -> LockedError:
    if holder is None:
        return LockedError(f"another runner held the migration lock for all of {wait_s:g} s")
    return LockedError(
        f"another runner holds the migration lock: {holder}",
        detail=f"it runs: {holder.query}" if holder.query else None,
        hint="wait for it (--wait SECONDS), or end it with: "
        f"SELECT pg_terminate_backend({holder.pid})",
    )


def _own_backend(connection: Connection) -> int:
    # A pooler answers for the server with a process number of its own.
    own = _backend(connection)
    if own == connection.info.backend_pid:
        return own
    # By session it gives each client a backend for itself, by transaction it hands one around.
    with connect_beside(connection) as other:
        for _ in range(3):
            with other.transaction():
                theirs = _backend(other)
                seen = _backend(connection)
            if theirs == own or seen != own:
                raise DatabaseError(
                    "the connection goes through a pooler that shares sessions between clients:"
                    " the migration lock would not hold",
                    hint="give migrations the address of the server itself, or of a pool in"
                    " session mode",
                )
    return own


def _backend(connection: Connection) -> int:
    row = connection.execute("select pg_backend_pid()", prepare=False).fetchone()
    assert row is not None  # a select without a table gives one row
    return int(row[0])
