"""The history: the table that says which migrations a database has.

A row means applied, and commits together with what the migration does; rolling back removes the
row. Everything else a runner has to remember (see progress) is kept elsewhere.
"""

from __future__ import annotations

import functools
import getpass
import importlib.metadata
import os
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psycopg import ClientCursor, errors

from confiture_core import names
from confiture_core.errors import DatabaseError, MigrationError
from confiture_core.migrations.meaning import digest
from confiture_core.migrations.versions import sort_key

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    import psycopg

    from confiture_core.migrations.loader import MigrationFile

    Connection = psycopg.Connection[Any]

HISTORY_SCHEMA = "public"
HISTORY_TABLE = "confiture_migrations"

# In the order they came to the table; the first two are what every history has had.
_COLUMNS = {
    "version": "text primary key",
    "name": "text not null",
    "applied_at": "timestamptz not null default clock_timestamp()",
    "duration_ms": "integer",  # null: recorded without running it
    "digest": "text",
    "content": "text",  # what the digest is of: the SQL or Python text
    "down_content": "text",
    "applied_by": "text default session_user",
    "applied_from": "text",  # user and host of the runner: "deploy@ci-7"
    "confiture_version": "text",
}

_INSERT = """
insert into public.confiture_migrations
    (version, name, duration_ms, digest, content, down_content, applied_from, confiture_version)
values (%(version)s, %(name)s, {duration}, %(digest)s, %(content)s, %(down_content)s,
    %(applied_from)s, %(confiture_version)s)
"""


class SinceBegin:
    """Stands for the time since the transaction began, which the server knows."""


SINCE_BEGIN = SinceBegin()
_SINCE_BEGIN = "extract(epoch from clock_timestamp() - transaction_timestamp()) * 1000"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedMigration:
    """A row of the history."""

    version: str
    name: str
    applied_at: datetime | None = None
    duration_ms: int | None = None  # None: recorded without running it
    digest: str | None = None
    applied_by: str | None = None
    applied_from: str | None = None
    confiture_version: str | None = None


def ensure_history(connection: Connection) -> None:
    """Make the table, or give an older one the columns it lacks."""
    found = _columns(connection)
    if not found:
        _create(connection)
    elif lacking := [name for name in _COLUMNS if name not in found]:
        _refuse_foreign(found)
        additions = ", ".join(f"add column {name} {_COLUMNS[name]}" for name in lacking)
        connection.execute(f"alter table public.confiture_migrations {additions}", prepare=False)


def read_history(connection: Connection) -> tuple[AppliedMigration, ...]:
    """Read the rows, oldest version first; none where there is no table."""
    found = _columns(connection)
    if not found:
        return ()
    _refuse_foreign(found)
    columns = [name for name in AppliedMigration.__dataclass_fields__ if name in found]
    rows = connection.execute(
        f"select {', '.join(columns)} from public.confiture_migrations", prepare=False
    ).fetchall()
    applied = (AppliedMigration(**dict(zip(columns, row, strict=True))) for row in rows)
    return tuple(sorted(applied, key=lambda one: sort_key(one.version)))


def read_content(connection: Connection, version: str) -> str | None:
    """Read the text that was applied."""
    row = connection.execute(
        "select content from public.confiture_migrations where version = %s", (version,)
    ).fetchone()
    return row[0] if row else None


def recording(
    connection: Connection, file: MigrationFile, duration_ms: int | SinceBegin | None
) -> str:
    """Write the statement that records a migration, for it to be sent together with others."""
    is_asked = isinstance(duration_ms, SinceBegin)
    values = {
        "version": file.version,
        "name": file.name,
        "duration": None if is_asked else duration_ms,
        "digest": file.digest,
        "content": file.text,
        "down_content": file.down_text,
        "applied_from": _runner(),
        "confiture_version": _confiture_version(),
    }
    text = _INSERT.format(duration=_SINCE_BEGIN if is_asked else "%(duration)s")
    return ClientCursor(connection).mogrify(text, values)


def forgetting(connection: Connection, version: str) -> str:
    """Write the statement that takes a version out of the history."""
    return ClientCursor(connection).mogrify(
        "delete from public.confiture_migrations where version = %s", (version,)
    )


def record(connection: Connection, file: MigrationFile, *, duration_ms: int | None = None) -> None:
    """Say that a migration is applied."""
    connection.execute(recording(connection, file, duration_ms), prepare=False)


def forget(connection: Connection, version: str) -> None:
    """Say that a version is not applied."""
    connection.execute(forgetting(connection, version), prepare=False)


def record_all(connection: Connection, files: Iterable[MigrationFile]) -> None:
    """Say in one statement that migrations are applied which were not run here."""
    statements = [recording(connection, file, None) for file in files]
    if statements:
        connection.execute(";".join(statements), prepare=False)


def accept(connection: Connection, file: MigrationFile) -> None:
    """Keep the present text of an applied migration as what was applied."""
    cursor = connection.execute(
        "update public.confiture_migrations set name = %s, digest = %s, content = %s,"
        " down_content = %s where version = %s",
        (file.name, digest(file.text), file.text, file.down_text, file.version),
        prepare=False,
    )
    if cursor.rowcount == 0:
        raise MigrationError(f'version "{file.version}" is not applied', path=file.shown)


def _create(connection: Connection) -> None:
    columns = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())
    try:
        connection.execute(f"create table public.confiture_migrations ({columns})", prepare=False)
    except errors.InsufficientPrivilege as exc:
        # Since PostgreSQL 15 only the owner of a database may create in its schema public.
        user = names.quote(connection.info.user)
        raise DatabaseError(
            "the history cannot be kept: the table public.confiture_migrations cannot be made",
            detail=exc.diag.message_primary,
            hint=f"as the owner of the database: GRANT CREATE ON SCHEMA public TO {user}",
        ) from exc


def _columns(connection: Connection) -> set[str]:
    rows = connection.execute(
        "select attname from pg_catalog.pg_attribute"
        " where attrelid = pg_catalog.to_regclass('public.confiture_migrations')"
        " and attnum > 0 and not attisdropped",
        prepare=False,
    ).fetchall()
    return {row[0] for row in rows}


def _refuse_foreign(columns: set[str]) -> None:
    if not {"version", "name"} <= columns:
        raise MigrationError(
            'the table "public.confiture_migrations" is not a history of confiture',
            detail=f"its columns: {', '.join(sorted(columns))}",
            hint="rename it, or drop it if nothing needs it",
        )


@functools.cache
def _runner() -> str:
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        # A container may run under a number that no user has.
        user = str(os.getuid())
    return f"{user}@{socket.gethostname()}"


@functools.cache
def _confiture_version() -> str | None:
    try:
        return importlib.metadata.version("pytest-confiture")
    except importlib.metadata.PackageNotFoundError:
        return None
