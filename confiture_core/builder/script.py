"""A file's statements on a connection, and the statement that failed.

The statements of a batch travel as one query: one message to the server for a whole file. The
place that PostgreSQL reports in it leads back to the statement.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from contextlib import contextmanager
from itertools import accumulate, groupby
from typing import TYPE_CHECKING, Any, NamedTuple, overload

import psycopg

from confiture_core.statements import (
    copy_of_csv,
    may_name_database,
    refuse_beyond_database,
    split_statements,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Executor

    from confiture_core.project import SqlFile
    from confiture_core.statements import Statement

Connection = psycopg.Connection[tuple[Any, ...]]

# A newline, because a statement may end in a comment.
_SEPARATOR = "\n;\n"
# What PostgreSQL says of a row: `COPY users, line 2, column id: "x"`.
_ROW = re.compile(r"^COPY .+?, line (\d+)", re.MULTILINE)


class Script(NamedTuple):
    """A file and its statements."""

    file: SqlFile
    statements: tuple[Statement, ...]


class StatementFailed(Exception):
    """PostgreSQL refused a statement; `statement` is None where it does not say which."""

    def __init__(
        self, cause: psycopg.Error, statement: Statement | None = None, position: int | None = None
    ) -> None:
        super().__init__(str(cause))
        self.cause = cause
        self.statement = statement
        self.position = position  # in the statement's text, from 0

    @property
    def line(self) -> int | None:
        """The line of the file that is to blame."""
        if self.statement is None:
            return None
        if self.statement.copy_rows is not None:
            # In other languages the context reads otherwise: then it is the statement's line.
            row = _ROW.search(self.cause.diag.context or "")
            return self.statement.line_of_row(int(row[1])) if row else self.statement.line
        return (
            self.statement.line if self.position is None else self.statement.line_at(self.position)
        )


def load_scripts(files: Iterable[SqlFile]) -> tuple[Script, ...]:
    """Split all files, so that a syntax error is found before anything is run."""
    return tuple(Script(file=file, statements=_statements(file)) for file in files)


class LoadingScripts(Sequence[Script]):
    """Scripts that are split by an executor, and waited for where they are used.

    A syntax error is raised by the use of a script that is loaded with the one that has it.
    """

    _CHUNK = 50

    def __init__(self, files: Sequence[SqlFile], executor: Executor) -> None:
        self._length = len(files)
        self._chunks = [
            executor.submit(load_scripts, files[start : start + self._CHUNK])
            for start in range(0, len(files), self._CHUNK)
        ]

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> Script: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Script, ...]: ...

    def __getitem__(self, index: int | slice) -> Script | tuple[Script, ...]:
        numbers = range(self._length)[index]
        return (
            self._script(numbers) if isinstance(numbers, int) else tuple(map(self._script, numbers))
        )

    def _script(self, number: int) -> Script:
        return self._chunks[number // self._CHUNK].result()[number % self._CHUNK]


def _statements(file: SqlFile) -> tuple[Statement, ...]:
    if file.is_csv:
        return (copy_of_csv(file.text, file.path.stem, shown=file.shown),)
    statements = split_statements(file.text, shown=file.shown)
    if may_name_database(file.text):
        for statement in statements:
            refuse_beyond_database(statement)
    return statements


def run_together(connection: Connection, statements: Sequence[Statement], *, then: str) -> None:
    """Run statements in one transaction, and what is to be run after it.

    If one fails, nothing is left of any; the transaction may still be open, aborted.
    """
    if all(statement.copy_rows is None for statement in statements):
        _run_batch(connection, statements, before="begin", after=f"commit{_SEPARATOR}{then}")
        return
    with _transaction(connection):
        for is_copy, group in groupby(statements, key=lambda s: s.copy_rows is not None):
            if is_copy:
                for statement in group:
                    run_one(connection, statement)
            else:
                _run_batch(connection, tuple(group))
    _send(connection, then)


def run_all_together(
    connection: Connection, files: Iterable[Sequence[Statement]], *, then: str
) -> None:
    """Run the statements of several files in one transaction, and after each file `then`.

    It may hold no rows of COPY. If one fails, the transaction may still be open, aborted.
    """
    texts = ["begin"]
    for statements in files:
        texts += (statement.sql for statement in statements)
        texts.append(then)
    try:
        _send(connection, _SEPARATOR.join([*texts, "commit"]))
    except psycopg.Error as exc:
        raise StatementFailed(exc) from exc


def run_apart(connection: Connection, statements: Iterable[Statement]) -> None:
    """Run each statement by itself, as psql does; those before a failing one stay."""
    for statement in statements:
        run_one(connection, statement)


def find_failing(connection: Connection, statements: Iterable[Statement]) -> StatementFailed | None:
    """Run statements one by one in a transaction that is given up, until one fails."""
    try:
        with connection.transaction(force_rollback=True):
            run_apart(connection, statements)
    except StatementFailed as failure:
        return failure
    return None


def run_one(connection: Connection, statement: Statement) -> None:
    """Run a statement, sending the rows that stand below it."""
    try:
        if statement.copy_rows is None:
            _send(connection, statement.sql)
            return
        with connection.cursor() as cursor, cursor.copy(statement.sql.encode()) as copy:
            copy.write(statement.copy_rows)
    except psycopg.Error as exc:
        position = exc.diag.statement_position
        raise StatementFailed(exc, statement, int(position) - 1 if position else None) from exc


def _run_batch(
    connection: Connection, statements: Sequence[Statement], *, before: str = "", after: str = ""
) -> None:
    texts = [before, *(statement.sql for statement in statements), after]
    try:
        _send(connection, _SEPARATOR.join(texts))
    except psycopg.Error as exc:
        position = exc.diag.statement_position
        if position is None:
            raise StatementFailed(exc) from exc
        starts = list(accumulate((len(text) + len(_SEPARATOR) for text in texts), initial=0))
        number = bisect_right(starts, int(position) - 1) - 1
        offset = int(position) - 1 - starts[number]
        raise StatementFailed(exc, statements[number - 1], offset) from exc


def _send(connection: Connection, sql: str) -> None:
    # Without parameters and unprepared it is a simple query, which may hold many statements.
    connection.execute(sql.encode(), prepare=False)


@contextmanager
def _transaction(connection: Connection) -> Iterator[None]:
    try:
        with connection.transaction():
            yield
    except psycopg.Error as exc:  # COMMIT itself failed: a deferred constraint
        raise StatementFailed(exc) from exc
