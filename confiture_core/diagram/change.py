"""The states before and after one migration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confiture_core.catalog.reader import read_catalog
from confiture_core.errors import MigrationError
from confiture_core.migrations.executor import apply_migration
from confiture_core.migrations.versions import same_version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confiture_core.catalog.model import Catalog
    from confiture_core.factory.shadows import Shadows
    from confiture_core.migrations.loader import MigrationFile


def read_change(
    migrations: Sequence[MigrationFile], version: str, shadows: Shadows
) -> tuple[Catalog, Catalog]:
    """Apply the migrations through a version, and read what was there before it and after."""
    places = [n for n, file in enumerate(migrations) if same_version(file.version, version)]
    if not places:
        raise MigrationError(f'there is no version "{version}"')
    database = shadows.make()
    with shadows.connect(database) as connection:
        for file in migrations[: places[0]]:
            apply_migration(connection, file, record=False)
        before = read_catalog(connection)
        apply_migration(connection, migrations[places[0]], record=False)
        after = read_catalog(connection)
    shadows.drop(database)
    return before, after
