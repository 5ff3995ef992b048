"""Up, down and up again on a connection, and what is read on the way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from psycopg import errors
from psycopg.pq import TransactionStatus

from confiture_core.catalog.following import Follower
from confiture_core.errors import ConfitureError, MigrationError
from confiture_core.migrations.run import apply_migration, roll_back_migration
from confiture_core.tracing.tracer import Tracer
from confiture_core.verify.rows.contents import Reader
from confiture_core.verify.rows.fill import FULL_ROWS, Filler
from confiture_core.verify.rows.tables import find_targets
from confiture_core.verify.trip import RowsTrip, Trip

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg

    from confiture_core.catalog.model import Catalog
    from confiture_core.catalog.reading import Reading
    from confiture_core.migrations.loader import Direction, MigrationFile
    from confiture_core.verify.rows.contents import Contents

    Connection = psycopg.Connection[Any]

# What PostgreSQL refuses only because everything is in one transaction.
_ONLY_IN_ONE_TRANSACTION = (
    errors.ActiveSqlTransaction,
    errors.InvalidTransactionState,
    errors.ObjectInUse,  # pending trigger events
    errors.UnsafeNewEnumValueUsage,
    # "unprocessed inval messages": after ALTER DOMAIN … DROP CONSTRAINT, behind a savepoint.
    errors.InternalError_,
)


class Readers:
    """A connection, and what was read over it.

    Another connection to the database may be at hand, which sees what is committed.
    """

    def __init__(
        self, connection: Connection, beside: Callable[[], Connection] | None = None
    ) -> None:
        self.connection = connection
        self.beside = beside
        self.catalog = Follower(connection)
        self.rows = Reader()


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


def walk_in_transaction(
    readers: Readers, file: MigrationFile, before: tuple[Reading, Contents]
) -> Trip:
    """Walk in one transaction and commit what the first up gives, if it gives anything."""
    connection = readers.connection
    connection.execute("begin", prepare=False)
    try:
        trip = _Walk(readers, file, before, in_transaction=True).run()
        if connection.info.transaction_status == TransactionStatus.IDLE:
            # The migration ended the transaction itself: nothing is known of the database.
            connection.close()
        elif trip.up_error:
            connection.execute("rollback", prepare=False)
        else:
            readers.rows.forget_touched(connection)
            connection.execute("commit", prepare=False)
    except BaseException:
        if not connection.closed:
            connection.execute("rollback", prepare=False)
        raise
    return trip


def fails_with_plain_rows(connection: Connection, file: MigrationFile, catalog: Catalog) -> bool:
    """Try an up again that fails, with one whole row in each table, and undo everything."""
    with connection.transaction(force_rollback=True):
        connection.execute("set local session_replication_role = replica")
        tables = list(find_targets(catalog))
        names = ", ".join(table.qualified for table in tables)
        connection.execute(f"truncate {names} cascade".encode())
        Filler(connection, catalog).fill(tables, FULL_ROWS[:1])
        connection.execute("set local session_replication_role = origin")
        try:
            apply_migration(connection, file, record=False, in_transaction=True)
        except ConfitureError:
            return True
    return False


def walk_on_clone(
    connection: Connection, file: MigrationFile, before: tuple[Reading, Contents]
) -> Trip:
    """Walk in as many transactions as the migration takes, on a database of its own."""
    readers = Readers(connection)
    before = readers.catalog.renew(before[0]), before[1]
    return _Walk(readers, file, before, in_transaction=False).run()


class _Walk:
    """One walk."""

    def __init__(
        self,
        readers: Readers,
        file: MigrationFile,
        before: tuple[Reading, Contents],
        *,
        in_transaction: bool,
    ) -> None:
        self._connection = readers.connection
        self._readers = readers
        self._file = file
        self._in_transaction = in_transaction
        self._before, self._contents = before
        self._moment = readers.catalog.begin()

    def run(self) -> Trip:
        trip = Trip(file=self._file, before=self._before, rows=RowsTrip(before=self._contents))
        tracer = Tracer(self._file, beside=self._readers.beside)
        up_error = self._go("up", tracer)
        trip = replace(trip, trace=tracer.trace)
        if up_error:
            return replace(trip, up_error=up_error)
        trip = replace(trip, up=self._read())
        if self._file.has_down:
            self._mark("savepoint confiture_up")
            trip = self._back_and_again(trip)
            self._mark("rollback to savepoint confiture_up")
        return trip

    def _read(self) -> Reading:
        if self._in_transaction:
            return self._readers.catalog.read_since(self._before, self._moment)
        return self._readers.catalog.read_later(self._before, self._moment)

    def _back_and_again(self, trip: Trip) -> Trip:
        down_error = self._go("down")
        if down_error:
            return replace(trip, down_error=down_error)
        down = self._read()
        trip = replace(trip, down=down)
        if trip.rows.before.rows:
            contents = self._readers.rows.read_within(self._connection, down.tables)
            trip = replace(trip, rows=replace(trip.rows, down=contents))
        again_error = self._go("up")
        if again_error:
            return replace(trip, again_error=again_error)
        return replace(trip, again=self._read())

    def _go(self, direction: Direction, tracer: Tracer | None = None) -> ConfitureError | None:
        run = apply_migration if direction == "up" else roll_back_migration
        try:
            run(
                self._connection,
                self._file,
                record=False,
                in_transaction=self._in_transaction,
                observer=tracer,
            )
        except ConfitureError as exc:
            if self._in_transaction and isinstance(exc.__cause__, _ONLY_IN_ONE_TRANSACTION):
                raise NeedsItsOwnDatabase from exc
            return exc
        if tracer is not None:
            tracer.finish(self._connection)
        status = self._connection.info.transaction_status
        if self._in_transaction and status != TransactionStatus.INTRANS:
            return MigrationError(
                "the migration ended the transaction it runs in",
                path=self._file.shown_of(direction),
                hint="leave commit and rollback to confiture",
            )
        return None

    def _mark(self, statement: str) -> None:
        if self._in_transaction and self._connection.info.transaction_status in (
            TransactionStatus.INTRANS,
            TransactionStatus.INERROR,
        ):
            self._connection.execute(statement, prepare=False)
