"""A migration that commits in steps, keeps its progress, and goes on where it was stopped.

A step that PostgreSQL runs inside a transaction commits together with its progress. One that it
does not is written down before it is begun, so that the next run knows to look at what it left.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import psycopg
from pglast import ast
from psycopg.pq import TransactionStatus

from confiture_core.errors import ConfitureError, MigrationError, SqlError
from confiture_core.migrations import unfinished
from confiture_core.migrations.events import Recovered, Resumed, Retrying
from confiture_core.migrations.progress import Progress, chained, save_progress, save_within
from confiture_core.migrations.sending import send
from confiture_core.migrations.transaction import begin, rolled_back_on_error, with_retries

if TYPE_CHECKING:
    from confiture_core.migrations.events import Session
    from confiture_core.migrations.migration import Cursor, Parameters
    from confiture_core.migrations.run import Run
    from confiture_core.migrations.script import Unit
    from confiture_core.statements import Statement

    Connection = psycopg.Connection[Any]


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
        following = replace(
            self._now,
            done=self._now.done + 1,
            chain=chained(self._now.chain, unit),
            running=None,
        )
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
        return cursor

    def refuse_fewer_steps(self) -> None:
        """Raise an error if there are fewer steps now than were done before."""
        if self._now.done < self._before.done:
            raise self._other_steps()

    def _pass_over(self, unit: Unit, following: Progress) -> Cursor:
        if following.done == self._before.done:
            if following.chain != self._before.chain:
                raise self._other_steps()
            self._run.on_event(
                Resumed(
                    direction=self._run.direction, migration=self._run.file, done=following.done
                )
            )
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
        if running is None or self._now.done != self._before.done:
            return False
        is_complete = unfinished.clean(self.connection, running, self._tell)
        return is_complete and running.sql == unit.statements[0].sql

    def _commit(self, unit: Unit, following: Progress) -> Cursor:
        if self._in_authors_transaction():
            cursor = self._send_all(unit)
            if self._run.record:
                save_within(self.connection, following)
            return cursor

        def attempt() -> Cursor:
            with rolled_back_on_error(self.connection):
                begin(
                    self.connection,
                    self._run.limits,
                    label=self._run.label,
                    backend_pid=self._run.backend_pid,
                )
                cursor = self._send_all(unit)
                self._save(following)
                self.connection.execute("commit", prepare=False)
                return cursor

        return with_retries(
            attempt, limits=self._run.limits, watch=self._run.watch, on_retry=self._tell_retry
        )

    def _send_all(self, unit: Unit) -> Cursor:
        cursor = self.connection.cursor()
        for statement in unit.statements:
            cursor = send(self.connection, statement, unit.params)
        return cursor

    def _run_apart(self, unit: Unit, following: Progress) -> Cursor:
        statement = unit.statements[0]
        # A concurrent build waits for every transaction that is open: no time-out is right for
        # it, and one that strikes leaves an INVALID index.
        self.connection.execute("set lock_timeout = 0; set statement_timeout = 0", prepare=False)
        running = unfinished.prepare(self.connection, statement.sql, self._tell)
        self._save(replace(self._now, running=running))
        try:
            cursor = send(self.connection, statement)
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
            path=self._run.file.file_of(self._run.direction)[1],
            hint="put them back as they were; what comes after them may be changed",
        )

    def _in_authors_transaction(self) -> bool:
        return self.connection.info.transaction_status != TransactionStatus.IDLE

    def _tell(self, message: str) -> None:
        self._run.on_event(Recovered(migration=self._run.file, message=message))

    def _tell_retry(self, attempt: int, delay_s: float, blockers: tuple[Session, ...]) -> None:
        self._run.on_event(
            Retrying(migration=self._run.file, attempt=attempt, delay_s=delay_s, blockers=blockers)
        )
