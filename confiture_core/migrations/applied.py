"""Migrations as they were applied to a database, whatever has become of their files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confiture_core.errors import MigrationError
from confiture_core.migrations.history import (
    AppliedMigration,
    Connection,
    read_contents,
    read_history,
)
from confiture_core.migrations.loader import MigrationFile, is_python_migration
from confiture_core.migrations.selection import find_file

if TYPE_CHECKING:
    from collections.abc import Sequence


def read_applied(
    connection: Connection, migrations: Sequence[MigrationFile]
) -> tuple[MigrationFile, ...]:
    """Read the history as migrations, in order, with the texts that were applied.

    A history that has not kept a text is taken to have applied the file as it is.
    """
    contents = read_contents(connection)
    return tuple(
        _as_applied(row, contents.get(row.version), find_file(row.version, migrations))
        for row in read_history(connection)
    )


def _as_applied(
    row: AppliedMigration, content: str | None, file: MigrationFile | None
) -> MigrationFile:
    if file is not None:
        return file if content is None else file._replace(text=content)
    if content is None:
        raise MigrationError(
            f"{row.label} is applied, but its file is missing, and the history has"
            " not kept its text",
            hint="restore the file",
        )
    is_python = is_python_migration(content)
    shown = f"{row.label}{'.py' if is_python else '.up.sql'}"
    return MigrationFile(
        version=row.version,
        name=row.name,
        kind="py" if is_python else "sql",
        file=shown,
        text=content,
        shown=f"{shown} (as applied)",
    )
