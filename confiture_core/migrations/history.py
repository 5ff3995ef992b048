"""The history: the table that says which migrations a database has.

A row means applied, and commits together with what the migration does; rolling back removes the
row. Everything else a runner has to remember (see progress) is kept elsewhere. A connection knows
where the history of its database is.
"""

from __future__ import annotations

import functools
import getpass
import importlib.metadata
import os
import socket
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias
from weakref import WeakKeyDictionary

import psycopg
from psycopg import errors

from confiture_core import names
from confiture_core.errors import DatabaseError, MigrationError
from confiture_core.migrations.meaning import digest
from confiture_core.migrations.versions import label, sort_key

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from confiture_core.migrations.loader import MigrationFile

Connection: TypeAlias = "psycopg.Connection[Any]"

# Catalogs leave out what has this comment, wherever it is and whatever it is called.
MARK = "confiture: the history of migrations"

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

_RECORDED = (
    "version, name, digest, content, down_content, applied_from, confiture_version, duration_ms"
)


class HistoryTable(NamedTuple):
    """Where a history is kept."""

    schema: str = "public"
    name: str = "confiture_migrations"

    @property
    def qualified(self) -> str:
        """The name in SQL."""
        return names.qualified(self.schema, self.name)

    @property
    def in_query(self) -> str:
        """The name in SQL that has parameters."""
        return self.qualified.replace("%", "%%")

    @property
    def progress(self) -> str:
        """The SQL name of the table of what is unfinished."""
        is_usual = self.name == _USUAL.name
        return names.qualified(
            self.schema, "confiture_migration_progress" if is_usual else f"{self.name}_progress"
        )


_USUAL = HistoryTable()
_KEPT_IN: WeakKeyDictionary[Connection, HistoryTable] = WeakKeyDictionary()


def parse_history_table(text: str | None) -> HistoryTable:
    """Read "table" or "schema.table"; without a text it is the usual one."""
    if text is None:
        return _USUAL
    schema, _, name = text.rpartition(".")
    return HistoryTable(schema=schema or _USUAL.schema, name=name)


def keep_history_in(connection: Connection, table: HistoryTable) -> None:
    """Say where the history of a connection's database is, if it is not the usual table."""
    _KEPT_IN[connection] = table


def history_table(connection: Connection) -> HistoryTable:
    """Return where the history of a connection's database is."""
    return _KEPT_IN.get(connection, _USUAL)


class SinceBegin:
    """Stands for the time since the transaction began, which the server knows."""


SINCE_BEGIN = SinceBegin()
_SINCE_BEGIN = "extract(epoch from clock_timestamp() - transaction_timestamp()) * 1000"


class AppliedMigration(NamedTuple):
    """A row of the history."""

    version: str
    name: str
    applied_at: datetime | None = None
    duration_ms: int | None = None  # None: recorded without running it
    digest: str | None = None
    applied_by: str | None = None
    applied_from: str | None = None
    confiture_version: str | None = None

    @property
    def label(self) -> str:
        """Version and name, as the file's name started."""
        return label(self.version, self.name)


def ensure_history(connection: Connection) -> None:
    """Make the table, or give an older one the columns it lacks."""
    found = _columns(connection)
    if not found:
        _create(connection)
    elif lacking := [name for name in _COLUMNS if name not in found]:
        _refuse_foreign(connection, found)
        additions = ", ".join(f"add column {name} {_COLUMNS[name]}" for name in lacking)
        table = history_table(connection).qualified
        connection.execute(f"alter table {table} {additions}", prepare=False)


def read_history(connection: Connection) -> tuple[AppliedMigration, ...]:
    """Read the rows, oldest version first; none where there is no table."""
    found = _columns(connection)
    if not found:
        return ()
    _refuse_foreign(connection, found)
    columns = [name if name in found else "null" for name in AppliedMigration._fields]
    columns[0] = "version::text"  # whatever those made of it who made the table themselves
    rows = connection.execute(
        f"select {', '.join(columns)} from {history_table(connection).qualified}", prepare=False
    ).fetchall()
    return tuple(sorted(map(AppliedMigration._make, rows), key=lambda one: sort_key(one.version)))


def read_content(connection: Connection, version: str) -> str | None:
    """Read the text that was applied."""
    table = history_table(connection).in_query
    query = f"select content from {table} where version = %s"
    row = connection.execute(query, (version,), prepare=False).fetchone()
    return row[0] if row else None


