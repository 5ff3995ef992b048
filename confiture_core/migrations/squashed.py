"""Migrations made from others, and the databases that have applied those others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confiture_core.errors import MigrationError
from confiture_core.migrations.versions import identity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from confiture_core.migrations.history import AppliedMigration
    from confiture_core.migrations.loader import MigrationFile

# Only the head of a file is looked at: options are parsed where there is something to read.
_WORD = "confiture: replaces"


def find_squashed(
    migrations: Sequence[MigrationFile], applied: Sequence[AppliedMigration]
) -> Iterator[MigrationFile]:
    """Find the migrations that were made from others, all of which a database has.

    A database that has only some of them can be brought no further by the one that was made from
    all: that is an error.
    """
    rows = {identity(row.version): row for row in applied}
    for file in migrations:
        if file.kind != "sql" or _WORD not in file.text:
            continue
        versions = file.options.replaces
        there = [version for version in versions if identity(version) in rows]
        if not there or _stands_already(file, rows[identity(there[-1])], there):
            continue
        if len(there) < len(versions):
            lacking = next(version for version in versions if version not in there)
            raise MigrationError(
                f"it was made from {len(versions)} migrations, of which this database has only"
                f" {len(there)}",
                path=file.shown,
                detail=f"version {lacking} is not applied",
                hint="apply the others first, from the folder they were moved to:"
                " confiture migrate up --migrations-dir DIR",
            )
        yield file


def _stands_already(file: MigrationFile, row: AppliedMigration, there: Sequence[str]) -> bool:
    # It has the last one's version, and in a history that knows it, its name.
    return [identity(one) for one in there] == [identity(file.version)] and row.name == file.name
