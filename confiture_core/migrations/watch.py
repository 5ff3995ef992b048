"""What a connection that is at work is doing: whom it waits for, and how far it has come.

The connection itself cannot ask while it works. A thread does, on a connection of its own which
it opens only for runs that last longer than one look.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.rows import class_row

from confiture_core.migrations.events import Advanced, Event, Session, Working
from confiture_core.migrations.sessions import SESSION_COLUMNS, connect_beside

if TYPE_CHECKING:
    from collections.abc import Callable

    from confiture_core.migrations.loader import MigrationFile

    Connection = psycopg.Connection[Any]

_LOOK_EVERY_S = 1.0
_FIRST_TOLD_S = 10.0
_LONGEST_SILENCE_S = 300.0

_BLOCKERS = f"""
select {SESSION_COLUMNS}
from pg_catalog.pg_stat_activity as a
where a.pid = any (pg_catalog.pg_blocking_pids(%(pid)s))
order by a.xact_start
"""

# What PostgreSQL says of long commands, by the version that says it first:
# https://www.postgresql.org/docs/current/progress-reporting.html
_PROGRESS = {
    12_00_00: """
        select 'indexing ' || relid::regclass || ': ' || phase,
            case when lockers_total > 0 then lockers_done
                when tuples_total > 0 then tuples_done else blocks_done end,
            case when lockers_total > 0 then lockers_total
                when tuples_total > 0 then tuples_total else blocks_total end,
            case when lockers_total > 0 then 'sessions'
                when tuples_total > 0 then 'rows' else 'blocks' end
        from pg_catalog.pg_stat_progress_create_index where pid = %(pid)s
        union all
        select lower(command) || ' ' || relid::regclass || ': ' || phase,
            heap_blks_scanned, heap_blks_total, 'blocks'
        from pg_catalog.pg_stat_progress_cluster where pid = %(pid)s
        union all
        select 'vacuum ' || relid::regclass || ': ' || phase,
            heap_blks_scanned, heap_blks_total, 'blocks'
        from pg_catalog.pg_stat_progress_vacuum where pid = %(pid)s
    """,
    13_00_00: """
        select 'analyze ' || relid::regclass || ': ' || phase,
            sample_blks_scanned, sample_blks_total, 'blocks'
        from pg_catalog.pg_stat_progress_analyze where pid = %(pid)s
    """,
    14_00_00: """
        select lower(command) || ' ' || relid::regclass, tuples_processed, 0, 'rows'
        from pg_catalog.pg_stat_progress_copy where pid = %(pid)s
    """,
}


class SessionWatch:
    """Looks at a connection's session from time to time and tells what it sees.

    Where it may not look, or cannot connect, the run goes on without.
    """

    def __init__(
        self, connection: Connection, *, every_s: float, on_event: Callable[[Event], None]
    ) -> None:
        self._connection = connection
        self._pid = connection.info.backend_pid
        self._every_s = every_s
        self._on_event = on_event
        self._migration: MigrationFile | None = None
        self._begun_at = self._heard_at = 0.0
        self._what = ("", 0.0)  # the phase of a long command, and when it was first seen
        self._silence_s = _FIRST_TOLD_S
        self._seen: tuple[Session, ...] = ()
        self._seen_at = float("-inf")
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look, name="confiture watch", daemon=True)

    def __enter__(self) -> SessionWatch:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._end.set()
        self._thread.join()

    def begin(self, migration: MigrationFile) -> None:
        """Take note that a migration is begun: what is seen from now on is of it."""
        self._begun_at = self._heard_at = time.monotonic()
        self._silence_s = _FIRST_TOLD_S
        self._migration = migration

    def end(self) -> None:
        """Take note that no migration is at work."""
        self._migration = None

    def hear(self) -> None:
        """Take note that the migration has told of itself."""
        self._heard_at = time.monotonic()

    def blockers(self, *, within_s: float) -> tuple[Session, ...]:
        """Return whom the connection was waiting for at the last look, if that was just now."""
        return self._seen if time.monotonic() - self._seen_at <= within_s else ()

    def _look(self) -> None:
        if self._end.wait(self._every_s):
            return
        # To see more is a courtesy.
        with suppress(psycopg.Error), connect_beside(self._connection) as beside:
            progress = " union all ".join(
                query
                for version, query in _PROGRESS.items()
                if beside.info.server_version >= version
            )
            while not self._end.is_set():
                self._look_once(beside, progress)
                self._end.wait(min(self._every_s, _LOOK_EVERY_S))

    def _look_once(self, beside: Connection, progress: str) -> None:
        migration, begun_at = self._migration, self._begun_at
        cursor = beside.cursor(row_factory=class_row(Session))
        seen = tuple(cursor.execute(_BLOCKERS, {"pid": self._pid}))
        if seen:
            self._seen = seen
            self._seen_at = time.monotonic()
        if migration is None:
            return
        row = beside.execute(progress.encode(), {"pid": self._pid}).fetchone()
        now = time.monotonic()
        if row is not None and not seen:
            if now - begun_at >= _LOOK_EVERY_S:  # small ones are done before anyone has read it
                self._tell_progress(migration, row, now)
        elif now - self._heard_at >= self._silence_s:
            self.hear()
            self._silence_s = min(self._silence_s * 2, _LONGEST_SILENCE_S)
            self._on_event(Working(migration=migration, elapsed_s=now - begun_at, blockers=seen))

    def _tell_progress(self, migration: MigrationFile, row: tuple[Any, ...], now: float) -> None:
        what, done, total, unit = row
        if what != self._what[0]:
            self._what = (what, now)
        self.hear()
        self._on_event(
            Advanced(
                migration=migration,
                what=what,
                done=done,
                total=total or None,
                unit=unit,
                elapsed_s=now - self._what[1],
            )
        )
