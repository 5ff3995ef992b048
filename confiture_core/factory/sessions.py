"""Sessions: what a user leaves open in a database, and how it is ended."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

import psycopg
from psycopg.pq import TransactionStatus

from confiture_core.factory.messages import run_apart, unblocked

if TYPE_CHECKING:
    from collections.abc import Collection

    from psycopg.pq.abc import PGresult

    from confiture_core.factory.clones import Clone
    from confiture_core.factory.databases import Connection

# How long a session that its client has closed may take to leave.
_GRACE_S = 0.03
_TIMEOUT_S = 5.0
_POLL_S = 0.0005

_OTHERS = """
select pid, backend_type, application_name, state, left(query, 80)
from pg_catalog.pg_stat_activity
where datname = pg_catalog.current_database() and pid <> pg_catalog.pg_backend_pid()
"""


class _Other(NamedTuple):
    """A session that is not ours."""

    pid: int
    kind: str  # "client backend"
    application: str
    state: str  # "idle in transaction"
    query: str

    @property
    def leak(self) -> str:
        """What to tell who left it open."""
        name = f' of "{self.application}"' if self.application else ""
        return f'a connection{name} was left open ({self.state}, last: "{self.query}")'


def refresh(clone: Clone, *queries: bytes) -> tuple[PGresult, ...] | None:
    """Make our session as new, and run queries there, each on its own; give their results.

    Those that would wait for who else is in the database fail. None when there is no session, or it
    is still at work.
    """
    if not clone.has_session:
        return None
    if clone.session.info.transaction_status == TransactionStatus.ACTIVE:
        clone.close()
        return None
    clone.renew()
    session = clone.session
    try:
        results = run_apart(session, (b"discard all", *unblocked(*queries)))[2:-1]
        # What arrived with the answers is for who was listening.
        while session.pgconn.notifies() is not None:
            pass
        return results
    except psycopg.OperationalError:
        if not session.closed:
            raise
        return None


def end_others(session: Connection, known: Collection[int] = ()) -> tuple[str, ...] | None:
    """End all sessions of the database but this one.

    Give what to tell those who left them open; `known` are those whose clients are known to have
    closed them. None when some cannot be ended, or hold what is needed to see them.
    """
    session.execute("set lock_timeout = 1000")
    try:
        leaks = _end_others(session, known)
    except psycopg.errors.LockNotAvailable:
        return None
    session.execute("reset lock_timeout")
    return leaks


def _end_others(session: Connection, known: Collection[int]) -> tuple[str, ...] | None:
    start = time.monotonic()
    leaks: dict[int, str] = {}
    while others := _others(session):
        elapsed = time.monotonic() - start
        if elapsed > _TIMEOUT_S:
            return None
        if elapsed > _GRACE_S:
            for other in others:
                if other.kind == "client backend" and other.pid not in known:
                    leaks[other.pid] = other.leak
            _terminate(session, [other.pid for other in others])
        time.sleep(_POLL_S)
    return tuple(leaks.values())


def _others(session: Connection) -> list[_Other]:
    rows = session.execute(_OTHERS).fetchall()
    return [
        _Other(pid, kind, application or "", state or "", query or "")
        for pid, kind, application, state, query in rows
    ]


def _terminate(session: Connection, pids: list[int]) -> None:
    for pid in pids:
        try:
            session.execute("select pg_catalog.pg_terminate_backend(%s)", (pid,))
        except psycopg.errors.InsufficientPrivilege:
            # A worker of the server's own, or a session of a superuser: it may leave by itself.
            continue
