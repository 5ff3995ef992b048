"""The chain: one database that goes through the migrations, and each one's round trip on the way.

A trip is walked inside one transaction: up, down behind a savepoint, up again; the savepoint is
rolled back to and the first up committed. So the next migration starts from exactly what its
predecessor's up gives, whatever down does. What cannot be walked so (statements that PostgreSQL
refuses inside a transaction, values of an enum used where they were added) is walked on a clone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from confiture_core.catalog.reader import read_catalog
from confiture_core.errors import ConfitureError
from confiture_core.factory.databases import connect
from confiture_core.migrations.run import apply_migration
from confiture_core.verify.trip import Trip, Unreached
from confiture_core.verify.walk import (
    NeedsItsOwnDatabase,
    runs_in_transaction,
    walk_in_transaction,
    walk_on_clone,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import psycopg

    from confiture_core.catalog.model import Catalog
    from confiture_core.factory.shadows import Shadows
    from confiture_core.migrations.loader import MigrationFile

    Connection = psycopg.Connection[Any]
    Seen = Trip | Unreached


class Chain:
    """A database that goes through the migrations once, forwards.

    Those that are wanted are walked when they are passed: in whatever order they are asked for,
    each is passed once.
    """

    def __init__(
        self,
        shadows: Shadows,
        migrations: Sequence[MigrationFile],
        *,
        wanted: Collection[str] | None = None,
    ) -> None:
        self._shadows = shadows
        self._migrations = tuple(migrations)
        self._wanted = {file.label for file in migrations} if wanted is None else set(wanted)
        self._seen: dict[str, Seen] = {}
        self._broken: Unreached | None = None
        self._position = 0  # how many migrations are applied
        self._database: str | None = None
        self._connection: Connection | None = None
        self._catalog: Catalog | None = None  # of the present state, if it was read

    def see(self, file: MigrationFile) -> Seen:
        """Give what is seen of one migration, going there if need be."""
        if file.label not in self._seen and self._migrations.index(file) < self._position:
            self._start_over()
        self._wanted.add(file.label)
        while file.label not in self._seen:
            self._step()
        return self._seen[file.label]

    def reach_end(self) -> tuple[str, Catalog] | Unreached:
        """Apply what is left; give the database, to which nobody is connected, and its catalog."""
        while self._position < len(self._migrations) and self._broken is None:
            self._step()
        if self._broken is not None:
            return self._broken
        catalog = self._read()
        self.close()
        assert self._database is not None
        return self._database, catalog

    @property
    def broken(self) -> MigrationFile | None:
        """The migration whose up fails: none after it is reached."""
        return self._broken.broken if self._broken else None

    def close(self) -> None:
        """Close the connection; the database goes with the shadows."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _step(self) -> None:
        """Go on by one migration, walking it if it is wanted and not yet seen."""
        file = self._migrations[self._position]
        error: ConfitureError | None = None
        if self._broken is not None:
            self._seen[file.label] = Unreached(
                file=file, broken=self._broken.broken, error=self._broken.error
            )
        elif file.label in self._wanted and file.label not in self._seen:
            trip = self._walk(file)
            self._seen[file.label] = trip
            error = trip.up_error
        else:
            error = self._pass_by(file)
        if error is not None:
            self._broken = Unreached(file=file, broken=file, error=error)
        self._position += 1
        if error is None and self._connection is not None and self._connection.closed:
            # A down, or an up after it, took the connection along.
            self._start_over()

    def _walk(self, file: MigrationFile) -> Trip:
        before = self._read()
        if runs_in_transaction(file):
            try:
                trip = walk_in_transaction(self._connect(), file, before)
            except NeedsItsOwnDatabase:
                pass
            else:
                self._catalog = before if trip.up_error else trip.up
                return trip
        return self._walk_on_clone(file, before)

    def _walk_on_clone(self, file: MigrationFile, before: Catalog) -> Trip:
        self.close()
        clone = self._shadows.make(template=self._name())
        try:
            with self._shadows.connect(clone) as connection:
                trip = walk_on_clone(connection, file, before)
        finally:
            self._shadows.drop(clone)
        if not trip.up_error:
            apply_migration(self._connect(), file, record=False)
            self._catalog = trip.up
        return trip

    def _pass_by(self, file: MigrationFile) -> ConfitureError | None:
        self._catalog = None
        try:
            apply_migration(self._connect(), file, record=False)
        except ConfitureError as exc:
            return exc
        return None

    def _read(self) -> Catalog:
        if self._catalog is None:
            self._catalog = read_catalog(self._connect())
        return self._catalog

    def _connect(self) -> Connection:
        if self._connection is None:
            self._connection = connect(self._shadows.server, self._name())
        return self._connection

    def _name(self) -> str:
        if self._database is None:
            self._database = self._shadows.make()
        return self._database

    def _start_over(self) -> None:
        self.close()
        if self._database is not None:
            self._shadows.drop(self._database)
        self._database = self._catalog = self._broken = None
        self._position = 0
