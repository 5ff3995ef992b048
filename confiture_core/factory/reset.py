"""Bringing a database back to what its template is, exactly, at the cost of what was written.

Untouched databases are left as they are. Where only rows and sequences of ordinary tables were
written, these are restored from the template's, also where they are in new files, as after
TRUNCATE. What was written is known from the log; tables
that are made and gone again, or rolled back, do not count. Whatever else happened, and whatever
cannot be proven, is a reason to throw the database away.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql
from psycopg.pq import ExecStatus

from confiture_core.factory import signals
from confiture_core.factory.changes import Changes
from confiture_core.factory.contents import (
    MAX_TABLE_BYTES,
    Original,
    columns_of,
    count_rows,
    read_declared,
    read_files,
    read_in_place,
    read_temporary_schemas,
)
from confiture_core.factory.log import read_written
from confiture_core.factory.messages import (
    receive_apart,
    run_apart,
    run_with_rows,
    send_apart,
    unblocked,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from psycopg.pq.abc import PGresult

    from confiture_core.factory.contents import Contents, Sequence, Table
    from confiture_core.factory.databases import Connection
    from confiture_core.factory.log import Written
    from confiture_core.factory.signals import Counts, Signals

# Above these a new clone is cheaper than the deletions, and than the dead rows they leave.
_MAX_ROWS = 20_000
_MAX_RESTORES = 100

_SURROUNDINGS = "settings or privileges of the database"
_SEQUENCE_GONE = "the catalog (a sequence is gone)"
_LOCKED = "a sequence (locked by a prepared transaction)"
_CATALOG = "the catalog (DDL or large objects)"

# Tables that were written anew have lost what the planner knows of them as such.
_SET_STATISTICS = """
update pg_catalog.pg_class c
set relpages = s.pages, reltuples = s.tuples, relallvisible = s.visible
from unnest({}::oid[], {}::int[], {}::real[], {}::int[]) s(number, pages, tuples, visible)
where c.oid = s.number
and (c.relpages, c.reltuples, c.relallvisible) is distinct from (s.pages, s.tuples, s.visible)
"""

# Nothing of the database's own may decide over how it is restored.
_BEGIN = """
begin isolation level read committed read write;
set local session_replication_role = replica;
set local statement_timeout = 0;
set local lock_timeout = 5000;
set local row_security = off
"""


class Watch:
    """What was known of a clone when it was last as its template is."""

    def __init__(self, session: Connection, database: int, sequences: tuple[Sequence, ...]) -> None:
        self._database = database
        self._sequences = sequences
        self._files: dict[int, int] = {}  # read once something was written
        self._flush = signals.flush_query(database)
        self._query = signals.signals_query(session, database, sequences)
        # Of unlogged tables the log says only who committed, and this only where it is logical.
        self._is_logical = signals.run_raw(session, b"show wal_level") == (b"logical",)
        # By table; of a clone that is new, nothing was counted.
        self._counts: dict[int, Counts] = {}
        self._restored: tuple[int, ...] = ()  # tables that were restored for the baseline
        self._is_settled = True
        self._restores = 0
        self.set_baseline(session)

    def set_baseline(self, session: Connection) -> None:
        """Take the database as it is now for the template's equal; no one else may be in it."""
        self._ask(session)
        self.settle(session)

    def settle(self, session: Connection) -> None:
        """Receive what restore has asked, before anything else is asked."""
        if self._is_settled:
            return
        self._is_settled = True
        _, known, *counts = receive_apart(session, 3 if self._restored else 2)
        self._signals: Signals = signals.parse_signals(session, signals.row_of(known))
        for result in counts:
            self._counts |= signals.parse_counts(result)
        self._restored = ()

    def _ask(self, session: Connection) -> None:
        counts = (signals.counts_query(self._restored),) if self._restored else ()
        self._is_settled = False
        send_apart(session, (*self.questions, *counts))

    @property
    def log_end(self) -> int:
        """Where the log of the server ended when the baseline was set."""
        return self._signals.log_end

    def is_alone(self, session: Connection) -> bool:
        """Flush what our session counted, and say whether it is the only one."""
        return signals.run_raw(session, self._flush)[0] == b"1"

    @property
    def questions(self) -> tuple[bytes, bytes]:
        """What is_alone and read_changes ask, for who asks both at once: see answer."""
        return self._flush, self._query

    def answer(self, session: Connection, results: tuple[PGresult, ...]) -> Signals | None:
        """Give what was asked, for read_changes; None if the session is not alone, or it failed."""
        if any(result.status != ExecStatus.TUPLES_OK for result in results):
            return None
        flushed, known = map(signals.row_of, results)
        return signals.parse_signals(session, known) if flushed[0] == b"1" else None

    def read_changes(
        self,
        session: Connection,
        original: Callable[[], Original],
        *,
        in_detail: bool,
        now: Signals | None = None,
    ) -> Changes:
        """Say what was written since the baseline; the session must be flushed and alone.

        Without detail, what was written is left out where it cannot be restored anyway. `now` is
        what was just read of the database.
        """
        found = now or self._read_or_say_why_not(session)
        if isinstance(found, Changes):
            return found
        now = found
        if now == self._signals:
            return Changes()
        reason = _SURROUNDINGS if now.surroundings != self._signals.surroundings else ""
        if not signals.is_superuser(session):
            reason = reason or "something (only a superuser can tell)"
        if reason and not in_detail:
            return Changes(reason=reason)
        written = self._read_written(session, now)
        if written is None:
            return Changes(reason=reason or "something (the log does not tell)")
        contents = original().contents
        self._files = self._files or contents.files
        relations = {self._files.get(file, 0) for file in written.files}
        moved: frozenset[int] = frozenset()
        if not reason:
            reason, moved = self._more_than_rows(session, original, relations, written)
        if reason and not in_detail:
            return Changes(reason=reason)
        relations |= moved
        tables = self._dirty_tables(contents, relations, written)
        sequences = self._dirty_sequences(relations, now)
        left = _temporary_schemas(session, contents) if relations & contents.catalogs.keys() else ()
        if not (tables or sequences or left or reason):
            self.set_baseline(session)
        # Of the whole database: catalogs and temporary tables are among them.
        rows = sum(now.rows) - sum(self._signals.rows)
        counts: dict[int, Counts] = {}
        if tables and (in_detail or rows > _MAX_ROWS):
            counts = self._read_counts(session, tables)
            rows = sum(sum(written) for written in counts.values())
        return Changes(
            tables=tables,
            counts=counts,
            rows=rows,
            sequences=sequences,
            left_schemas=left,
            moved=moved,
            reason=reason,
        )

    def set_sequences_back(self, session: Connection) -> bool:
        """Set back what a rollback leaves; False if another session is in the database.

        For users who roll back all they do.
        """
        if not self.is_alone(session):
            return False
        now = self._read(session)
        if now == self._signals or not self._sequences:
            return True
        written = self._read_written(session, now) if signals.is_superuser(session) else None
        if written is None:
            set_back(session, self._sequences)
        else:
            # What was rolled back has left all relations in the files they were in.
            self._files = self._files or read_files(session)
            relations = {self._files.get(file, 0) for file in written.files}
            set_back(session, self._dirty_sequences(relations, now))
        self.set_baseline(session)
        return True

    def restore(
        self, session: Connection, changes: Changes, original: Callable[[], Original]
    ) -> bool:
        """Restore what was written; False if the database has to be thrown away."""
        self._restores += 1
        if not self._is_restorable(session, changes):
            return False
        filled = {}
        if changes.tables:
            source = original()
            for table in changes.tables:
                rows = source.rows(table)
                if rows is None:
                    return False
                filled[table] = rows
        try:
            statistics = original().read_statistics() if changes.moved else ()
            _restore(session, changes, filled, statistics)
        except psycopg.Error:
            with suppress(psycopg.Error):
                session.rollback()
            for table in filled:
                source.refuse(table)
            return False
        if changes.moved:
            self._files = read_files(session)
            if read_in_place(session) != original().read_in_place():
                return False
        self._restored = tuple(table.oid for table in filled)
        # The answer is there when the next user comes.
        self._ask(session)
        return True

    def _read(self, session: Connection) -> Signals:
        _, known, _ = run_apart(session, unblocked(self._query))
        return signals.parse_signals(session, signals.row_of(known))

    def _read_or_say_why_not(self, session: Connection) -> Signals | Changes:
        try:
            return self._read(session)
        except psycopg.errors.LockNotAvailable:
            return Changes(reason=_LOCKED)
        except psycopg.Error:
            if session.closed:
                raise
            return Changes(reason=_SEQUENCE_GONE)

    def _read_written(self, session: Connection, now: Signals) -> Written | None:
        return read_written(session, self._database, since=self._signals.log_end, until=now.log_end)

    def _more_than_rows(
        self,
        session: Connection,
        original: Callable[[], Original],
        relations: set[int],
        written: Written,
    ) -> tuple[str, frozenset[int]]:
        """Say why rows and sequences are not all that was written, or nothing if they are.

        Where catalogs were written, what was made may be gone, or was rolled back; or some
        relations are in other files now: these are given as well.
        """
        moved: frozenset[int] = frozenset()
        named = original().contents.catalogs
        catalogs = relations & named.keys()
        if 0 in relations and not catalogs:
            return _CATALOG, moved
        for catalog in sorted(catalogs):
            since = self._signals.next_transaction or 0
            name = named[catalog]
            number, new = count_rows(session, name, since=since)
            if new:
                moved = self._moved(session, original) if name == "pg_class" else frozenset()
            is_more = new and not moved
            if is_more or number != original().count_rows(catalog):
                return _CATALOG, moved
        # Where files are new, it is compared once these are restored.
        is_compared = written.is_in_place and not moved
        if is_compared and read_in_place(session) != original().read_in_place():
            return _CATALOG, moved
        return "", moved

    def _moved(self, session: Connection, original: Callable[[], Original]) -> frozenset[int]:
        """Find the relations in other files than they were; none if more changed of them."""
        if read_declared(session) != original().read_declared():
            return frozenset()
        files = read_files(session)
        return frozenset(files[file] for file in files.keys() - self._files.keys())

    def _dirty_tables(
        self, contents: Contents, relations: set[int], written: Written
    ) -> tuple[Table, ...]:
        is_unknown = written.is_committed or not self._is_logical
        # The log does not tell of unlogged ones.
        return tuple(
            table
            for table in contents.tables
            if table.oid in relations or (table.is_unlogged and is_unknown)
        )

    def _read_counts(self, session: Connection, tables: tuple[Table, ...]) -> dict[int, Counts]:
        [result] = run_apart(session, (signals.counts_query(table.oid for table in tables),))
        none = (0, 0, 0)
        return {
            oid: signals.subtract(counts, self._counts.get(oid, none))
            for oid, counts in signals.parse_counts(result).items()
        }

    def _dirty_sequences(self, relations: set[int], now: Signals) -> tuple[Sequence, ...]:
        before = signals.read_values(self._signals.sequences)
        values = signals.read_values(now.sequences)
        return tuple(
            sequence
            for number, sequence in enumerate(self._sequences)
            if sequence.oid in relations or values[number] != before[number]
        )

    def _is_restorable(self, session: Connection, changes: Changes) -> bool:
        return (
            not changes.reason
            and self._restores <= _MAX_RESTORES
            and signals.is_superuser(session)
            and changes.rows <= _MAX_ROWS
            and all(
                table.is_passive and table.columns and table.size <= MAX_TABLE_BYTES
                for table in changes.tables
            )
        )


