"""What a migration does, fed to a sink: unit by unit from SQL files, call by call from Python."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from confiture_core.errors import ConfitureError
from confiture_core.migrations.batches import parse_batches
from confiture_core.migrations.python_file import AuthorsCode, place_in_file
from confiture_core.migrations.script import Unit, must_run_alone, refuse_control, refuse_leaving
from confiture_core.statements import Statement, split_statements

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from confiture_core.migrations.batches import Batches
    from confiture_core.migrations.loader import Direction, MigrationFile
    from confiture_core.migrations.migration import Cursor, Parameters, Query, Rows

    Connection = psycopg.Connection[Any]


class Sink(Protocol):
    """Where the statements of a migration go."""

    @property
    def connection(self) -> Connection | None:
        """The connection, for a migration that uses it directly; None where nothing is run."""
        ...

    @property
    def is_transactional(self) -> bool:
        """Whether everything goes into one transaction."""
        ...

    def run(self, unit: Unit) -> Cursor:
        """Run statements that take effect together and return the cursor of the last one."""
        ...

    def run_batches(self, batches: Batches) -> int:
        """Run one statement by ranges of a key, and return how many rows it hit."""
        ...


def run_body(file: MigrationFile, direction: Direction, sink: Sink) -> None:
    """Feed one direction of a migration to a sink."""
    if file.kind == "sql":
        for unit in file.script(direction).units:
            if unit.batches is None:
                sink.run(unit)
            else:
                sink.run_batches(unit.batches)
        return
    migration = file.migration_class(sink.connection, hands=_Hands(file, sink))
    with _factories_kept(sink.connection), AuthorsCode(file.path, file.shown):
        if direction == "up":
            migration.up()
        else:
            migration.down()


@contextmanager
def _factories_kept(connection: Connection | None) -> Iterator[None]:
    """Take back how the author wants rows: the runner's own queries go by their places."""
    if connection is None:
        yield
        return
    factories = connection.row_factory, connection.cursor_factory
    try:
        yield
    finally:
        connection.row_factory, connection.cursor_factory = factories


class _Hands:
    """What a Python migration calls, on the way to a sink."""

    def __init__(self, file: MigrationFile, sink: Sink) -> None:
        self._file = file
        self._sink = sink

    def execute(self, query: Query, params: Parameters | None) -> Cursor:
        text = query if isinstance(query, str) else query.as_string(self._sink.connection)
        with self._placed(text):
            return _run_text(text, params, self._sink)

    def copy(self, query: str, rows: Rows) -> int:
        with self._placed(query):
            (statement,) = split_statements(query)
            unit = Unit(statements=(replace(statement, copy_rows=None),), rows=rows, text=query)
            cursor = self._sink.run(unit)
            return 0 if self._sink.connection is None else cursor.rowcount

    def in_batches(self, query: str, key: str, size: int, pause_s: float) -> int:
        with self._placed(query):
            return self._sink.run_batches(parse_batches(query, key, size, pause_s))

    @contextmanager
    def _placed(self, text: str) -> Iterator[None]:
        try:
            yield
        except ConfitureError as exc:
            # The line is that in the string; the frames of the author's code are still there to
            # say where in the file the string stands.
            if exc.path is None:
                file = self._file
                exc.path = file.shown
                exc.line = place_in_file(file.text, text, exc.line or 1, path=file.path)
            raise


def _run_text(text: str, params: Parameters | None, sink: Sink) -> Cursor:
    if params is not None:
        # With its placeholders it is no SQL yet that could be taken apart.
        whole = Statement(sql=text, line=1, offset=0)
        return sink.run(Unit(statements=(whole,), params=params, text=text))
    cursor: Cursor | None = None
    for statement in split_statements(text):
        if sink.is_transactional:
            refuse_leaving(statement)
        else:
            refuse_control(statement)
        alone = must_run_alone(statement)
        unit = Unit(statements=(statement,), is_transactional=not alone, text=text)
        cursor = sink.run(unit)
    return sink.run(Unit(statements=())) if cursor is None else cursor
