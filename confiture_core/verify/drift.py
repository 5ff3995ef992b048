"""Drift: a live database held against the schema files, or against its own history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from confiture_core.catalog.reader import read_catalog
from confiture_core.difference import with_same_words
from confiture_core.migrations.applied import read_applied
from confiture_core.migrations.connection import connect_environment
from confiture_core.migrations.run import apply_migration
from confiture_core.proof import State
from confiture_core.sources import open_database, open_schema
from confiture_core.verify.comparison import Unlike, compare_catalogs
from confiture_core.verify.laws import repair

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confiture_core.config import Environment
    from confiture_core.factory.shadows import Shadows
    from confiture_core.migrations.loader import MigrationFile

# Written otherwise, or in another order: it does the same.
REPORTED_ONLY = frozenset({"order", "wording"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """In what a database is not what it is held against."""

    against: str  # "db/schema", "its history"
    unlike: tuple[Unlike, ...]
    repair: tuple[str, ...]  # SQL that would take the database there; it was not tried

    @property
    def has_drifted(self) -> bool:
        """Whether anything of it matters."""
        return any(one.kind not in REPORTED_ONLY for one in self.unlike)


def find_schema_drift(environment: Environment, shadows: Shadows) -> Drift:
    """Hold an environment's database against its schema files."""
    wanted = open_schema(environment, shadows)
    return _held_against(wanted, environment, shadows)


def find_history_drift(
    environment: Environment, migrations: Sequence[MigrationFile], shadows: Shadows
) -> Drift:
    """Hold an environment's database against what its history says was applied to it."""
    with connect_environment(environment) as connection:
        applied = read_applied(connection, migrations)
    return _held_against(run_migrations(applied, "its history", shadows), environment, shadows)


def run_migrations(files: Sequence[MigrationFile], shown: str, shadows: Shadows) -> State:
    """Apply migrations to an empty shadow database."""
    database = shadows.make()
    with shadows.connect(database) as connection:
        for file in files:
            apply_migration(connection, file, record=False)
        catalog = read_catalog(connection)
    return State(catalog=catalog, database=database, shown=shown)


def open_live(environment: Environment, shadows: Shadows) -> State:
    """Read an environment's database; an unreachable one is said to be so."""
    connect_environment(environment).close()
    assert environment.database is not None  # it was connected to
    return open_database(environment.database.conninfo(), shadows, shown=environment.database.shown)


def _held_against(wanted: State, environment: Environment, shadows: Shadows) -> Drift:
    found = with_same_words(wanted, open_live(environment, shadows), shadows)
    return Drift(
        against=wanted.shown,
        unlike=compare_catalogs(wanted.catalog, found.catalog),
        repair=repair(found.catalog, wanted.catalog),
    )
