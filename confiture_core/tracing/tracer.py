"""The tracer: an observer that reads what a statement has locked, rewritten and read.

All of it is read inside the statement's own transaction, from the locks that the session holds:
who rewrites or reads a relation, has locked it. Only relations that were there before count;
nobody else can see the others. What functions and DO blocks do is measured with the rest.
"""

from __future__ import annotations

import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from psycopg.pq import TransactionStatus

from confiture_core import names
from confiture_core.errors import ConfitureError
from confiture_core.migrations.python_file import place_in_file
from confiture_core.tracing.trace import LEVELS, Lock, Scan, StatementTrace, Trace, rank

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import psycopg

    from confiture_core.migrations.loader import Direction, MigrationFile
    from confiture_core.migrations.script import Unit
    from confiture_core.statements import Statement

    Connection = psycopg.Connection[Any]
    Cursor = psycopg.Cursor[tuple[Any, ...]]

_KINDS = {
    "r": "table",
    "p": "table",
    "m": "materialized view",
    "i": "index",
    "I": "index",
    "v": "view",
    "f": "foreign table",
    "S": "sequence",
}
# What was counted before has to be known: the counters of a transaction go on from one to the
# next until they are sent away.
_RELATIONS = f"""
select c.oid::int8, c.relnamespace::pg_catalog.regnamespace::text, c.relname, c.relkind::text,
    c.relfilenode::int8,
    case when c.relkind in ('r', 'm')
        then pg_catalog.pg_stat_get_xact_numscans(c.oid) else 0 end,
    case when c.relkind in ('r', 'm')
        then pg_catalog.pg_stat_get_xact_tuples_returned(c.oid) else 0 end
from pg_catalog.pg_class c
where c.oid >= 16384 and c.relnamespace <> 'pg_toast'::pg_catalog.regnamespace
    and c.relkind in ({", ".join(map(repr, _KINDS))})
"""
# Over a connection beside, which sees those that were there before, and only those.
_BESIDE = f"{_RELATIONS} and c.oid = any (%s)"
_COUNTED = """
select c.oid::int8, pg_catalog.pg_stat_get_xact_numscans(c.oid),
    pg_catalog.pg_stat_get_xact_tuples_returned(c.oid)
from pg_catalog.pg_class c
where c.relkind in ('r', 'm') and c.oid >= 16384
    and pg_catalog.pg_stat_get_xact_numscans(c.oid) <> 0
"""
# Asked after each statement, so nothing is joined: names are known from before.
_HELD = """
select relation::int8, mode, pg_catalog.pg_relation_filenode(relation)::int8,
    pg_catalog.pg_stat_get_xact_numscans(relation),
    pg_catalog.pg_stat_get_xact_tuples_returned(relation)
from pg_catalog.pg_lock_status()
where pid = pg_catalog.pg_backend_pid() and locktype = 'relation' and granted
    and relation >= 16384 and database = (
        select oid from pg_catalog.pg_database where datname = pg_catalog.current_database()
    )
"""
_EMPTY = "select oid::int8 from unnest(%s::oid[]) oid where pg_catalog.pg_relation_size(oid) = 0"
_INDEXES = """
select c.oid::int8, c.relnamespace::pg_catalog.regnamespace::text, c.relname, x.indrelid::int8
from pg_catalog.pg_class c join pg_catalog.pg_index x on x.indexrelid = c.oid
where c.oid = any (%s) and c.relkind = 'i'
"""
_WITH_ROWS = ("r", "m")
_LEVELS = {level.title().replace(" ", "") + "Lock": level for level in LEVELS}


@dataclass(frozen=True, slots=True)
class _Relation:
    """A relation that was there before the migration."""

    oid: int
    schema: str  # quoted
    name: str
    relkind: str

    @property
    def shown(self) -> str:
        return f"{self.schema}.{names.quote(self.name)}"

    @property
    def kind(self) -> str:
        return _KINDS[self.relkind]


@dataclass(frozen=True, slots=True)
class _State:
    """What changes of a relation."""

    file: int | None
    scans: int
    rows: int  # that they read


@dataclass(frozen=True, slots=True)
class _Index:
    """An index that has a new file."""

    oid: int
    schema: str  # quoted
    name: str
    table: int

    @property
    def shown(self) -> str:
        return f"{self.schema}.{names.quote(self.name)}"


_States = dict[int, _State]  # by oid
_Modes = dict[int, frozenset[str]]  # levels by oid


