"""Putting rows into tables: PostgreSQL says what fits, and what does not is tried otherwise."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import errors

from confiture_core import names
from confiture_core.catalog.model import Identity
from confiture_core.verify.rows.constants import Constants
from confiture_core.verify.rows.tables import Reference, Target, find_targets
from confiture_core.verify.rows.values import Place, Types, read_types

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from confiture_core.catalog.model import Catalog, Column

    Connection = psycopg.Connection[Any]

# Two with a value everywhere, and one with as many nulls as it may have.
FULL_ROWS = (0, 1)
NULL_ROW = 2
_ATTEMPTS = 300  # for one row
_CANDIDATES = 60  # for one column


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfilled:
    """A table that has no rows, and why."""

    table: Identity
    reason: str


class Filler:
    """Puts rows into the tables of one state, inside the caller's transaction."""

    def __init__(
        self,
        connection: Connection,
        catalog: Catalog,
        targets: Mapping[Identity, Target] | None = None,
        types: Types | None = None,
    ) -> None:
        self._connection = connection
        self._targets = find_targets(catalog) if targets is None else targets
        self._types = types or read_types(catalog)
        self._has_rows: dict[Identity, bool] = {}

    def fill(
        self, tables: Collection[Identity], numbers: tuple[int, ...] = (*FULL_ROWS, NULL_ROW)
    ) -> tuple[Unfilled, ...]:
        """Put rows into the tables, those that others refer to first."""
        self._prepare()
        unfilled: list[Unfilled] = []
        for target in _in_order([self._targets[each] for each in tables if each in self._targets]):
            reason = target.empty_reason or self._fill(target, numbers)
            self._has_rows[target.identity] = True
            if reason and not self._look(target.identity, again=True):
                unfilled.append(Unfilled(table=target.identity, reason=reason))
        return tuple(unfilled)

    def without_rows(self, tables: Collection[Identity]) -> set[Identity]:
        """Find those of the tables that have no rows."""
        unknown = sorted(set(tables) - self._has_rows.keys())
        if unknown:
            looks = ", ".join(f"exists (select from {table.qualified})" for table in unknown)
            cursor = self._connection.execute(f"select array[{looks}]".encode(), prepare=False)
            (found,) = cursor.fetchone() or ((),)
            self._has_rows.update(zip(unknown, found, strict=True))
        return {table for table in tables if not self._has_rows[table]}

    def _prepare(self) -> None:
        if self._connection.info.parameter_status("is_superuser") == "on":
            # Rows are as they are given: no trigger changes them, no rule turns them away.
            self._connection.execute("set local session_replication_role = replica")

    def _look(self, table: Identity, *, again: bool = False) -> bool:
        if again or table not in self._has_rows:
            row = self._connection.execute(
                f"select exists (select from {table.qualified})".encode(), prepare=False
            ).fetchone()
            self._has_rows[table] = bool(row and row[0])
        return self._has_rows[table]

    def _fill(self, target: Target, numbers: tuple[int, ...]) -> str | None:
        """Insert rows; the reason why not even the first went in."""
        if not target.columns:
            statement = f"insert into {target.name} default values"
            return self._try("; ".join([statement] * len(numbers)))
        referred = self._referred(target)
        rows = [_Row(self, target, number, referred) for number in numbers]
        # All at once, and one by one with other values only where that is refused.
        if self._try(_insert(target, rows)) is None:
            return None
        reasons = [self._search(target, row) for row in rows]
        return None if None in reasons else reasons[0]

    def _search(self, target: Target, row: _Row) -> str | None:
        reason = None
        for _ in range(_ATTEMPTS):
            try:
                self._run(_insert(target, [row]))
            except psycopg.Error as exc:
                self._connection.execute("rollback to savepoint confiture_row")
                reason = exc.diag.message_primary or str(exc)
                if not self._change(target, row, exc):
                    return reason
            else:
                return None
        return reason

    def _change(self, target: Target, row: _Row, exc: psycopg.Error) -> bool:
        """Take the next values for the columns to blame; False if there are none."""
        if isinstance(exc, errors.IntegrityError):
            blamed = target.parts.get(exc.diag.constraint_name or "", ())
            domain = exc.diag.datatype_name
            if domain is not None:
                blamed = tuple(
                    each.identity.member
                    for each in target.columns
                    if each.type.rpartition(".")[2].strip('"') == domain
                )
            elif exc.diag.column_name:
                blamed = (exc.diag.column_name,)
            return row.advance(blamed)
        if isinstance(exc, errors.DataError | errors.ProgrammingError | errors.NotSupportedError):
            changed = False
            for column in target.columns:
                name = column.identity.member
                while self._try(f"select {row.value(name)}") is not None:
                    if not row.advance((name,)):
                        return False
                    changed = True
            return changed or row.advance(target.computed)
        return False

    def _try(self, statement: str) -> str | None:
        """Run a statement; what PostgreSQL has against it."""
        try:
            self._run(statement)
        except psycopg.Error as exc:
            self._connection.execute("rollback to savepoint confiture_row")
            return exc.diag.message_primary or str(exc)
        return None

    def _run(self, statement: str) -> None:
        text = f"savepoint confiture_row; {statement}; release savepoint confiture_row"
        self._connection.execute(text.encode(), prepare=False)

    def _referred(self, target: Target) -> dict[Reference, list[tuple[str | None, ...]]]:
        """Read keys that the table can refer to."""
        others = [
            reference
            for reference in target.references
            if reference.table != target.identity and self._look(reference.table)
        ]
        found: dict[Reference, list[tuple[str | None, ...]]] = {
            reference: [] for reference in target.references
        }
        if others:
            queries = "; ".join(map(_keys_query, others))
            cursor = self._connection.execute(queries.encode(), prepare=False)
            for reference in others:
                found[reference] = cursor.fetchall()
                cursor.nextset()
        return found

    def candidates(self, target: Target, column: Column, number: int) -> Iterator[str]:
        """Give the values to try for a column, as SQL."""
        name = column.identity.member
        wanted = target.constants.get(name, Constants())
        place = Place(column=name, number=number)
        is_nullable = not column.not_null and name not in target.parts.get("primary key", ())
        if is_nullable and number == NULL_ROW:
            yield "NULL"
        yield from itertools.islice(self._types.candidates(column.type, place, wanted), _CANDIDATES)
        if is_nullable and number != NULL_ROW:
            yield "NULL"


