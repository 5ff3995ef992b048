"""Rows read back, and in what two readings differ."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from confiture_core.catalog.overlay import flat

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import psycopg

    from confiture_core.catalog.model import Identity

    Connection = psycopg.Connection[Any]
    Rows = tuple[str, ...]  # of a table, each as JSON

_SHOWN = 3  # values of a column
_TOGETHER = 50  # tables: to plan one query of more takes longer than several

# What changes rows or columns of a table holds such a lock on it until the transaction ends.
_TOUCHED = """
select distinct relation::int8 from pg_catalog.pg_locks
where pid = pg_catalog.pg_backend_pid() and locktype = 'relation' and mode <> 'AccessShareLock'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of the rows of a table."""

    table: Identity
    column: str | None  # None: whole rows are lost or new
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The rows of tables, all of them by oid: most are as they were one migration before."""

    tables: Mapping[int, Identity] = field(default_factory=dict)
    rows: Mapping[int, Rows] = field(default_factory=dict)

    def by_table(self) -> dict[Identity, Rows]:
        """Give the rows by what the tables are called."""
        return {self.tables[oid]: rows for oid, rows in self.rows.items()}


NO_CONTENTS = Contents()


class Reader:
    """Reads rows; of tables that nothing has touched since, not again."""

    def __init__(self) -> None:
        self._known: dict[int, Rows] = {}  # by oid

    def read(self, connection: Connection, tables: Mapping[int, Identity]) -> Contents:
        """Read all rows of all tables, which are given by oid, and remember them."""
        tables = flat(tables)
        self._known |= _read(connection, tables, tables.keys() - self._known.keys())
        return _chosen(tables, self._known)

    def read_within(self, connection: Connection, tables: Mapping[int, Identity]) -> Contents:
        """Read all rows inside a transaction that may yet be rolled back."""
        tables = flat(tables)
        unknown = tables.keys() - (self._known.keys() - _touched(connection))
        return _chosen(tables, self._known | _read(connection, tables, unknown))

    def forget_touched(self, connection: Connection) -> None:
        """Forget the tables that the open transaction has touched: it is about to commit."""
        for oid in _touched(connection):
            self._known.pop(oid, None)

    def forget(self) -> None:
        """Forget everything."""
        self._known.clear()


def compare_contents(before: Contents, after: Contents) -> tuple[Change, ...]:
    """Say what is not as it was, in tables and in the columns that are there both times."""
    unlike = [
        oid
        for oid, rows in before.rows.items()
        if after.rows.get(oid) is not rows or after.tables[oid] is not before.tables[oid]
    ]
    if not unlike:
        return ()
    found = after.by_table()
    wanted = sorted((before.tables[oid], before.rows[oid]) for oid in unlike)
    return tuple(
        change
        for table, rows in wanted
        if rows != found.get(table)
        for change in _changes(table, rows, found.get(table))
    )


def _touched(connection: Connection) -> set[int]:
    return {oid for (oid,) in connection.execute(_TOUCHED, prepare=False)}


def _chosen(tables: Mapping[int, Identity], rows: Mapping[int, Rows]) -> Contents:
    return Contents(tables=tables, rows={oid: rows[oid] for oid in tables})


def _read(
    connection: Connection, tables: Mapping[int, Identity], wanted: set[int]
) -> dict[int, Rows]:
    if not wanted:
        return {}
    selects = [
        f"select {oid}::int8, (select array_agg(pg_catalog.to_jsonb(t)::text) from only"
        f" {tables[oid].qualified} t)"
        for oid in sorted(wanted)
    ]
    parts = range(0, len(selects), _TOGETHER)
    queries = (" union all ".join(selects[start : start + _TOGETHER]) for start in parts)
    cursor = connection.execute("; ".join(queries).encode(), prepare=False)
    rows = {}
    while True:
        rows.update({oid: tuple(sorted(found or ())) for oid, found in cursor})
        if not cursor.nextset():
            return rows


def _changes(table: Identity, before: Rows, after: Rows | None) -> Iterator[Change]:
    if after is None:
        if before:
            message = f"{len(before)} rows of {table} are lost with it"
            yield Change(table=table, column=None, message=message)
        return
    old, new = _parsed(before), _parsed(after)
    if len(old) != len(new):
        yield Change(table=table, column=None, message=_count(table, len(old), len(new)))
        return
    names = sorted(_columns(old) & _columns(new))
    changes = list(_column_changes(table, names, old, new))
    if not changes and _projected(old, names) != _projected(new, names):
        message = f"values of {table} have moved from row to row"
        changes.append(Change(table=table, column=None, message=message))
    yield from changes


def _column_changes(
    table: Identity, names: list[str], old: list[dict[str, Any]], new: list[dict[str, Any]]
) -> Iterator[Change]:
    for name in names:
        was, now = (Counter(_text(row[name]) for row in rows) for rows in (old, new))
        if was != now:
            gone, come = (_listed(sorted(each.elements())) for each in (was - now, now - was))
            message = f"column {table.qualified}.{name} had {gone} and has {come}"
            yield Change(table=table, column=name, message=message)


def _count(table: Identity, was: int, now: int) -> str:
    if now < was:
        return f"{was - now} of {was} rows of {table} are lost"
    return f"{table} has {now - was} more rows than the {was} there were"


def _listed(values: list[str]) -> str:
    more = f" and {len(values) - _SHOWN} more" if len(values) > _SHOWN else ""
    return ", ".join(value[:60] for value in values[:_SHOWN]) + more


def _parsed(rows: Rows) -> list[dict[str, Any]]:
    return [json.loads(row) for row in rows]


def _columns(rows: list[dict[str, Any]]) -> set[str]:
    return set(rows[0]) if rows else set()


def _projected(rows: list[dict[str, Any]], names: list[str]) -> Counter[tuple[str, ...]]:
    return Counter(tuple(_text(row[name]) for name in names) for row in rows)


def _text(value: Any) -> str:
    """Write a value without its type: 1 and "1" are told apart by the catalog."""
    if value is None:
        return "null"
    if isinstance(value, str):
        return value
    return json.dumps(value, sort_keys=True)
