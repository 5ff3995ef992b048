"""Migrations run one after the other under the lock: up, down, again.

Each commits together with its row of the history, so whatever stops a run leaves behind only
whole migrations, or, of those that commit in steps, whole steps.
"""

from __future__ import annotations

import itertools
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from psycopg import errors

from confiture_core.errors import MigrationError, SqlError
from confiture_core.migrations import history
from confiture_core.migrations.events import (
    Event,
    Failed,
    Finished,
    Forgotten,
    Note,
    Planned,
    Started,
    ignore,
)
from confiture_core.migrations.limits import Limits
from confiture_core.migrations.lock import migration_lock
from confiture_core.migrations.progress import read_progress
from confiture_core.migrations.run import (
    Run,
    apply_migration,
    roll_back_migration,
    run_migration,
)
from confiture_core.migrations.selection import Target, find_file, select_applied, select_pending
from confiture_core.migrations.sending import database_errors
from confiture_core.migrations.squashed import find_squashed
from confiture_core.migrations.status import find_edits, find_missing
from confiture_core.migrations.watch import SessionWatch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import psycopg

    from confiture_core.migrations.history import AppliedMigration
    from confiture_core.migrations.loader import Direction, MigrationFile

    Connection = psycopg.Connection[Any]

__all__ = [
    "Limits",
    "Target",
    "accept",
    "apply_migration",
    "baseline",
    "migrate_down",
    "migrate_up",
    "redo",
    "roll_back_migration",
]

_IS_THERE = (
    errors.DuplicateColumn,
    errors.DuplicateFunction,
    errors.DuplicateObject,
    errors.DuplicateSchema,
    errors.DuplicateTable,
)
_AS_FAR_AS_USUAL = Target()
_USUAL_LIMITS = Limits()
_USUAL_WAIT_S = 5.0


def migrate_up(
    connection: Connection,
    migrations: Sequence[MigrationFile],
    *,
    target: Target = _AS_FAR_AS_USUAL,
    limits: Limits = _USUAL_LIMITS,
    on_event: Callable[[Event], None] = ignore,
) -> tuple[MigrationFile, ...]:
    """Apply what is pending and return it; the first that fails ends the run.

    The connection must be in autocommit mode and outside a transaction.
    """
    with _runner(connection, limits, on_event) as runner:
        return runner.run_all(runner.plan_up(migrations, target), "up")


def migrate_down(
    connection: Connection,
    migrations: Sequence[MigrationFile],
    *,
    target: Target = _AS_FAR_AS_USUAL,
    limits: Limits = _USUAL_LIMITS,
    on_event: Callable[[Event], None] = ignore,
) -> tuple[MigrationFile, ...]:
    """Roll back what is applied, newest first and by default one, and return it."""
    with _runner(connection, limits, on_event) as runner:
        return runner.run_all(runner.plan_down(migrations, target), "down")


def redo(
    connection: Connection,
    migrations: Sequence[MigrationFile],
    *,
    target: Target = _AS_FAR_AS_USUAL,
    limits: Limits = _USUAL_LIMITS,
    on_event: Callable[[Event], None] = ignore,
) -> tuple[MigrationFile, ...]:
    """Roll back, by default one, and apply the same again as the files are now."""
    with _runner(connection, limits, on_event) as runner:
        newest_first = runner.run_all(runner.plan_down(migrations, target), "down")
        return runner.run_all(newest_first[::-1], "up")


def baseline(
    connection: Connection,
    migrations: Sequence[MigrationFile],
    *,
    through: str | None = None,
    limits: Limits = _USUAL_LIMITS,
    on_event: Callable[[Event], None] = ignore,
) -> tuple[MigrationFile, ...]:
    """Record as applied what the database has already, through a version or all; run nothing."""
    with _runner(connection, limits, on_event):
        applied = history.read_history(connection)
        chosen = select_pending(migrations, applied, Target(to=through, out_of_order=True))
        with connection.transaction():
            history.ensure_history(connection)
            history.record_all(connection, chosen)
        return chosen


def accept(
    connection: Connection,
    migrations: Sequence[MigrationFile],
    version: str,
    *,
    limits: Limits = _USUAL_LIMITS,
    on_event: Callable[[Event], None] = ignore,
) -> MigrationFile:
    """Record the present text of one applied migration as what was applied."""
    file = find_file(version, migrations)
    if file is None:
        raise MigrationError(f'there is no migration file of version "{version}"')
    with _runner(connection, limits, on_event):
        with connection.transaction():
            history.ensure_history(connection)
            history.accept(connection, file)
        return file


