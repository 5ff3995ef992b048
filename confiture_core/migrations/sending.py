"""One statement sent to PostgreSQL, and what it refused as an error at the user's line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import errors

from confiture_core.errors import ConfitureError, DatabaseError, SqlError

if TYPE_CHECKING:
    from confiture_core.migrations.migration import Cursor, Parameters
    from confiture_core.statements import Statement

    Connection = psycopg.Connection[Any]

# "COPY users, line 3, column id": what PostgreSQL says in English, and we use where it does.
_COPY_LINE = re.compile(r"^COPY .+, line (\d+)", re.MULTILINE)


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


def refusal(exc: psycopg.Error, statement: Statement) -> ConfitureError:
    """Turn an error of psycopg's into ours, with its place in the statement's file."""
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
        line=_line(exc, statement),
        detail="\n".join(filter(None, (diag.message_detail, diag.context))) or None,
        hint=diag.message_hint or _hint(exc),
    )


def lost_connection(exc: psycopg.Error) -> DatabaseError:
    """Say that the server went away under us."""
    return DatabaseError(
        "the connection to the database was lost",
        detail=str(exc).strip() or None,
        hint='see what was done with "confiture migrate status", then run it again',
    )


def _line(exc: psycopg.Error, statement: Statement) -> int:
    position = exc.diag.statement_position
    if position is not None:
        return statement.line_at(int(position) - 1)
    if statement.copy_rows is not None and (row := _COPY_LINE.search(exc.diag.context or "")):
        return statement.line_at(len(statement.sql)) + int(row[1])
    return statement.line


def _hint(exc: psycopg.Error) -> str | None:
    if isinstance(exc, errors.UnsafeNewEnumValueUsage):
        return "a new value can be used only after it is committed: add it in a migration before"
    return None
