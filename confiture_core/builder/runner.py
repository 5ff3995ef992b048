"""Running files one after the other on one connection."""

from __future__ import annotations

import logging
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from psycopg import errors
from psycopg.pq import TransactionStatus

from confiture_core.builder.access import MissingRole, SkippedStatement, settle_roles
from confiture_core.builder.failure import explain
from confiture_core.builder.script import (
    StatementFailed,
    find_failing,
    load_scripts,
    run_all_together,
    run_apart,
    run_together,
)
from confiture_core.errors import DatabaseError, SqlError
from confiture_core.statements import (
    may_leave_transaction,
    only_defines,
    transaction_control,
    turned_off_time_out,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from psycopg import Error
    from psycopg.errors import Diagnostic

    from confiture_core.builder.script import Connection, Script
    from confiture_core.project import SqlFile
    from confiture_core.statements import Statement

_log = logging.getLogger(__name__)

# What a statement says that runs when each is its own transaction, as under psql: VACUUM inside a
# function, CALL of a procedure that commits, a new enum value used at once, ALTER TABLE after rows
# whose deferred checks are pending.
_NEEDS_ITS_OWN_TRANSACTION: tuple[type[Error], ...] = (
    errors.ActiveSqlTransaction,
    errors.InvalidTransactionTermination,
    errors.UnsafeNewEnumValueUsage,
    errors.ObjectInUse,
)

# How many definitions go together: each holds its locks until the end of the transaction.
_MOST_FILES = 50
_MOST_STATEMENTS = 200

# What the pg_dump of a later version takes away that this server does not know yet: the time-out,
# and the first version that has it.
_TIME_OUTS = {"transaction_timeout": 170000}

_RESET = "reset session authorization; reset role; reset all"


def run_files(
    connection: Connection,
    files: Iterable[SqlFile],
    *,
    on_missing_role: MissingRole = "refuse",
    on_file: Callable[[SqlFile, float], None] | None = None,
) -> tuple[SkippedStatement, ...]:
    """Run files on an autocommit connection, and give what was skipped for want of a role.

    A syntax error in any of them is found before one is run. A file that fails leaves nothing,
    unless it holds statements that end a transaction or run in none; the files before it stay. What
    a file sets (search_path, role) ends with it: settings made on this connection before are reset
    too. `on_file` is told how many seconds each took, which costs time, since several go together
    otherwise.
    """
    scripts = load_scripts(files)
    return run_scripts(connection, scripts, on_missing_role=on_missing_role, on_file=on_file)


def run_scripts(
    connection: Connection,
    scripts: Sequence[Script],
    *,
    on_missing_role: MissingRole = "refuse",
    on_file: Callable[[SqlFile, float], None] | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> tuple[SkippedStatement, ...]:
    """Run files that were split already; `on_progress` is told how many were run."""
    skipped: list[SkippedStatement] = []
    is_timed = on_file is not None or _log.isEnabledFor(logging.INFO)
    with _logged_notices(connection):
        for group in _groups(scripts, most=1 if is_timed else _MOST_FILES):
            together = None
            if len(group) > 1:
                together = _try_together(
                    connection, scripts[group.start : group.stop], on_missing_role
                )
            if together is not None:
                skipped += together
            else:
                for number in group:
                    skipped += _run_file(connection, scripts, number, on_missing_role, on_file)
            if on_progress is not None:
                on_progress(group.stop)
    return tuple(skipped)


def _groups(scripts: Sequence[Script], *, most: int) -> Iterator[range]:
    """Divide files into those that may go together and those that go alone."""
    start, statements = 0, 0
    for number, script in enumerate(scripts):
        statements += len(script.statements)
        joins = all(map(only_defines, script.statements))
        if not joins or number - start >= most or statements > _MOST_STATEMENTS:
            if number > start:
                yield range(start, number)
            start, statements = number, len(script.statements)
        if not joins:
            yield range(number, number + 1)
            start, statements = number + 1, 0
    if start < len(scripts):
        yield range(start, len(scripts))


def _try_together(
    connection: Connection, scripts: Sequence[Script], on_missing_role: MissingRole
) -> list[SkippedStatement] | None:
    """Run definitions of several files as one message; None if nothing came of it.

    It is most of a build's time otherwise: the server waits for the next message, and commits.
    """
    settled = [settle_roles(connection, script, on_missing_role) for script in scripts]
    _speak_utf8(connection)
    try:
        run_all_together(connection, [left for left, _ in settled], then=_RESET)
    except StatementFailed as failure:
        if connection.closed:
            first, last = scripts[0].file.shown, scripts[-1].file.shown
            raise DatabaseError(
                f'the connection was lost while running "{first}" to "{last}"',
                detail=str(failure.cause).strip(),
            ) from failure.cause
        # Run one by one they say which it was, and those before it stay.
        connection.rollback()
        return None
    return [statement for _, more in settled for statement in more]


def _run_file(
    connection: Connection,
    scripts: Sequence[Script],
    number: int,
    on_missing_role: MissingRole,
    on_file: Callable[[SqlFile, float], None] | None,
) -> tuple[SkippedStatement, ...]:
    script = scripts[number]
    start = time.perf_counter()
    try:
        left, skipped = settle_roles(connection, script, on_missing_role)
        _run(connection, script, _without_unknown(connection, left))
    except StatementFailed as failure:
        if not connection.closed:
            connection.rollback()
            connection.execute(_RESET, prepare=False)
        raise explain(failure, connection, scripts, number) from failure.cause
    elapsed_s = time.perf_counter() - start
    _log.info("%s: %.1f ms", script.file.shown, elapsed_s * 1000)
    if on_file is not None:
        on_file(script.file, elapsed_s)
    return skipped


def _without_unknown(
    connection: Connection, statements: tuple[Statement, ...]
) -> tuple[Statement, ...]:
    """Leave out what takes away a time-out that the server does not have."""
    version = connection.info.server_version
    unknown = {name for name, since in _TIME_OUTS.items() if version < since}
    return tuple(each for each in statements if turned_off_time_out(each) not in unknown)


def _run(connection: Connection, script: Script, statements: Sequence[Statement]) -> None:
    _speak_utf8(connection)
    if any(may_leave_transaction(statement) for statement in statements):
        _run_apart(connection, script, statements)
        return
    try:
        run_together(connection, statements, then=_RESET)
    except StatementFailed as failure:
        if not connection.closed:
            connection.rollback()
        if isinstance(failure.cause, _NEEDS_ITS_OWN_TRANSACTION):
            # Nothing of the first attempt is left, but what it took from sequences.
            _run_apart(connection, script, statements)
        elif failure.statement is None and not connection.closed:
            raise find_failing(connection, statements) or failure from failure.cause
        else:
            raise


def _speak_utf8(connection: Connection) -> None:
    if connection.info.encoding != "utf-8":  # the database's own, or PGCLIENTENCODING
        connection.execute("set client_encoding to 'UTF8'")


def _run_apart(connection: Connection, script: Script, statements: Sequence[Statement]) -> None:
    run_apart(connection, statements)
    if connection.info.transaction_status != TransactionStatus.IDLE:
        connection.rollback()
        last = [statement for statement in statements if transaction_control(statement)][-1]
        raise SqlError("the file leaves a transaction open", path=script.file.shown, line=last.line)
    connection.execute(_RESET, prepare=False)


@contextmanager
def _logged_notices(connection: Connection) -> Iterator[None]:
    connection.add_notice_handler(_log_notice)
    try:
        yield
    finally:
        connection.remove_notice_handler(_log_notice)


def _log_notice(notice: Diagnostic) -> None:
    _log.info("%s: %s", notice.severity, notice.message_primary)
