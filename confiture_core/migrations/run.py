"""One migration brought up or down on a connection, together with its row of the history."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg
from psycopg import errors
from psycopg.pq import TransactionStatus

from confiture_core.errors import ConfitureError, MigrationError, SqlError
from confiture_core.migrations.batches import Batches, refuse_batches
from confiture_core.migrations.body import run_body
from confiture_core.migrations.events import Event, Retrying, ignore
from confiture_core.migrations.history import SINCE_BEGIN, SinceBegin, forgetting, recording
from confiture_core.migrations.limits import UNLIMITED, Limits
from confiture_core.migrations.progress import (
    Progress,
    end_progress,
    ensure_progress,
    read_progress,
)
from confiture_core.migrations.sending import send_together, send_unit
from confiture_core.migrations.stepwise import Steps
from confiture_core.migrations.transaction import (
    SETTLE,
    begin,
    opening,
    rolled_back_on_error,
    settle_and_commit,
    with_retries,
)
from confiture_core.migrations.versions import same_version
from confiture_core.statements import refuse_beyond_database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from confiture_core.migrations.body import Sink
    from confiture_core.migrations.events import Session
    from confiture_core.migrations.loader import Direction, MigrationFile
    from confiture_core.migrations.migration import Cursor
    from confiture_core.migrations.observing import Observer
    from confiture_core.migrations.script import Script, Unit
    from confiture_core.migrations.watch import SessionWatch
    from confiture_core.statements import Statement

    Connection = psycopg.Connection[Any]


class Run(NamedTuple):
    """One migration in one direction, and the conditions it is run under."""

    file: MigrationFile
    direction: Direction
    record: bool = True
    limits: Limits = UNLIMITED
    on_event: Callable[[Event], None] = ignore
    meanwhile: Callable[[], None] = lambda: None  # called once the migration is under way
    watch: SessionWatch | None = None
    backend_pid: int | None = None  # of the session that holds the migration lock
    following: MigrationFile | None = None  # taken apart while the server is at work on this one
    observer: Observer | None = None
    is_scratch: bool = False  # the database is a copy: no statement may name another

    @property
    def label(self) -> str:
        """The migration and its direction: 002_add_bio up."""
        return f"{self.file.label} {self.direction}"


def apply_migration(
    connection: Connection,
    file: MigrationFile,
    *,
    record: bool = True,
    in_transaction: bool = False,
    observer: Observer | None = None,
) -> None:
    """Apply one migration to a scratch database, without lock and without asking the history.

    With `in_transaction` the transaction is the caller's: it is neither begun nor ended here, and
    after an error it is for the caller to roll back. Settings that the migration makes are reset
    in any case. To record it the history must be there. A statement that names a database is
    refused: it would change another one than this, which may be somebody's.
    """
    run = Run(file, "up", record, observer=observer, is_scratch=True)
    _run_one(connection, run, in_transaction)


def roll_back_migration(
    connection: Connection,
    file: MigrationFile,
    *,
    record: bool = True,
    in_transaction: bool = False,
    observer: Observer | None = None,
) -> None:
    """Roll one migration back; as `apply_migration` in everything else."""
    run = Run(file, "down", record, observer=observer, is_scratch=True)
    _run_one(connection, run, in_transaction)


def run_migration(connection: Connection, run: Run) -> None:
    """Run a migration in transactions of its own: one, or one for each of its steps."""
    if run.file.is_transactional(run.direction):
        _run_in_transaction(connection, run)
    else:
        run.meanwhile()
        _run_in_steps(connection, run)


def limits_of(run: Run) -> Limits:
    """Return the time-outs of a migration: its own come first."""
    is_sql = run.file.kind == "sql"
    is_patient = is_sql and run.file.script(run.direction).is_patient
    options = run.file.script(run.direction).options if is_sql else run.file.options
    return run.limits.of(options, is_patient=is_patient)


def _run_one(connection: Connection, run: Run, in_transaction: bool) -> None:
    if not in_transaction:
        run_migration(connection, run)
        return
    if not run.file.is_transactional(run.direction):
        raise MigrationError(
            "the migration commits in steps: it cannot run inside a transaction",
            path=run.file.shown_of(run.direction),
        )
    after = (*SETTLE, *_records(connection, run))
    script = run.file.script(run.direction) if run.file.kind == "sql" else None
    if script is not None and script.is_small and run.observer is None:
        _refuse_other_databases(run, script.statements)
        with _PlacedInFile(run):
            send_together(connection, script.statements, before=(), after=after)
        return
    _run_body(run, Direct(connection, run.observer))
    with _PlacedInFile(run):
        connection.execute("; ".join(after), prepare=False)


def _run_body(run: Run, sink: Sink) -> None:
    run_body(run.file, run.direction, _OwnDatabase(run, sink) if run.is_scratch else sink)


def _refuse_other_databases(run: Run, statements: Iterable[Statement]) -> None:
    if run.is_scratch:
        for statement in statements:
            refuse_beyond_database(statement)


class _OwnDatabase:
    """Before a sink: passes on only what stays within the database it is run in."""

    def __init__(self, run: Run, sink: Sink) -> None:
        self._run = run
        self._sink = sink
        self.connection = sink.connection
        self.is_transactional = sink.is_transactional

    def run(self, unit: Unit) -> Cursor:
        """Run the statements."""
        if unit.params is None:  # else it is no SQL yet that could be parsed
            _refuse_other_databases(self._run, unit.statements)
        return self._sink.run(unit)

    def run_batches(self, batches: Batches) -> int:
        """Run them: they are about rows."""
        return self._sink.run_batches(batches)


class Direct:
    """A sink that runs everything in the transaction that is open."""

    is_transactional = True

    def __init__(self, connection: Connection, observer: Observer | None = None) -> None:
        self.connection = connection
        self._observer = observer

    def run(self, unit: Unit) -> Cursor:
        """Run the statements."""
        return send_unit(self.connection, unit, self._observer)

    def run_batches(self, batches: Batches) -> int:
        """Refuse: what is done in batches commits."""
        raise refuse_batches()


class _PlacedInFile:
    """Around the end of a transaction: a deferred constraint that fails has no line."""

    def __init__(self, run: Run) -> None:
        self._shown = run.file.shown_of(run.direction)

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, exc: BaseException | None, trace: object) -> None:
        is_ours = isinstance(exc, errors.DivisionByZero)
        if isinstance(exc, psycopg.Error) and exc.diag.message_primary and not is_ours:
            raise SqlError(
                exc.diag.message_primary,
                path=self._shown,
                detail=exc.diag.message_detail,
                hint=exc.diag.message_hint,
            ) from exc


def _run_in_transaction(connection: Connection, run: Run) -> None:
    limits = limits_of(run)
    script = run.file.script(run.direction) if run.file.kind == "sql" else None
    if script is not None and script.is_small and run.observer is None:
        attempt = _at_once(connection, run, limits, script)
    else:
        run.meanwhile()
        attempt = _in_steps_of_one(connection, run, limits)
    with_retries(attempt, limits=limits, watch=run.watch, on_retry=_teller(run))


def _in_steps_of_one(connection: Connection, run: Run, limits: Limits) -> Callable[[], None]:
    def attempt() -> None:
        with rolled_back_on_error(connection):
            begin(connection, limits, label=run.label, backend_pid=run.backend_pid)
            _run_body(run, Direct(connection, run.observer))
            if connection.info.transaction_status != TransactionStatus.INTRANS:
                what = "closed the connection" if connection.closed else "ended the transaction"
                raise MigrationError(
                    f"the migration {what} it runs in",
                    path=run.file.shown_of(run.direction),
                    hint="leave commit and rollback to confiture",
                )
            with _PlacedInFile(run):
                settle_and_commit(connection, *_records(connection, run))

    return attempt


def _at_once(
    connection: Connection, run: Run, limits: Limits, script: Script
) -> Callable[[], None]:
    """Send everything in one message: most migrations take less time than a round trip."""
    statements = script.statements
    _refuse_other_databases(run, statements)

    before = opening(connection, limits, label=run.label, backend_pid=run.backend_pid)
    after = (*SETTLE, *_records(connection, run), "commit")

    def prepare_next() -> None:
        run.meanwhile()
        if run.following is not None and run.following.kind == "sql":
            # What is wrong with it is said in its turn.
            with suppress(ConfitureError):
                run.following.script(run.direction)
                _records(connection, run._replace(file=run.following))

    def attempt() -> None:
        with rolled_back_on_error(connection), _PlacedInFile(run):
            send_together(
                connection, statements, before=before, after=after, meanwhile=prepare_next
            )

    return attempt


def _run_in_steps(connection: Connection, run: Run) -> None:
    started = time.monotonic()
    version = run.file.version
    before = Progress(version=version, direction=run.direction)
    if run.record:
        ensure_progress(connection)
        for one in read_progress(connection):
            if same_version(one.version, version) and one.direction == run.direction:
                before = one
    steps = Steps(connection, run._replace(limits=limits_of(run)), before)
    try:
        _run_body(run, steps)
        steps.refuse_fewer_steps()
    except ConfitureError as exc:
        if steps.done and run.record:
            said = f"{steps.done} of its steps are done and stay; the next run goes on after them"
            exc.detail = f"{exc.detail}\n{said}" if exc.detail else said
        raise
    finally:
        _reset(connection)
    if run.record:
        duration_ms = round((time.monotonic() - started) * 1000)
        with connection.transaction():
            for statement in _records(connection, run, duration_ms):
                connection.execute(statement, prepare=False)
            end_progress(connection, before.version, run.direction)


def _reset(connection: Connection) -> None:
    if connection.info.transaction_status == TransactionStatus.IDLE:
        with suppress(psycopg.OperationalError):
            connection.execute("; ".join(SETTLE[1:]), prepare=False)


def _records(
    connection: Connection, run: Run, duration: int | SinceBegin = SINCE_BEGIN
) -> list[str]:
    if not run.record:
        return []
    if run.direction == "down":
        return [forgetting(connection, run.file.version)]
    return [recording(connection, run.file, duration)]


def _teller(run: Run) -> Callable[[int, float, tuple[Session, ...]], None]:
    def tell(attempt: int, delay_s: float, blockers: tuple[Session, ...]) -> None:
        run.on_event(
            Retrying(migration=run.file, attempt=attempt, delay_s=delay_s, blockers=blockers)
        )

    return tell
