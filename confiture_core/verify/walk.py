"""Up, down and up again on a connection, and the catalogs read on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import errors
from psycopg.pq import TransactionStatus

from confiture_core.catalog.reader import read_catalog
from confiture_core.errors import ConfitureError, MigrationError
from confiture_core.migrations.run import apply_migration, roll_back_migration
from confiture_core.verify.trip import Trip

if TYPE_CHECKING:
    from confiture_core.catalog.model import Catalog
    from confiture_core.migrations.loader import Direction, MigrationFile

    Connection = psycopg.Connection[Any]

# What PostgreSQL refuses only because everything is in one transaction.
_ONLY_IN_ONE_TRANSACTION = (
    errors.ActiveSqlTransaction,
    errors.InvalidTransactionState,
    errors.ObjectInUse,  # pending trigger events
    errors.UnsafeNewEnumValueUsage,
)


class NeedsItsOwnDatabase(Exception):
    """The migration cannot be walked inside one transaction."""


def runs_in_transaction(file: MigrationFile) -> bool:
    """Tell whether all of a migration runs inside one transaction."""
    try:
        if not file.is_transactional("up"):
            return False
        return not file.has_down or file.is_transactional("down")
    except ConfitureError:
        # A file that cannot be read as SQL: the error is found again, and said, where it is run.
        return True


def walk_in_transaction(connection: Connection, file: MigrationFile, before: Catalog) -> Trip:
    """Walk in one transaction and commit what the first up gives, if it gives anything."""
    connection.execute("begin", prepare=False)
    try:
        trip = _Walk(connection, file, in_transaction=True).run(before)
        if connection.info.transaction_status == TransactionStatus.IDLE:
            # The migration ended the transaction itself: nothing is known of the database.
            connection.close()
        else:
            connection.execute("rollback" if trip.up_error else "commit", prepare=False)
    except BaseException:
        if not connection.closed:
            connection.execute("rollback", prepare=False)
        raise
    return trip


def walk_on_clone(connection: Connection, file: MigrationFile, before: Catalog) -> Trip:
    """Walk in as many transactions as the migration takes, on a database of its own."""
    return _Walk(connection, file, in_transaction=False).run(before)


class _Walk:
    """One walk."""

    def __init__(
        self, connection: Connection, file: MigrationFile, *, in_transaction: bool
    ) -> None:
        self._connection = connection
        self._file = file
        self._in_transaction = in_transaction

    def run(self, before: Catalog) -> Trip:
        up_error = self._go("up")
        if up_error:
            return Trip(file=self._file, before=before, up_error=up_error)
        up = read_catalog(self._connection)
        self._mark("savepoint confiture_up")
        down = again = again_error = None
        down_error = self._go("down") if self._file.has_down else None
        if self._file.has_down and not down_error:
            down = read_catalog(self._connection)
            again_error = self._go("up")
            again = None if again_error else read_catalog(self._connection)
        self._mark("rollback to savepoint confiture_up")
        return Trip(
            file=self._file,
            before=before,
            up=up,
            down=down,
            again=again,
            down_error=down_error,
            again_error=again_error,
        )

    def _go(self, direction: Direction) -> ConfitureError | None:
        run = apply_migration if direction == "up" else roll_back_migration
        try:
            run(self._connection, self._file, record=False, in_transaction=self._in_transaction)
        except ConfitureError as exc:
            if self._in_transaction and isinstance(exc.__cause__, _ONLY_IN_ONE_TRANSACTION):
                raise NeedsItsOwnDatabase from exc
            return exc
        status = self._connection.info.transaction_status
        if self._in_transaction and status != TransactionStatus.INTRANS:
            return MigrationError(
                "the migration ended the transaction it runs in",
                path=self._file.file_of(direction)[1],
                hint="leave commit and rollback to confiture",
            )
        return None

    def _mark(self, statement: str) -> None:
        if self._in_transaction and self._connection.info.transaction_status in (
            TransactionStatus.INTRANS,
            TransactionStatus.INERROR,
        ):
            self._connection.execute(statement, prepare=False)