def read_contents(connection: Connection) -> dict[str, str]:
    """Read the texts that were applied, by version, as far as the history has kept them."""
    if "content" not in _columns(connection):
        return {}
    table = history_table(connection).qualified
    query = f"select version, content from {table} where content is not null"
    return dict(connection.execute(query, prepare=False).fetchall())


def recording(
    connection: Connection, file: MigrationFile, duration_ms: int | SinceBegin | None
) -> str:
    """Write the statement that records a migration, for it to be sent together with others."""
    return _recording(history_table(connection), file, duration_ms)


@functools.lru_cache(maxsize=2)  # one that is run, and the next
def _recording(
    table: HistoryTable, file: MigrationFile, duration_ms: int | SinceBegin | None
) -> str:
    if isinstance(duration_ms, SinceBegin):
        duration = _SINCE_BEGIN
    else:
        duration = "null" if duration_ms is None else str(duration_ms)
    texts = (file.version, file.name, file.digest, file.text, file.down_text)
    values = (*texts, _runner(), _confiture_version())
    # A cursor of psycopg's to write literals with takes longer than small migrations do.
    literals = ["null" if one is None else names.literal(one) for one in values]
    row = ", ".join([*literals, duration])
    return f"insert into {table.qualified} ({_RECORDED}) values ({row})"


def forgetting(connection: Connection, version: str) -> str:
    """Write the statement that takes a version out of the history."""
    table = history_table(connection).qualified
    return f"delete from {table} where version = {names.literal(version)}"


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


def take_over(connection: Connection, file: MigrationFile, versions: Iterable[str]) -> None:
    """Let one migration stand for versions that are applied; it keeps the date of the last."""
    table = history_table(connection).in_query
    row = connection.execute(
        f"select max(applied_at) from {table} where version = any (%s)",
        (list(versions),),
        prepare=False,
    ).fetchone()
    connection.execute(
        f"delete from {table} where version = any (%s)", (list(versions),), prepare=False
    )
    record(connection, file)
    connection.execute(
        f"update {table} set applied_at = %s where version = %s",
        (row[0] if row else None, file.version),
        prepare=False,
    )


def accept(connection: Connection, file: MigrationFile) -> None:
    """Keep the present text of an applied migration as what was applied."""
    table = history_table(connection).in_query
    cursor = connection.execute(
        f"update {table} set name = %s, digest = %s, content = %s, down_content = %s"
        " where version = %s",
        (file.name, digest(file.text), file.text, file.down_text, file.version),
        prepare=False,
    )
    if cursor.rowcount == 0:
        raise MigrationError(f'version "{file.version}" is not applied', path=file.shown)


def _create(connection: Connection) -> None:
    columns = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())
    table = history_table(connection)
    statements = [
        f"create table {table.qualified} ({columns})",
        f"comment on table {table.qualified} is {names.literal(MARK)}",
    ]
    if table.schema != _USUAL.schema and not _has_schema(connection, table.schema):
        statements.insert(0, f"create schema {names.quote(table.schema)}")
    try:
        # One message, so that it is one transaction.
        connection.execute("; ".join(statements), prepare=False)
    except errors.InsufficientPrivilege as exc:
        # Since PostgreSQL 15 only the owner of a database may create in its schema public.
        user, schema = names.quote(connection.info.user), names.quote(table.schema)
        raise DatabaseError(
            f"the history cannot be kept: the table {table.qualified} cannot be made",
            detail=exc.diag.message_primary,
            hint=f"as the owner of the database: GRANT CREATE ON SCHEMA {schema} TO {user}",
        ) from exc


def _has_schema(connection: Connection, name: str) -> bool:
    query = "select 1 from pg_catalog.pg_namespace where nspname = %s"
    return connection.execute(query, (name,), prepare=False).fetchone() is not None


def _columns(connection: Connection) -> set[str]:
    rows = connection.execute(
        "select attname from pg_catalog.pg_attribute"
        " where attrelid = pg_catalog.to_regclass(%s) and attnum > 0 and not attisdropped",
        (history_table(connection).qualified,),
        prepare=False,
    ).fetchall()
    return {row[0] for row in rows}


def _refuse_foreign(connection: Connection, columns: set[str]) -> None:
    if not {"version", "name"} <= columns:
        raise MigrationError(
            f'the table "{history_table(connection).qualified}" is not a history of confiture',
            detail=f"its columns: {', '.join(sorted(columns))}",
            hint="rename it, drop it if nothing needs it, or keep the history in another table:"
            " history_table in the file of the environment",
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
