"""Migrations run one after the other, each on tables that have generated rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from confiture_core.catalog.reader import read_catalog
from confiture_core.errors import ConfitureError
from confiture_core.migrations.run import apply_migration
from confiture_core.migrations.transaction import rolled_back_on_error
from confiture_core.tracing.trace import Trace
from confiture_core.tracing.tracer import Tracer
from confiture_core.verify.rows.fill import FULL_ROWS, Filler, new_and_changed
from confiture_core.verify.rows.tables import find_targets

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    import psycopg

    from confiture_core.catalog.model import Catalog
    from confiture_core.factory.shadows import Shadows
    from confiture_core.migrations.loader import MigrationFile
    from confiture_core.verify.rows.fill import Unfilled

    Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """What one migration did on tables with rows."""

    file: MigrationFile
    trace: Trace
    unfilled: tuple[Unfilled, ...] = ()  # the tables that have none
    on_rows: ConfitureError | None = None  # why it fails there; it was traced without rows then
    error: ConfitureError | None = None  # why it fails in any case: no later one is run


def rehearse(
    shadows: Shadows, migrations: Sequence[MigrationFile], *, wanted: Collection[str]
) -> Iterator[Rehearsed]:
    """Run migrations on a database of its own, and trace those wanted, by their labels."""
    with shadows.connect(shadows.make()) as connection:
        stage = _Stage(connection)
        for file in migrations:
            if file.label not in wanted:
                apply_migration(connection, file, record=False)
                continue
            stage.fill()
            seen = stage.run(file)
            yield seen
            if seen.error is not None:
                return


class _Stage:
    """A database whose tables are given rows before each migration."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._filled: Catalog | None = None  # the state whose tables were given rows
        self._unfilled: dict[object, Unfilled] = {}
        self._top_ups = 0

    def fill(self) -> None:
        """Give rows to the tables that are new, and more to those with new columns."""
        catalog = read_catalog(self._connection)
        new, changed = new_and_changed(self._filled, catalog)
        if new or changed:
            with self._connection.transaction():
                filler = Filler(self._connection, catalog)
                self._unfilled |= {one.table: one for one in filler.fill(new)}
                if changed:
                    self._top_ups += 1
                    filler.fill(changed, (FULL_ROWS[-1] + 1 + self._top_ups,))
        self._filled = catalog

    def run(self, file: MigrationFile) -> Rehearsed:
        """Run a migration; one that fails is tried once more without rows."""
        unfilled = tuple(self._unfilled.values())
        try:
            return Rehearsed(file=file, trace=self._traced(file), unfilled=unfilled)
        except ConfitureError as exc:
            on_rows = exc
        if not file.is_transactional("up"):
            # Some of its steps are done: there is no way to begin again.
            return Rehearsed(file=file, trace=Trace(), on_rows=on_rows, error=on_rows)
        self._empty()
        try:
            return Rehearsed(file=file, trace=self._traced(file), on_rows=on_rows)
        except ConfitureError as exc:
            return Rehearsed(file=file, trace=Trace(), error=exc)

    def _traced(self, file: MigrationFile) -> Trace:
        connection, tracer = self._connection, Tracer(file)
        if not file.is_transactional("up"):
            apply_migration(connection, file, record=False, observer=tracer)
            return tracer.trace
        connection.execute("begin", prepare=False)
        with rolled_back_on_error(connection):
            apply_migration(connection, file, record=False, in_transaction=True, observer=tracer)
            tracer.finish(connection)
            connection.execute("commit", prepare=False)
        return tracer.trace

    def _empty(self) -> None:
        assert self._filled is not None
        names = ", ".join(sorted(table.qualified for table in find_targets(self._filled)))
        if names:
            self._connection.execute(f"truncate {names} cascade".encode(), prepare=False)
        self._filled = None
        self._unfilled.clear()
