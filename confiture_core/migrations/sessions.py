"""Other sessions of the server: who holds us up, asked from beside the connection that waits."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.rows import class_row

from confiture_core.migrations.events import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    Connection = psycopg.Connection[Any]

# The fields of Session, in their order.
SESSION_COLUMNS = """
    a.pid, a.usename::text as user, nullif(a.application_name, '') as application,
    coalesce(a.client_hostname, host(a.client_addr)) as client,
    nullif(a.query, '') as query, a.state,
    extract(epoch from clock_timestamp() - coalesce(a.xact_start, a.backend_start))::float8
        as since_s
"""

_BLOCKERS = f"""
select {SESSION_COLUMNS}
from pg_catalog.pg_stat_activity as a
where a.pid = any (pg_catalog.pg_blocking_pids(%s))
order by a.xact_start
"""


@contextmanager
def connect_beside(connection: Connection) -> Iterator[Connection]:
    """Connect once more to where a connection goes, in autocommit mode."""
    info = connection.info
    with psycopg.connect(
        info.dsn,
        password=info.password or None,
        autocommit=True,
        application_name="confiture watch",
        prepare_threshold=None,
    ) as beside:
        yield beside


class BlockerWatch:
    """Looks from time to time whom a connection waits for.

    Only while one waits does PostgreSQL know, and the connection that waits cannot ask: a thread
    does, on a connection of its own which it opens only for runs that last longer than one look.
    """

    def __init__(self, connection: Connection, *, every_s: float) -> None:
        self._connection = connection
        self._pid = connection.info.backend_pid
        self._every_s = every_s
        self._seen: tuple[Session, ...] = ()
        self._seen_at = float("-inf")
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look, name="confiture watch", daemon=True)

    def __enter__(self) -> BlockerWatch:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._end.set()
        self._thread.join()

    def blockers(self, *, within_s: float) -> tuple[Session, ...]:
        """Return whom the connection was waiting for at the last look, if that was just now."""
        return self._seen if time.monotonic() - self._seen_at <= within_s else ()

    def _look(self) -> None:
        if self._end.wait(self._every_s):
            return
        # To name the blocker is a courtesy: where it cannot be had the run goes on without.
        with suppress(psycopg.Error), connect_beside(self._connection) as beside:
            while not self._end.is_set():
                cursor = beside.cursor(row_factory=class_row(Session))
                seen = tuple(cursor.execute(_BLOCKERS, (self._pid,)))
                if seen:
                    self._seen = seen
                    self._seen_at = time.monotonic()
                self._end.wait(self._every_s)