@contextmanager
def _runner(
    connection: Connection, limits: Limits, on_event: Callable[[Event], None]
) -> Iterator[_Runner]:
    told = _Told(on_event)
    # Two looks in the time that a statement waits, so that one of them sees it.
    every_s = (limits.lock_timeout_s or _USUAL_WAIT_S) * 0.4
    with (
        database_errors(),
        migration_lock(connection, wait_s=limits.wait_s, on_event=told) as backend_pid,
        SessionWatch(connection, every_s=every_s, on_event=told) as watch,
    ):
        yield _Runner(
            connection=connection,
            limits=limits,
            told=told,
            watch=watch,
            backend_pid=backend_pid,
        )


def _suggest_baseline(exc: BaseException, file: MigrationFile) -> None:
    if isinstance(exc, SqlError) and exc.hint is None:
        exc.hint = (
            "if the database has from before what it makes, record that:"
            f" confiture migrate baseline --through {file.version}"
        )


class _Told:
    """Tells events in their order and one at a time: the watch does from a thread of its own.

    What is told later waits until there is time for it, at the latest until the next event.
    """

    def __init__(self, on_event: Callable[[Event], None]) -> None:
        self._on_event = on_event
        self._telling = threading.Lock()
        self._waiting: list[Event] = []

    def __call__(self, event: Event) -> None:
        self.later(event)
        self.now()

    def later(self, event: Event) -> None:
        self._waiting.append(event)

    def now(self) -> None:
        """Tell what waits."""
        with self._telling:
            while self._waiting:
                self._on_event(self._waiting.pop(0))


class _Runner(NamedTuple):
    """Holds the lock."""

    connection: Connection
    limits: Limits
    told: _Told
    watch: SessionWatch
    backend_pid: int

    def plan_up(
        self, migrations: Sequence[MigrationFile], target: Target
    ) -> tuple[MigrationFile, ...]:
        self._refuse_half_done("down")
        applied = self._take_over(migrations, history.read_history(self.connection))
        for edit in find_edits(self.connection, migrations, applied):
            raise edit.error()
        for row in find_missing(migrations, applied):
            message = f"{row.label} is applied, but its file is missing"
            self.told(Note(message=message))
        return select_pending(migrations, applied, target)

    def _take_over(
        self, migrations: Sequence[MigrationFile], applied: tuple[AppliedMigration, ...]
    ) -> tuple[AppliedMigration, ...]:
        """Let a squashed migration take the place of those it was made from."""
        for file in find_squashed(migrations, applied):
            with self.connection.transaction():
                history.ensure_history(self.connection)
                history.take_over(self.connection, file, file.options.replaces)
            count = len(file.options.replaces)
            self.told(Note(message=f"{file.label} stands for {count} that were applied"))
            applied = history.read_history(self.connection)
        return applied

    def plan_down(
        self, migrations: Sequence[MigrationFile], target: Target
    ) -> tuple[MigrationFile, ...]:
        if not target.forced:
            self._refuse_half_done("up")
        applied = history.read_history(self.connection)
        return select_applied(migrations, applied, target)

    def run_all(
        self, files: tuple[MigrationFile, ...], direction: Direction
    ) -> tuple[MigrationFile, ...]:
        self.told(Planned(direction=direction, migrations=files))
        if files:
            history.ensure_history(self.connection)
        try:
            for file, following in itertools.zip_longest(files, files[1:]):
                self._run(file, direction, following)
        finally:
            self.told.now()
        return files

    def _run(
        self, file: MigrationFile, direction: Direction, following: MigrationFile | None
    ) -> None:
        self.told.later(Started(direction=direction, migration=file))
        if direction == "down" and not file.has_down:
            # Only a forced `down` comes here: there is nothing to run.
            history.forget(self.connection, file.version)
            self.told(Forgotten(migration=file))
            return
        started = time.monotonic()
        self._run_file(file, direction, following)
        duration_s = time.monotonic() - started
        self.told.later(Finished(direction=direction, migration=file, duration_s=duration_s))

    def _run_file(
        self, file: MigrationFile, direction: Direction, following: MigrationFile | None
    ) -> None:
        run = Run(
            file=file,
            direction=direction,
            limits=self.limits,
            on_event=self.told,
            meanwhile=self.told.now,
            watch=self.watch,
            backend_pid=self.backend_pid,
            following=following,
        )
        self.watch.begin(file)
        try:
            run_migration(self.connection, run)
        except BaseException as exc:
            self.told(Failed(direction=direction, migration=file))
            if direction == "up" and isinstance(exc.__cause__, _IS_THERE):
                _suggest_baseline(exc, file)
            raise
        finally:
            self.watch.end()

    def _refuse_half_done(self, direction: Direction) -> None:
        for one in read_progress(self.connection):
            if one.direction == direction:
                raise MigrationError(
                    f'"{direction}" of version {one.version} was stopped after {one.done} of its'
                    " steps",
                    hint=f'finish it first: "confiture migrate {direction}" goes on from there',
                )
