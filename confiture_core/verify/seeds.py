"""Parity of seeds: they load after all migrations as on the schema, and give the same rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confiture_core.builder.runner import run_files
from confiture_core.catalog.following import Follower
from confiture_core.errors import ConfitureError
from confiture_core.migrations.run import apply_migration
from confiture_core.project import load_project
from confiture_core.verify.finding import Finding
from confiture_core.verify.rows.contents import Reader, compare_contents

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confiture_core.config import Environment
    from confiture_core.factory.shadows import Shadows
    from confiture_core.migrations.loader import MigrationFile
    from confiture_core.verify.rows.contents import Contents


def seed_findings(
    environment: Environment, migrations: Sequence[MigrationFile], shadows: Shadows, schema: str
) -> tuple[Finding, ...]:
    """Load the seeds on copies of the schema's database and after all migrations, and compare.

    What is not the same on two copies either, as the time of loading, is left out.
    """
    files = load_project(environment).seed_files
    if not files or not migrations:
        return ()
    last = migrations[-1].label
    migrated = shadows.make()
    with shadows.connect(migrated) as connection:
        for migration in migrations:
            apply_migration(connection, migration, record=False)
    loaded: list[Contents] = []
    for database, words in (
        (shadows.make(template=schema), "on the schema files"),
        (shadows.make(template=schema), "on the schema files"),
        (migrated, "after all migrations"),
    ):
        try:
            loaded.append(_load(environment, shadows, database))
        except ConfitureError as exc:
            return (_refused(exc, words, last),)
    first, second, found = loaded
    tables = set(found.tables.values())
    unstable = {(change.table, change.column) for change in compare_contents(first, second)}
    return tuple(
        Finding(
            law="parity",
            migration=last,
            kind="rows",
            message=f"the seeds give other rows after all migrations: {change.message}",
        )
        for change in compare_contents(first, found)
        if (change.table, change.column) not in unstable and change.table in tables
    )


def _load(environment: Environment, shadows: Shadows, database: str) -> Contents:
    with shadows.connect(database) as connection:
        run_files(connection, load_project(environment).seed_files, on_missing_role="skip")
        return Reader().read(connection, Follower(connection).read().tables)


def _refused(exc: ConfitureError, words: str, last: str) -> Finding:
    return Finding(
        law="parity",
        migration=last,
        kind="error",
        message=f"the seeds do not load {words}: {exc.message}",
        path=str(exc.path) if exc.path is not None else None,
        line=exc.line,
        detail=exc.detail,
        hint=exc.hint,
    )