class Tracer:
    """Traces one direction of one migration.

    Where all of it runs in one transaction, what was found after a statement is what there is
    before the next; else it is read again. With another connection to the database at hand, only
    those relations are read that are locked.
    """

    def __init__(
        self,
        file: MigrationFile,
        direction: Direction = "up",
        *,
        beside: Callable[[], Connection] | None = None,
    ) -> None:
        self._file = file
        self._shown = file.shown_of(direction)
        self._in_one_transaction = _is_transactional(file, direction)
        self._there: dict[int, _Relation] = {}  # before the migration
        self._has_begun = False
        self._beside = beside if self._in_one_transaction else None
        self._counted: dict[int, tuple[int, int]] = {}  # before the migration
        self._asked: set[int] = set()
        self._now: _States = {}
        self._held: _Modes = {}
        self._statements: list[StatementTrace] = []

    @property
    def trace(self) -> Trace:
        """What was traced so far; ranges of one statement in batches are one."""
        merged: list[StatementTrace] = []
        for one in self._statements:
            if merged and (merged[-1].line, merged[-1].sql) == (one.line, one.sql):
                merged[-1] = _merged(merged[-1], one)
            else:
                merged.append(one)
        return Trace(statements=tuple(merged))

    @contextmanager
    def watch(self, connection: Connection, unit: Unit, statement: Statement) -> Iterator[None]:
        """Measure one statement; one that fails has no trace."""
        self._begin(connection)
        found = StatementTrace(
            sql=statement.sql, path=self._shown, line=self._line(unit, statement), duration_s=0.0
        )
        was_in_transaction = _is_in_transaction(connection)
        started = time.perf_counter()
        yield
        found = replace(found, duration_s=time.perf_counter() - started)
        if was_in_transaction and _is_in_transaction(connection):
            found = self._measured(found, connection)
        elif not connection.closed:
            # Its locks are gone, and its counters with them; its files are not.
            found = replace(found, locks=None)
            now = _relations(connection.execute(_RELATIONS.encode(), prepare=False))[1]
            found = self._compared(found, connection, now)
        self._statements.append(found)

    def finish(self, connection: Connection) -> None:
        """Measure what the migration did by itself, past the runner, at the end."""
        if self._file.kind != "sql" and self._has_begun and _is_in_transaction(connection):
            found = StatementTrace(sql="", path=self._shown, line=None, duration_s=0.0)
            found = self._measured(found, connection)
            if found.is_of_interest:
                self._statements.append(found)

    def _begin(self, connection: Connection) -> None:
        if self._has_begun and self._in_one_transaction:
            return
        if self._beside is not None:
            self._has_begun = True
            cursor = connection.execute(f"{_COUNTED};{_HELD}".encode(), prepare=False)
            self._counted = {oid: (scans, rows) for oid, scans, rows in cursor}
            cursor.nextset()
            self._held = _held(cursor)[0]
            self._ask_about(self._held)
            return
        cursor = connection.execute(f"{_RELATIONS};{_HELD}".encode(), prepare=False)
        relations, self._now = _relations(cursor)
        cursor.nextset()
        self._held = _held(cursor)[0]
        if not self._has_begun:
            self._has_begun = True
            self._there = relations

    def _ask_about(self, oids: Iterable[int]) -> None:
        """Read how relations were before the migration."""
        new = set(oids) - self._asked
        if self._beside is None or not new:
            return
        self._asked |= new
        cursor = self._beside().execute(_BESIDE.encode(), (list(new),), prepare=True)
        relations, states = _relations(cursor)
        self._there |= relations
        for oid, state in states.items():
            scans, rows = self._counted.get(oid, (0, 0))
            self._now[oid] = replace(state, scans=scans, rows=rows)

    def _line(self, unit: Unit, statement: Statement) -> int | None:
        if unit.text is None:
            return statement.line
        return place_in_file(self._file.text, unit.text, statement.line, path=self._file.path)

    def _measured(self, found: StatementTrace, connection: Connection) -> StatementTrace:
        held, now = _held(connection.execute(_HELD.encode(), prepare=False))
        self._ask_about(held)
        before, self._held = self._held, held
        new = {oid: levels - before.get(oid, frozenset()) for oid, levels in held.items()}
        found = replace(
            found,
            locks=self._strongest(new),
            held=self._strongest(before),
            scans=tuple(sorted(self._scans(now), key=lambda one: one.relation)),
        )
        return self._compared(found, connection, now)

    def _strongest(self, modes: _Modes) -> tuple[Lock, ...]:
        """Give the strongest lock on each relation, the strongest first."""
        found = [
            Lock(relation=there.shown, kind=there.kind, level=max(levels, key=rank))
            for oid, levels in modes.items()
            if levels and (there := self._there.get(oid)) is not None
        ]
        return tuple(sorted(found, key=lambda one: (-rank(one.level), one.relation)))

    def _scans(self, now: _States) -> Iterator[Scan]:
        for oid, state in now.items():
            relation, old = self._there.get(oid), self._now.get(oid)
            if relation is None or old is None or not self._has_rows(oid):
                continue
            times, rows = state.scans - old.scans, state.rows - old.rows
            if times > 0:
                yield Scan(relation=relation.shown, times=times, rows=rows)

    def _compared(
        self, found: StatementTrace, connection: Connection, now: _States
    ) -> StatementTrace:
        """Find what has another file than before the statement."""
        files = {one.file for one in self._now.values()}
        # An index that takes over the file of the one it replaces is not built.
        moved = {oid for oid, state in now.items() if state.file and state.file not in files}
        self._now |= now
        if not moved:
            return found
        tables = {oid for oid in moved if self._has_rows(oid)}
        built = [one for one in _read_indexes(connection, moved) if one.table in self._there]
        emptied = self._emptied(connection, tables, built, found.scans)
        built = [one for one in built if one.table not in emptied]
        unread = self._names(emptied)
        return replace(
            found,
            rewritten=self._names(tables - emptied),
            emptied=unread,
            built=tuple(sorted(one.shown for one in built)),
            indexed=self._names({one.table for one in built}),
            scans=tuple(scan for scan in found.scans if scan.relation not in unread),
        )

    def _emptied(
        self,
        connection: Connection,
        tables: set[int],
        built: list[_Index],
        scans: tuple[Scan, ...],
    ) -> set[int]:
        """Find the tables whose new file holds nothing because of TRUNCATE.

        TRUNCATE reads the new file once for each index that it makes anew; who writes an empty
        table anew, reads the old one as well.
        """
        if not tables:
            return set()
        empty = {oid for (oid,) in connection.execute(_EMPTY, (list(tables),), prepare=False)}
        times = {scan.relation: scan.times for scan in scans}
        indexes = Counter(one.table for one in built)
        return {oid for oid in empty if times.get(self._there[oid].shown, 0) <= indexes[oid]}

    def _has_rows(self, oid: int) -> bool:
        return oid in self._there and self._there[oid].relkind in _WITH_ROWS

    def _names(self, oids: Iterable[int]) -> tuple[str, ...]:
        return tuple(sorted(self._there[oid].shown for oid in oids))