class _Candidates:
    """Values to try, which are thought of when it is their turn: mostly the first will do."""

    def __init__(self, values: Iterable[str]) -> None:
        self._more = iter(values)
        self._known: list[str] = []

    def at(self, number: int) -> str | None:
        """Give one by its number; None after the last."""
        self._known += itertools.islice(self._more, max(number + 1 - len(self._known), 0))
        return self._known[number] if number < len(self._known) else None


class _Row:
    """A row that is being looked for: for each column, candidates and the one that is its turn."""

    def __init__(
        self,
        filler: Filler,
        target: Target,
        number: int,
        referred: dict[Reference, list[tuple[str | None, ...]]],
    ) -> None:
        types = {each.identity.member: each.type for each in target.columns}
        self._candidates = {
            each.identity.member: _Candidates(filler.candidates(target, each, number))
            for each in target.columns
        }
        self._turns = dict.fromkeys(self._candidates, 0)
        for reference, keys in referred.items():
            if number == NULL_ROW and target.is_nullable(reference):
                continue
            self._refer(target, reference, keys, number, types)

    def _refer(
        self,
        target: Target,
        reference: Reference,
        keys: list[tuple[str | None, ...]],
        number: int,
        types: dict[str, str],
    ) -> None:
        if keys:
            start = number % len(keys)
            turned = [*keys[start:], *keys[:start]]
            for place, name in enumerate(reference.columns):
                if name in types:
                    values = (_typed(key[place], types[name]) for key in turned)
                    self._candidates[name] = _Candidates(tuple(values))
        elif reference.table == target.identity:
            # A row may refer to itself.
            for name, other in zip(reference.columns, reference.others, strict=False):
                if name in types and other in self._candidates and name != other:
                    self._candidates[name] = self._candidates[other]
        elif target.is_nullable(reference):
            for name in reference.columns:
                self._candidates[name] = _Candidates(("NULL",))

    def value(self, name: str) -> str:
        """Give the value whose turn it is."""
        return self._candidates[name].at(self._turns[name]) or "NULL"

    def advance(self, columns: Iterable[str]) -> bool:
        """Go on to the next combination of values of some columns; False after the last."""
        for name in columns:
            if name not in self._turns:
                continue
            if self._candidates[name].at(self._turns[name] + 1) is not None:
                self._turns[name] += 1
                return True
            self._turns[name] = 0
        return False


def _in_order(targets: Iterable[Target]) -> Iterator[Target]:
    """Put those first that others refer to; of a circle, one that can do with nulls."""
    pending = {each.identity: each for each in sorted(targets, key=lambda each: each.identity)}
    waiting: dict[Identity, set[Identity]] = {}  # on whom
    awaited: dict[Identity, list[Identity]] = {}  # by whom
    for target in pending.values():
        others = {each.table for each in target.references} & pending.keys() - {target.identity}
        waiting[target.identity] = others
        for other in others:
            awaited.setdefault(other, []).append(target.identity)
    ready = [each for each in pending if not waiting[each]]
    while pending:
        ready = ready or [_first_of_circle(pending, waiting)]
        freed = set()
        for identity in ready:
            yield pending.pop(identity)
            for other in awaited.get(identity, ()):
                waiting[other].discard(identity)
                freed.add(other)
        ready = sorted(each for each in freed if each in pending and not waiting[each])


def _first_of_circle(
    pending: Mapping[Identity, Target], waiting: Mapping[Identity, set[Identity]]
) -> Identity:
    for identity, target in pending.items():
        others = [each for each in target.references if each.table in waiting[identity]]
        if all(target.is_nullable(each) for each in others):
            return identity
    return next(iter(pending))


def _keys_query(reference: Reference) -> str:
    columns = ", ".join(f"{names.quote(name)}::text" for name in reference.others)
    return f"select {columns} from {reference.table.qualified} order by 1 limit 10"


def _insert(target: Target, rows: list[_Row]) -> str:
    columns = [each.identity.member for each in target.columns]
    values = ", ".join(f"({', '.join(row.value(name) for name in columns)})" for row in rows)
    listed = ", ".join(map(names.quote, columns))
    return f"insert into {target.name} ({listed}) overriding system value values {values}"


def _typed(text: str | None, type_: str) -> str:
    return "NULL" if text is None else f"{names.literal(text)}::{type_}"


def new_and_changed(
    before: Catalog | None, after: Catalog, among: Iterable[Identity] | None = None
) -> tuple[set[Identity], set[Identity]]:
    """Find the tables that are new in a catalog, and those that have new columns.

    Only some objects are looked at where it is known that no other is new.
    """
    old = before.objects if before else {}
    new: set[Identity] = set()
    changed: set[Identity] = set()
    for identity in after.objects if among is None else among:
        if identity in old or identity not in after.objects:
            continue
        if identity.kind == "table":
            new.add(identity)
        elif identity.kind == "column":
            changed.add(Identity(kind="table", schema=identity.schema, name=identity.name))
    return new, changed - new