def _temporary_schemas(session: Connection, contents: Contents) -> tuple[str, ...]:
    return tuple(sorted(read_temporary_schemas(session) - contents.temporary_schemas))


def set_back(session: Connection, sequences: Iterable[Sequence]) -> None:
    """Set sequences to where they stand in the template."""
    statements = [_set_back(sequence) for sequence in sequences]
    if statements:
        session.execute(sql.SQL(";\n").join(statements))


def _restore(
    session: Connection, changes: Changes, filled: dict[Table, bytes], statistics: tuple[Any, ...]
) -> None:
    statements: list[sql.Composable] = [sql.SQL(_BEGIN)]
    statements += [sql.SQL("delete from only {}").format(table.identifier) for table in filled]
    statements += [_set_back(sequence) for sequence in changes.sequences]
    statements += [
        sql.SQL("drop schema {}").format(sql.Identifier(name)) for name in changes.left_schemas
    ]
    copied = {table: rows for table, rows in filled.items() if not _is_empty(rows)}
    statements += [
        sql.SQL("copy {} ({}) from stdin (format binary)").format(
            table.identifier, columns_of(table)
        )
        for table in copied
    ]
    if statistics:
        numbers = (sql.Literal(list(column)) for column in statistics)
        statements.append(sql.SQL(_SET_STATISTICS).format(*numbers))
    statements.append(sql.SQL("commit"))
    query = sql.SQL(";\n").join(statements).as_bytes(session)
    run_with_rows(session, query, tuple(copied.values()))


def _set_back(sequence: Sequence) -> sql.Composed:
    return sql.SQL("select pg_catalog.setval({}::oid::regclass, {}, {})").format(
        sequence.oid, sequence.last_value, sequence.is_called
    )


def _is_empty(rows: bytes) -> bool:
    # The signature, flags and length of the header, then the trailer where the first row would be.
    return rows[19:21] == b"\xff\xff"
