"""A migration that commits in steps, keeps its progress, and goes on where it was stopped.

A step that PostgreSQL runs inside a transaction commits together with its progress. One that it
does not is written down before it is begun, so that the next run knows to look at what it left.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import psycopg
from pglast import ast
from psycopg import errors
from psycopg.pq import TransactionStatus

from confiture_core.errors import ConfitureError, MigrationError, SqlError
from confiture_core.migrations import unfinished
from confiture_core.migrations.batches import Batches, refuse_batches
from confiture_core.migrations.events import Advanced, Committed, Recovered, Resumed, Retrying
from confiture_core.migrations.observing import watched
from confiture_core.migrations.progress import (
    Progress,
    Running,
    chained,
    save_progress,
    save_within,
)
from confiture_core.migrations.ranges import (
    estimate_rows,
    next_range,
    refuse_missing_keys,
    run_range,
)
from confiture_core.migrations.script import Unit
from confiture_core.migrations.sending import send, send_unit
from confiture_core.migrations.transaction import (
    Result,
    begin,
    rolled_back_on_error,
    with_retries,
)
from confiture_core.statements import Statement

if TYPE_CHECKING:
    from confiture_core.migrations.events import Session
    from confiture_core.migrations.migration import Cursor, Parameters
    from confiture_core.migrations.run import Run

    Connection = psycopg.Connection[Any]

_TELL_EVERY_S = 1.0


class Steps:
    """A sink that commits each unit, passing over those which a run before this one committed."""

    is_transactional = False

    def __init__(self, connection: Connection, run: Run, before: Progress) -> None:
        self.connection = connection
        self._run = run
        self._before = before
        self._now = Progress(version=before.version, direction=before.direction)

    @property
    def done(self) -> int:
        """How many units are committed."""
        return self._now.done

    def run(self, unit: Unit) -> Cursor:
        """Run and commit a unit, or pass over it."""
        if not unit.statements:
            return self.connection.cursor()
        following = self._following(unit)
        if following.done <= self._before.done:
            cursor = self._pass_over(unit, following)
        elif self._was_completed(unit):
            self._save(following)
            cursor = self.connection.cursor()
        elif unit.is_transactional:
            cursor = self._commit(unit, following)
        else:
            cursor = self._run_apart(unit, following)
        self._now = following
        if following.done > self._before.done and not self._in_authors_transaction():
            self._tell_done()
        return cursor

    def run_batches(self, batches: Batches) -> int:
        """Run a statement by ranges of a key, each in a transaction with the position reached."""
        if self._in_authors_transaction():
            raise refuse_batches()
        whole = Unit(statements=(Statement(sql=batches.position, line=1, offset=0),))
        following = self._following(whole)
        if following.done <= self._before.done:
            self._check_chain(following)
            self._now = following
            return 0
        if self._before.running is None:
            refuse_missing_keys(self.connection, batches)
        reached = self._reached(batches)
        teller = _Teller(self._run, batches, estimate_rows(self.connection, batches))
        while (following_batch := self._run_batch(batches, reached)) is not None:
            reached = following_batch
            teller.tell(reached.rows)
            time.sleep(batches.pause_s)
        self._save(following)
        self._now = following
        self._tell_done()
        return reached.rows

    def _reached(self, batches: Batches) -> Running:
        stopped = self._before.running
        is_here = self._now.done == self._before.done
        if stopped is None or not is_here or stopped.sql != batches.position:
            return Running(sql=batches.position)
        self._tell(f"goes on {batches.position} after {stopped.last}")
        return stopped

    def _run_batch(self, batches: Batches, reached: Running) -> Running | None:
        unit = Unit(statements=(batches.statement,), text=batches.sql)

        def attempt() -> Running | None:
            with rolled_back_on_error(self.connection):
                self._begin()
                keys = next_range(self.connection, batches, reached.last)
                if keys is None:
                    self.connection.execute("commit", prepare=False)
                    return None
                with watched(self._run.observer, self.connection, unit, unit.statements[0]):
                    rows = run_range(self.connection, batches, *keys).rowcount
                now = reached._replace(last=keys[1], rows=reached.rows + rows)
                self._save(self._now._replace(running=now))
                self.connection.execute("commit", prepare=False)
                return now

        return self._with_retries(attempt)

    def refuse_fewer_steps(self) -> None:
        """Raise an error if there are fewer steps now than were done before."""
        if self._now.done < self._before.done:
            raise self._other_steps()

    def _following(self, unit: Unit) -> Progress:
        return self._now._replace(
            done=self._now.done + 1,
            chain=chained(self._now.chain, unit),
            running=None,
        )

    def _check_chain(self, following: Progress) -> None:
        if following.done < self._before.done:
            return
        if following.chain != self._before.chain:
            raise self._other_steps()
        self._run.on_event(
            Resumed(direction=self._run.direction, migration=self._run.file, done=following.done)
        )

    def _pass_over(self, unit: Unit, following: Progress) -> Cursor:
        self._check_chain(following)
        cursor = self.connection.cursor()
        for statement in unit.statements:
            # What a statement does to the session ended with the session.
            if unit.params is None and isinstance(statement.node, ast.VariableSetStmt):
                send(self.connection, statement)
            elif unit.params is not None or isinstance(statement.node, ast.SelectStmt):
                cursor = self._read_again(statement, unit.params) or cursor
        return cursor

    def _read_again(self, statement: Statement, params: Parameters | None) -> Cursor | None:
        # The author's code may go by the rows. PostgreSQL itself says which statements only read;
        # one that does not has done what it does.
        if self._in_authors_transaction():
            return None
        self.connection.execute("begin read only", prepare=False)
        with rolled_back_on_error(self.connection):
            try:
                cursor = send(self.connection, statement, params)
            except SqlError:
                self.connection.execute("rollback", prepare=False)
                return None
            self.connection.execute("commit", prepare=False)
            return cursor

    def _was_completed(self, unit: Unit) -> bool:
        """Tell whether the step that was begun when the last run stopped had its effect."""
        running = self._before.running
        if running is None or running.last is not None or self._now.done != self._before.done:
            return False
        is_complete = unfinished.clean(self.connection, running, self._tell)
        return is_complete and running.sql == unit.statements[0].sql

    def _commit(self, unit: Unit, following: Progress) -> Cursor:
        if self._in_authors_transaction():
            cursor = send_unit(self.connection, unit, self._run.observer)
            if self._run.record:
                save_within(self.connection, following)
            return cursor

        def attempt() -> Cursor:
            with rolled_back_on_error(self.connection):
                self._begin()
                cursor = send_unit(self.connection, unit, self._run.observer)
                self._save(following)
                self.connection.execute("commit", prepare=False)
                return cursor

        try:
            # An iterator gives its rows once: there is no second attempt.
            return self._with_retries(attempt, is_repeatable=not isinstance(unit.rows, Iterator))
        except SqlError as exc:
            ends_it = isinstance(exc.__cause__, errors.InvalidTransactionTermination)
            if not ends_it or len(unit.statements) > 1:
                raise
        # It is a CALL or a DO that commits as it goes, and nothing of it is done.
        return self._run_apart(unit, following)

    def _begin(self) -> None:
        begin(
            self.connection,
            self._run.limits,
            label=self._run.label,
            backend_pid=self._run.backend_pid,
        )

    def _with_retries(self, attempt: Callable[[], Result], *, is_repeatable: bool = True) -> Result:
        limits = self._run.limits
        if not is_repeatable:
            limits = limits._replace(lock_attempts=1)
        return with_retries(
            attempt, limits=limits, watch=self._run.watch, on_retry=self._tell_retry
        )

    def _run_apart(self, unit: Unit, following: Progress) -> Cursor:
        statement = unit.statements[0]
        # A concurrent build waits for every transaction that is open: no time-out is right for
        # it, and one that strikes leaves an INVALID index.
        self.connection.execute("set lock_timeout = 0; set statement_timeout = 0", prepare=False)
        running = unfinished.prepare(self.connection, statement.sql, self._tell)
        self._save(self._now._replace(running=running))
        try:
            cursor = send_unit(self.connection, unit, self._run.observer)
            unfinished.refuse_invalid(self.connection, statement.sql)
        except ConfitureError:
            # The error is what matters: what cannot be cleaned up now, the next run cleans up.
            with suppress(psycopg.Error):
                unfinished.clean(self.connection, running, self._tell)
                self._save(self._now)
            raise
        self._save(following)
        return cursor

    def _save(self, progress: Progress) -> None:
        if self._run.record:
            save_progress(self.connection, progress)

    def _other_steps(self) -> MigrationError:
        return MigrationError(
            "the statements before the one it stopped at have changed"
            f" ({self._before.done} of them were done)",
            path=self._run.file.shown_of(self._run.direction),
            hint="put them back as they were; what comes after them may be changed",
        )

    def _in_authors_transaction(self) -> bool:
        return self.connection.info.transaction_status != TransactionStatus.IDLE

    def _tell_done(self) -> None:
        run = self._run
        done = self._now.done
        run.on_event(Committed(direction=run.direction, migration=run.file, done=done))

    def _tell(self, message: str) -> None:
        self._run.on_event(Recovered(migration=self._run.file, message=message))

    def _tell_retry(self, attempt: int, delay_s: float, blockers: tuple[Session, ...]) -> None:
        self._run.on_event(
            Retrying(migration=self._run.file, attempt=attempt, delay_s=delay_s, blockers=blockers)
        )


class _Teller:
    """Tells how far the batches are, about once a second."""

    def __init__(self, run: Run, batches: Batches, total: int | None) -> None:
        self._run = run
        self._what = batches.position
        self._total = total
        self._started = self._told = time.monotonic()

    def tell(self, rows: int) -> None:
        """Tell of the rows that are done."""
        now = time.monotonic()
        if now - self._told < _TELL_EVERY_S:
            return
        self._told = now
        if self._run.watch is not None:
            self._run.watch.hear()
        self._run.on_event(
            Advanced(
                migration=self._run.file,
                what=self._what,
                done=rows,
                total=self._total,
                unit="rows",
                elapsed_s=now - self._started,
            )
        )
