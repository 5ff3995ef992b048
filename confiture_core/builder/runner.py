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
    run_apart,
    run_together,
)
from confiture_core.errors import SqlError
from confiture_core.statements import may_leave_transaction, transaction_control

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

_RESET = "reset session authorization; reset role; reset all"


def run_files(
    connection: Connection,
    files: Iterable[SqlFile],
    *,
    on_missing_role: MissingRole = "refuse",
    on_file: Callable[[SqlFile, float], None] | None = None,
) -> tuple[SkippedStatement, ...]:
    """Run files on an autocommit connection, and give what was skipped for want of a role.

    A file that fails leaves nothing, unless it holds statements that end a transaction or run in
    none; the files before it stay. What a file sets (search_path, role) ends with it: settings
    made on this connection before are reset too. `on_file` is told how many seconds each took.
    """
    scripts = load_scripts(files)
    skipped: list[SkippedStatement] = []
    with _logged_notices(connection):
        for number, script in enumerate(scripts):
            start = time.perf_counter()
            try:
                left, more = settle_roles(connection, script, on_missing_role)
                _run(connection, script, left)
            except StatementFailed as failure:
                if not connection.closed:
                    connection.rollback()
                    connection.execute(_RESET, prepare=False)
                raise explain(failure, connection, scripts, number) from failure.cause
            skipped += more
            elapsed_s = time.perf_counter() - start
            _log.info("%s: %.1f ms", script.file.shown, elapsed_s * 1000)
            if on_file is not None:
                on_file(script.file, elapsed_s)
    return tuple(skipped)


def _run(connection: Connection, script: Script, statements: Sequence[Statement]) -> None:
    if connection.info.encoding != "utf-8":  # the database's own, or PGCLIENTENCODING
        connection.execute("set client_encoding to 'UTF8'")
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
