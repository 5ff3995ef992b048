"""A lane: one database that goes through the migrations, forwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from confiture_core.catalog.reader import read_catalog
from confiture_core.errors import ConfitureError
from confiture_core.factory.databases import connect
from confiture_core.migrations.run import apply_migration
from confiture_core.verify.rows.contents import Contents, Reader
from confiture_core.verify.rows.fill import FULL_ROWS, Filler, Unfilled, new_and_changed
from confiture_core.verify.walk import (
    NeedsItsOwnDatabase,
    fails_with_plain_rows,
    runs_in_transaction,
    walk_in_transaction,
    walk_on_clone,
)

if TYPE_CHECKING:
    import psycopg

    from confiture_core.catalog.model import Catalog
    from confiture_core.factory.shadows import Shadows
    from confiture_core.migrations.loader import MigrationFile
    from confiture_core.verify.trip import Trip

    Connection = psycopg.Connection[Any]


class Lane:
    """A database and how far it is; with rows in its tables, or without."""

    def __init__(
        self, shadows: Shadows, *, has_rows: bool, template: str = "template0", position: int = 0
    ) -> None:
        self.position = position  # how many migrations are applied
        self.unfilled: tuple[Unfilled, ...] = ()  # by the last filling
        self._shadows = shadows
        self._has_rows = has_rows
        self._reader = Reader()
        self._connection: Connection | None = None
        self._catalog: Catalog | None = None  # of the present state, if it was read
        self._filled: Catalog | None = None  # the state whose tables were given rows
        self._top_ups = 0
        self.database = shadows.make(template=template)

    @property
    def is_lost(self) -> bool:
        """Whether nothing is known of the database any more."""
        return self._connection is not None and self._connection.closed

    def walk(self, file: MigrationFile) -> Trip:
        """Walk a migration; its up stays applied, if it can be."""
        before = self.catalog(), self._rows()
        if runs_in_transaction(file):
            try:
                trip = walk_in_transaction(self.connect(), file, before, self._reader)
            except NeedsItsOwnDatabase:
                pass
            else:
                return self._go_on(trip)
        trip = self._walk_on_clone(file, before)
        if not trip.up_error:
            apply_migration(self.connect(), file, record=False)
            self._reader.forget()
        return self._go_on(trip)

    def fails_plainly(self, file: MigrationFile) -> bool:
        """Tell whether an up that fails with the rows here fails with the plainest rows, too."""
        if self.is_lost or not runs_in_transaction(file):
            return True
        return fails_with_plain_rows(self.connect(), file, self.catalog())

    def pass_by(self, file: MigrationFile) -> ConfitureError | None:
        """Apply a migration without looking."""
        self._catalog = None
        self._reader.forget()
        try:
            apply_migration(self.connect(), file, record=False)
        except ConfitureError as exc:
            return exc
        self.position += 1
        return None

    def catalog(self) -> Catalog:
        """Read the catalog of the present state."""
        if self._catalog is None:
            self._catalog = read_catalog(self.connect())
        return self._catalog

    def connect(self) -> Connection:
        """Connect, or give the connection there is."""
        if self._connection is None:
            self._connection = connect(self._shadows.server, self.database)
        return self._connection

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def drop(self) -> None:
        """Drop the database."""
        self.close()
        self._shadows.drop(self.database)

    def _go_on(self, trip: Trip) -> Trip:
        if not trip.up_error:
            self._catalog = trip.up
            self.position += 1
        return trip

    def _walk_on_clone(self, file: MigrationFile, before: tuple[Catalog, Contents]) -> Trip:
        self.close()
        clone = self._shadows.make(template=self.database)
        try:
            with self._shadows.connect(clone) as connection:
                return walk_on_clone(connection, file, before)
        finally:
            self._shadows.drop(clone)

    def _rows(self) -> Contents:
        """Give rows to the tables that are new, and to those with new columns; read all."""
        if not self._has_rows:
            return {}
        catalog = self.catalog()
        connection = self.connect()
        self.unfilled = ()
        if catalog is not self._filled:
            new, changed = new_and_changed(self._filled, catalog)
            if new or changed:
                with connection.transaction():
                    filler = Filler(connection, catalog)
                    self.unfilled = filler.fill(new)
                    if changed:
                        self._top_ups += 1
                        filler.fill(changed, (FULL_ROWS[-1] + 1 + self._top_ups,))
                    self._reader.forget_touched(connection)
            self._filled = catalog
        return self._reader.read(connection)
