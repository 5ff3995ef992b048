"""Detection: which version a database is at that has no history, told by its catalog."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from confiture_core.catalog.reader import read_catalog
from confiture_core.difference import with_same_words
from confiture_core.migrations.run import apply_migration
from confiture_core.proof import State
from confiture_core.verify.comparison import compare_catalogs
from confiture_core.verify.drift import REPORTED_ONLY, open_live

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confiture_core.catalog.model import Catalog
    from confiture_core.config import Environment
    from confiture_core.factory.shadows import Shadows
    from confiture_core.migrations.loader import MigrationFile
    from confiture_core.verify.comparison import Unlike


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """The versions after which the catalog is that of the database.

    Several in a row differ only in rows, of which a catalog says nothing. Where none fits, the
    nearest is told, and in what the database differs from it.
    """

    versions: tuple[MigrationFile, ...]
    nearest: MigrationFile | None = None
    unlike: tuple[Unlike, ...] = ()


def detect_version(
    environment: Environment, migrations: Sequence[MigrationFile], shadows: Shadows
) -> Detection:
    """Go through the migrations on a shadow database, and compare after each."""
    live = open_live(environment, shadows)
    fitting: list[MigrationFile] = []
    nearest: tuple[MigrationFile, tuple[Unlike, ...]] | None = None
    database = shadows.make()
    for file in migrations:
        with shadows.connect(database) as connection:
            apply_migration(connection, file, record=False)
            catalog = read_catalog(connection)
        unlike = _unlike(catalog, live.catalog)
        if nearest is None or len(unlike) <= len(nearest[1]):
            # Whether only PostgreSQL's words differ costs two more databases to find out.
            state = State(catalog=catalog, database=database, shown=file.label)
            unlike = unlike and _unlike(catalog, with_same_words(state, live, shadows).catalog)
            nearest = (file, unlike)
        if not unlike:
            fitting.append(file)
    if fitting or nearest is None:
        return Detection(versions=tuple(fitting))
    return Detection(versions=(), nearest=nearest[0], unlike=nearest[1])


def _unlike(wanted: Catalog, found: Catalog) -> tuple[Unlike, ...]:
    unlike = compare_catalogs(wanted, found)
    return tuple(one for one in unlike if one.kind not in REPORTED_ONLY)
