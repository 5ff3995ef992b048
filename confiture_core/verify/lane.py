"""A lane: one database that goes through the migrations, forwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confiture_core.catalog.following import Follower
from confiture_core.errors import ConfitureError
from confiture_core.factory.databases import connect
from confiture_core.migrations.run import apply_migration
from confiture_core.verify.rows.contents import NO_CONTENTS, Contents
from confiture_core.verify.rows.fill import FULL_ROWS, Filler, Unfilled, new_and_changed
from confiture_core.verify.rows.seeds import Seeds
from confiture_core.verify.rows.tables import Tables
from confiture_core.verify.rows.values import Types, read_types
from confiture_core.verify.walk import (
    NeedsItsOwnDatabase,
    Readers,
    fails_with_plain_rows,
    runs_in_transaction,
    walk_in_transaction,
    walk_on_clone,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confiture_core.catalog.reading import Moment, Reading
    from confiture_core.factory.databases import Connection
    from confiture_core.factory.shadows import Shadows
    from confiture_core.migrations.loader import MigrationFile
    from confiture_core.project import SqlFile
    from confiture_core.verify.trip import Trip


class Lane:
    """A database and how far it is; with rows in its tables, or without."""

    def __init__(
        self,
        shadows: Shadows,
        *,
        has_rows: bool,
        seeds: Sequence[SqlFile] = (),
        template: str = "template0",
        position: int = 0,
    ) -> None:
        self.position = position  # how many migrations are applied
        self.unfilled: tuple[Unfilled, ...] = ()  # by the last filling
        self.seeds = Seeds(seeds if has_rows else ())
        self._shadows = shadows
        self._has_rows = has_rows
        self._open: Readers | None = None
        self._filling: Connection | None = None
        self._follower: Follower | None = None  # of the one that fills
        self._reading: Reading | None = None  # of the present state, if it was read
        self._earlier: tuple[Reading, Moment] | None = None  # of a state before it, and since when
        self._filled: Reading | None = None  # the state whose tables were given rows
        self._types: Types | None = None  # of that state
        self._tables: Tables | None = None  # of that state
        self._top_ups = 0
        self.database = shadows.make(template=template)

    @property
    def is_lost(self) -> bool:
        """Whether nothing is known of the database any more."""
        return self._open is not None and self._open.connection.closed

    def walk(self, file: MigrationFile) -> Trip:
        """Walk a migration; its up stays applied, if it can be."""
        before = self.reading(), self._rows()
        if runs_in_transaction(file):
            try:
                trip = walk_in_transaction(self._readers(), file, before)
            except NeedsItsOwnDatabase:
                pass
            else:
                if not trip.up_error:
                    self._reading = trip.up and trip.up.settled()
                    self.position += 1
                return trip
        trip = self._walk_on_clone(file, before)
        if not trip.up_error:
            # What the clone has new has other oids here.
            self._expect_changes()
            apply_migration(self._readers().connection, file, record=False)
            self.position += 1
        return trip

    def fails_plainly(self, file: MigrationFile) -> bool:
        """Tell whether an up that fails with the rows here fails with the plainest rows, too."""
        if self.is_lost or not runs_in_transaction(file):
            return True
        return fails_with_plain_rows(self._readers().connection, file, self.reading().catalog)

    def pass_by(self, file: MigrationFile) -> ConfitureError | None:
        """Apply a migration without looking."""
        self._expect_changes()
        self._readers().rows.forget()
        try:
            apply_migration(self._readers().connection, file, record=False)
        except ConfitureError as exc:
            return exc
        self.position += 1
        return None

    def reading(self) -> Reading:
        """Read the catalog of the present state."""
        if self._reading is None:
            catalog = self._readers().catalog
            self._reading = catalog.read_later(*self._earlier) if self._earlier else catalog.read()
            self._earlier = None
        return self._reading

    def go_on_from(self, lane: Lane) -> None:
        """Take over what was read of the database that this one is a clone of."""
        self._reading, self._earlier = lane._reading, lane._earlier

    def _expect_changes(self) -> None:
        if self._reading is not None:
            follower = self._readers().catalog
            self._earlier = (follower.renew(self._reading), follower.begin())
            self._reading = None

    def close(self) -> None:
        """Close the connection."""
        if self._filling is not None:
            self._filling.close()
            self._filling = self._follower = None
        if self._open is not None:
            self._open.connection.close()
            self._open = None

    def drop(self) -> None:
        """Drop the database."""
        self.close()
        self._shadows.drop(self.database)

    def _walk_on_clone(self, file: MigrationFile, before: tuple[Reading, Contents]) -> Trip:
        self.close()
        clone = self._shadows.make(template=self.database)
        try:
            with self._shadows.connect(clone) as connection:
                return walk_on_clone(connection, file, before)
        finally:
            self._shadows.drop(clone)

    def _rows(self) -> Contents:
        """Load seeds that fit; give rows to tables that are new or have new columns; read all."""
        if not self._has_rows:
            return NO_CONTENTS
        reading, readers = self.reading(), self._readers()
        self.unfilled = ()
        if reading is not self._filled:
            self.unfilled = self._fill(reading, readers)
            self._filled = reading
        return readers.rows.read(readers.connection, reading.tables)

    def _fill(self, reading: Reading, readers: Readers) -> tuple[Unfilled, ...]:
        filled, among = self._filled, None
        if filled is not None and reading.follows is filled.mark:
            among = reading.changed
        if among is None:
            # Where a type is changed, everything is read again.
            self._types = None
        if among is None or self._tables is None:
            self._tables = Tables(reading.catalog)
        else:
            self._tables.follow(reading.catalog, among)
        before = filled.catalog if filled else None
        new, changed = new_and_changed(before, reading.catalog, among)
        if not new and not changed and self.seeds.are_loaded:
            return ()
        self._types = self._types or read_types(reading.catalog)
        # Over a connection of its own: to leave triggers alone has the session plan anew all that
        # it has prepared.
        connection = self._beside()
        with connection.transaction():
            if not self.seeds.are_loaded:
                self._follower = self._follower or Follower(connection)
                self.seeds.load(self._follower, reading)
            targets = self._tables.targets(new | changed)
            filler = Filler(connection, reading.catalog, targets, self._types)
            unfilled = filler.fill(filler.without_rows(new))
            if changed:
                self._top_ups += 1
                filler.fill(changed, (FULL_ROWS[-1] + 1 + self._top_ups,))
            readers.rows.forget_touched(connection)
        return unfilled

    def _beside(self) -> Connection:
        if self._filling is None:
            self._filling = connect(self._shadows.server, self.database)
            # A migration that locks the catalog itself must not wait for us, and we for it.
            self._filling.execute("set lock_timeout = '10s'")
        return self._filling

    def _readers(self) -> Readers:
        if self._open is None:
            self._open = Readers(connect(self._shadows.server, self.database), self._beside)
        return self._open
