"""Rows read back, and in what two readings differ."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from confiture_core.catalog.overlay import flat

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import psycopg

    from confiture_core.catalog.model import Identity

    Connection = psycopg.Connection[Any]
    # By table, each row as JSON.
    Contents = dict[Identity, tuple[str, ...]]

_SHOWN = 3  # values of a column

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


class Reader:
    """Reads rows; of tables that nothing has touched since, not again."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[str, ...]] = {}  # by oid

    def read(self, connection: Connection, tables: Mapping[int, Identity]) -> Contents:
        """Read all rows of all tables, which are given by oid, and remember them."""
        tables = flat(tables)
        self._known |= _read(connection, tables, tables.keys() - self._known.keys())
        return _by_table(tables, self._known)

    def read_within(self, connection: Connection, tables: Mapping[int, Identity]) -> Contents:
        """Read all rows inside a transaction that may yet be rolled back."""
        tables = flat(tables)
        unknown = tables.keys() - (self._known.keys() - _touched(connection))
        return _by_table(tables, self._known | _read(connection, tables, unknown))

    def forget_touched(self, connection: Connection) -> None:
        """Forget the tables that the open transaction has touched: it is about to commit."""
        for oid in _touched(connection):
            self._known.pop(oid, None)

    def forget(self) -> None:
        """Forget everything."""
        self._known.clear()


def compare_contents(before: Contents, after: Contents) -> tuple[Change, ...]:
    """Say what is not as it was, in tables and in the columns that are there both times."""
    return tuple(
        change
        for table in sorted(_unlike(before, after))
        for change in _changes(table, before[table], after.get(table))
    )


def _unlike(before: Contents, after: Contents) -> Iterator[Identity]:
    for table, rows in before.items():
        other = after.get(table)
        if rows is not other and rows != other:
            yield table


def _touched(connection: Connection) -> set[int]:
    return {oid for (oid,) in connection.execute(_TOUCHED, prepare=False)}


def _by_table(tables: Mapping[int, Identity], rows: Mapping[int, tuple[str, ...]]) -> Contents:
    # Most are as they were one migration before: nothing here is about one of them alone.
    return dict(zip(tables.values(), map(rows.__getitem__, tables), strict=True))


def _read(
    connection: Connection, tables: Mapping[int, Identity], wanted: set[int]
) -> dict[int, tuple[str, ...]]:
    if not wanted:
        return {}
    selects = " union all ".join(
        f"select {oid}::int8, (select array_agg(pg_catalog.to_jsonb(t)::text) from only"
        f" {tables[oid].qualified} t)"
        for oid in sorted(wanted)
    )
    rows = connection.execute(selects.encode(), prepare=False)
    return {oid: tuple(sorted(found or ())) for oid, found in rows}


def _changes(
    table: Identity, before: tuple[str, ...], after: tuple[str, ...] | None
) -> Iterator[Change]:
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


def _parsed(rows: tuple[str, ...]) -> list[dict[str, Any]]:
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
