"""Bringing a database back to what its template is, exactly, at the cost of what was written.

Untouched databases are left as they are. Where only rows and sequences of ordinary tables were
written, these are restored from the template's. Whatever else happened, and whatever cannot be
proven, is a reason to throw the database away.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from confiture_core.factory import signals
from confiture_core.factory.contents import MAX_TABLE_BYTES, Original, columns_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from confiture_core.factory.contents import Contents, Sequence, Table
    from confiture_core.factory.databases import Connection
    from confiture_core.factory.signals import Counts, Signals

# Above these a new clone is cheaper than the deletions, and than the dead rows they leave.
_MAX_ROWS = 20_000
_MAX_RESTORES = 100

_SURROUNDINGS = "settings or privileges of the database"
_CATALOG = "the catalog (DDL, TRUNCATE, temporary tables or large objects)"

# Nothing of the database's own may decide over how it is restored.
_BEGIN = """
begin isolation level read committed read write;
set local session_replication_role = replica;
set local statement_timeout = 0;
set local lock_timeout = 0;
set local row_security = off
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What was written to a database since its baseline."""

    tables: tuple[tuple[Table, Counts], ...] = ()
    sequences: tuple[Sequence, ...] = ()
    reason: str = ""  # why restoring rows and sequences would not bring it back

    @property
    def is_nothing(self) -> bool:
        """Whether the database is as it was."""
        return not (self.tables or self.sequences or self.reason)

    @property
    def shown(self) -> str:
        """The changes on one line: "orders +2 ~1 -0, sequence orders_id_seq"."""
        parts = [
            f"{table.shown} +{inserted} ~{updated} -{deleted}"
            for table, (inserted, updated, deleted) in self.tables
        ]
        parts += [f"sequence {sequence.shown}" for sequence in self.sequences]
        return ", ".join([*parts, self.reason] if self.reason else parts)


class Watch:
    """A clone's counters as they stood when it was last as its template is."""

    def __init__(self, session: Connection, database: int, contents: Contents) -> None:
        self._database = database
        self._contents = contents
        self._query = signals.signals_query(database, contents.sequence_numbers)
        self._restores = 0
        self.set_baseline(session)

    def set_baseline(self, session: Connection) -> None:
        """Take the database as it is now for the template's equal; no one else may be in it."""
        signals.flush_signals(session, self._database)
        self._signals: Signals = self._read(session)
        self._counts = signals.read_counts(session, self._contents.relations)
        self._blocks = signals.read_sequence_blocks(session, self._contents.sequence_numbers)

    def is_alone(self, session: Connection) -> bool:
        """Flush what our session counted, and say whether it is the only one."""
        return signals.flush_signals(session, self._database) == 1

    def read_changes(self, session: Connection, *, in_detail: bool) -> Changes:
        """Say what was written since the baseline; the session must be flushed and alone.

        Without detail, what was written is left out where it cannot be restored anyway.
        """
        now = self._read(session)
        before = self._signals
        if now == before:
            return Changes()
        if now.surroundings != before.surroundings and not in_detail:
            return Changes(reason=_SURROUNDINGS)
        counts = signals.read_counts(session, self._contents.relations)
        written = {
            oid: signals.subtract(count, self._counts.get(oid, (0, 0, 0)))
            for oid, count in counts.items()
        }
        reason = ""
        if now.surroundings != before.surroundings:
            reason = _SURROUNDINGS
        elif _total(written) != signals.subtract(now.rows, before.rows):
            reason = _CATALOG
        if reason and not in_detail:
            return Changes(reason=reason)
        return Changes(
            tables=self._dirty_tables(written),
            sequences=self._dirty_sequences(session),
            reason=reason,
        )

    def set_sequences_back(self, session: Connection) -> bool:
        """Set back what a rollback leaves; False if another session is in the database.

        For users who roll back all they do.
        """
        if not self.is_alone(session):
            return False
        set_back(session, self._dirty_sequences(session))
        signals.flush_signals(session, self._database)
        self._blocks = signals.read_sequence_blocks(session, self._contents.sequence_numbers)
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
            for table, _ in changes.tables:
                rows = source.rows(table)
                if rows is None:
                    return False
                filled[table] = rows
        try:
            _restore(session, changes, filled)
        except psycopg.Error:
            with suppress(psycopg.Error):
                session.rollback()
            for table in filled:
                source.refuse(table)
            return False
        self.set_baseline(session)
        return True

    def _read(self, session: Connection) -> Signals:
        return signals.read_signals(session, self._query)

    def _dirty_tables(self, written: dict[int, Counts]) -> tuple[tuple[Table, Counts], ...]:
        return tuple(
            (table, written.get(table.oid, (0, 0, 0)))
            for table in self._contents.tables
            if any(written.get(table.oid, ())) or any(written.get(table.toast, ()))
        )

    def _dirty_sequences(self, session: Connection) -> tuple[Sequence, ...]:
        blocks = signals.read_sequence_blocks(session, self._contents.sequence_numbers)
        return tuple(
            sequence
            for sequence in self._contents.sequences
            if blocks.get(sequence.oid) != self._blocks.get(sequence.oid)
        )

    def _is_restorable(self, session: Connection, changes: Changes) -> bool:
        return (
            not changes.reason
            and self._restores <= _MAX_RESTORES
            and session.info.parameter_status("is_superuser") == "on"
            and sum(sum(counts) for _, counts in changes.tables) <= _MAX_ROWS
            and all(
                table.is_passive and table.columns and table.size <= MAX_TABLE_BYTES
                for table, _ in changes.tables
            )
        )


def set_back(session: Connection, sequences: Iterable[Sequence]) -> None:
    """Set sequences to where they stand in the template."""
    statements = [_set_back(sequence) for sequence in sequences]
    if statements:
        session.execute(sql.SQL(";\n").join(statements))


def _restore(session: Connection, changes: Changes, filled: dict[Table, bytes]) -> None:
    statements: list[sql.Composable] = [sql.SQL(_BEGIN)]
    statements += [sql.SQL("delete from only {}").format(table.identifier) for table in filled]
    statements += [_set_back(sequence) for sequence in changes.sequences]
    session.execute(sql.SQL(";\n").join(statements))
    for table, rows in filled.items():
        if not _is_empty(rows):
            copy = sql.SQL("copy {} ({}) from stdin (format binary)").format(
                table.identifier, columns_of(table)
            )
            with session.cursor().copy(copy) as target:
                target.write(rows)
    session.execute("commit")


def _set_back(sequence: Sequence) -> sql.Composed:
    return sql.SQL("select pg_catalog.setval({}::oid::regclass, {}, {})").format(
        sequence.oid, sequence.last_value, sequence.is_called
    )


def _is_empty(rows: bytes) -> bool:
    # The signature, flags and length of the header, then the trailer where the first row would be.
    return rows[19:21] == b"\xff\xff"


def _total(written: dict[int, Counts]) -> Counts:
    inserted, updated, deleted = (sum(counts[n] for counts in written.values()) for n in range(3))
    return inserted, updated, deleted
