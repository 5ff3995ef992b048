"""Statements sent to PostgreSQL, and what it refused as an error at the user's line."""

from __future__ import annotations

import bisect
import itertools
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
from pglast import parse_sql
from pglast.parser import ParseError
from psycopg import errors, generators
from psycopg.pq import ExecStatus

from confiture_core.errors import ConfitureError, DatabaseError, SqlError
from confiture_core.migrations.observing import watched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from psycopg.pq.abc import PGresult

    from confiture_core.migrations.migration import Cursor, Parameters, Rows
    from confiture_core.migrations.observing import Observer
    from confiture_core.migrations.script import Unit
    from confiture_core.statements import Statement

    Connection = psycopg.Connection[Any]

# "COPY users, line 3, column id": what PostgreSQL says in English, and we use where it does.
_COPY_LINE = re.compile(r"^COPY .+, line (\d+)", re.MULTILINE)
_SEPARATOR = ";\n"


def send(connection: Connection, statement: Statement, params: Parameters | None = None) -> Cursor:
    """Run one statement; what PostgreSQL refuses is an SqlError at its line."""
    try:
        if statement.copy_rows is not None:
            cursor = connection.cursor()
            with cursor.copy(statement.sql) as copy:
                copy.write(statement.copy_rows)
            return cursor
        # Never prepared: the next statement may change the tables a plan was made for.
        return connection.execute(statement.sql, params, prepare=False)
    except psycopg.Error as exc:
        raise refusal(exc, statement) from exc


def send_unit(connection: Connection, unit: Unit, observer: Observer | None = None) -> Cursor:
    """Run the statements of a unit, one after the other; give the cursor of the last one."""
    cursor = connection.cursor()
    for statement in unit.statements:
        with watched(observer, connection, unit, statement):
            if unit.rows is None:
                cursor = send(connection, statement, unit.params)
            else:
                cursor = _copy_rows(connection, statement, unit.rows)
    return cursor


def send_together(
    connection: Connection,
    statements: Sequence[Statement],
    *,
    before: Sequence[str],
    after: Sequence[str],
    meanwhile: Callable[[], object] = lambda: None,
) -> None:
    """Run statements in one round trip, between statements of our own.

    PostgreSQL answers each of them, so the one that it refuses is known by its number; what it
    refuses of our own is raised as psycopg's error. `meanwhile` is called while it works.
    """
    parts = [*before, *(statement.sql for statement in statements), *after]
    text = _SEPARATOR.join(parts)
    results = _results(connection, text, meanwhile)
    failed = next((one for one in results if one.status == ExecStatus.FATAL_ERROR), None)
    if failed is None:
        return
    exc = errors.error_from_result(failed, connection.info.encoding)
    lengths = (len(part) + len(_SEPARATOR) for part in parts)
    starts = [*itertools.accumulate(lengths, initial=0)]
    number = len(results) - 1
    if number == 0 and exc.diag.statement_position is not None:
        # The whole is parsed before any of it is run: what is no SQL is refused at once.
        number = bisect.bisect_right(starts, int(exc.diag.statement_position) - 1) - 1
    if not len(before) <= number < len(before) + len(statements):
        raise exc
    raise refusal(exc, statements[number - len(before)], start=starts[number]) from exc


def refusal(exc: psycopg.Error, statement: Statement, *, start: int = 0) -> ConfitureError:
    """Turn an error of psycopg's into ours, with its place in the statement's file.

    `start` is where the statement begins in the text that was sent.
    """
    diag = exc.diag
    if diag.message_primary is None:
        # psycopg's own: a parameter that does not fit, or nobody at the other end.
        if isinstance(exc, psycopg.OperationalError):
            return lost_connection(exc)
        return SqlError(str(exc), path=statement.shown, line=statement.line)
    if diag.severity_nonlocalized == "FATAL":
        return lost_connection(exc)
    return SqlError(
        diag.message_primary,
        path=statement.shown,
        line=_line(exc, statement, start),
        detail="\n".join(filter(None, (diag.message_detail, diag.context))) or None,
        hint=diag.message_hint or _hint(exc, statement),
    )


def lost_connection(exc: psycopg.Error) -> DatabaseError:
    """Say that the server went away under us."""
    return DatabaseError(
        "the connection to the database was lost",
        detail=str(exc).strip() or None,
        hint='see what was done with "confiture migrate status", then run it again',
    )


@contextmanager
def database_errors() -> Iterator[None]:
    """Raise what PostgreSQL refuses of ours, and not of the user's, as a DatabaseError."""
    try:
        yield
    except psycopg.Error as exc:
        is_unsaid = exc.diag.message_primary is None and isinstance(exc, psycopg.OperationalError)
        if is_unsaid or exc.diag.severity_nonlocalized == "FATAL":
            raise lost_connection(exc) from exc
        raise DatabaseError(
            exc.diag.message_primary or str(exc),
            detail=exc.diag.message_detail,
            hint=exc.diag.message_hint or _hint_at_database(exc),
        ) from exc


def _copy_rows(connection: Connection, statement: Statement, rows: Rows) -> Cursor:
    cursor = connection.cursor()
    try:
        with cursor.copy(statement.sql) as copy:
            if isinstance(rows, str | bytes):
                copy.write(rows)
            else:
                for row in rows:
                    copy.write_row(row)
    except psycopg.Error as exc:
        raise refusal(exc, statement) from exc
    return cursor


def _results(connection: Connection, text: str, meanwhile: Callable[[], object]) -> list[PGresult]:
    # A cursor gives no results at all when one of them is an error.
    with connection.lock:
        connection.pgconn.send_query(text.encode(connection.info.encoding))
        connection.pgconn.flush()
        try:
            meanwhile()
        except BaseException:
            # The answer has to be read, whatever else went wrong.
            connection.wait(generators.execute(connection.pgconn))
            raise
        return connection.wait(generators.execute(connection.pgconn))


def _line(exc: psycopg.Error, statement: Statement, start: int) -> int:
    position = exc.diag.statement_position
    if position is not None:
        return statement.line_at(int(position) - 1 - start)
    if statement.copy_rows is not None and (row := _COPY_LINE.search(exc.diag.context or "")):
        return statement.line_at(len(statement.sql)) + int(row[1])
    return statement.line


def _hint_at_database(exc: psycopg.Error) -> str | None:
    if isinstance(exc, errors.ReadOnlySqlTransaction):
        return (
            "the server is a standby, or default_transaction_read_only is on for this database,"
            " role or session"
        )
    return None


def _hint(exc: psycopg.Error, statement: Statement) -> str | None:
    if isinstance(exc, errors.UnsafeNewEnumValueUsage):
        return "a new value can be used only after it is committed: add it in a migration before"
    if isinstance(exc, errors.QueryCanceled):
        return (
            "if it was its time-out, give it more: `-- confiture: statement_timeout: 30min` at the"
            " head of the file, or `statement_timeout` in the class or the environment"
        )
    if isinstance(exc, errors.InvalidTransactionTermination):
        return (
            "what commits as it goes runs in no transaction: `-- confiture: transactional: false`"
            " at the head of the file, or `transactional = False` in the class"
        )
    if isinstance(exc, errors.SyntaxError) and not exc.diag.context and _is_read(statement.sql):
        return "a newer PostgreSQL than this server reads it: see since when it has this syntax"
    return _hint_at_database(exc)


def _is_read(sql: str) -> bool:
    """Tell whether the grammar that pglast has, which is a recent one, reads a statement."""
    try:
        parse_sql(sql)
    except ParseError:
        return False
    return True