def _relations(cursor: Cursor) -> tuple[dict[int, _Relation], _States]:
    relations: dict[int, _Relation] = {}
    states: _States = {}
    for oid, schema, name, relkind, file, scans, rows in cursor:
        relations[oid] = _Relation(oid, schema, name, relkind)
        states[oid] = _State(file, scans, rows)
    return relations, states


def _held(cursor: Cursor) -> tuple[_Modes, _States]:
    """Say which relations are locked, and how they are now."""
    modes: dict[int, set[str]] = {}
    states: _States = {}
    for oid, mode, file, scans, rows in cursor:
        modes.setdefault(oid, set()).add(_LEVELS[mode])
        states[oid] = _State(file, scans, rows)
    return {oid: frozenset(levels) for oid, levels in modes.items()}, states


def _read_indexes(connection: Connection, oids: Iterable[int]) -> list[_Index]:
    rows = connection.execute(_INDEXES, (list(oids),), prepare=False)
    return [_Index(*row) for row in rows]


def _is_in_transaction(connection: Connection) -> bool:
    return connection.info.transaction_status == TransactionStatus.INTRANS


def _is_transactional(file: MigrationFile, direction: Direction) -> bool:
    try:
        return file.is_transactional(direction)
    except ConfitureError:  # it is no SQL: whoever runs it says so
        return True


def _merged(one: StatementTrace, other: StatementTrace) -> StatementTrace:
    """Join what two runs of the same statement did."""
    locks = None if one.locks is None or other.locks is None else (*one.locks, *other.locks)
    return replace(
        one,
        duration_s=one.duration_s + other.duration_s,
        locks=locks and tuple({lock.relation: lock for lock in locks}.values()),
        rewritten=tuple(dict.fromkeys((*one.rewritten, *other.rewritten))),
        emptied=tuple(dict.fromkeys((*one.emptied, *other.emptied))),
        built=tuple(dict.fromkeys((*one.built, *other.built))),
        indexed=tuple(dict.fromkeys((*one.indexed, *other.indexed))),
        scans=_joined_scans((*one.scans, *other.scans)),
    )


def _joined_scans(scans: Iterable[Scan]) -> tuple[Scan, ...]:
    found: dict[str, Scan] = {}
    for one in scans:
        other = found.get(one.relation)
        if other is not None:
            one = replace(one, times=one.times + other.times, rows=one.rows + other.rows)
        found[one.relation] = one
    return tuple(found.values())
