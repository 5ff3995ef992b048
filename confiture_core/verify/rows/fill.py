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
    from collections.abc import Collection, Iterable, Mapping

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
        pending = [self._targets[table] for table in sorted(tables) if table in self._targets]
        unfilled: list[Unfilled] = []
        while pending:
            ready = self._ready(pending)
            for target in ready:
                reason = target.empty_reason or self._fill(target, numbers)
                self._has_rows[target.identity] = True
                if reason and not self._look(target.identity, again=True):
                    unfilled.append(Unfilled(table=target.identity, reason=reason))
            pending = [target for target in pending if target not in ready]
        return tuple(unfilled)

    def has_rows(self, table: Identity) -> bool:
        """Tell whether there are rows in a table."""
        return self._look(table)

    def _prepare(self) -> None:
        if self._connection.info.parameter_status("is_superuser") == "on":
            # Rows are as they are given: no trigger changes them, no rule turns them away.
            self._connection.execute("set local session_replication_role = replica")

    def _ready(self, pending: list[Target]) -> list[Target]:
        """Choose what can be filled now; of a circle, what can do with nulls, else all of it."""
        waiting = {target.identity for target in pending}

        def waits(target: Target, *, also_nullable: bool) -> bool:
            return any(
                reference.table in waiting
                and reference.table != target.identity
                and (also_nullable or not target.is_nullable(reference))
                for reference in target.references
            )

        for also_nullable in (True, False):
            ready = [each for each in pending if not waits(each, also_nullable=also_nullable)]
            if ready:
                return ready if also_nullable else ready[:1]
        return pending

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

    def candidates(self, target: Target, column: Column, number: int) -> list[str]:
        """Give the values to try for a column, as SQL."""
        name = column.identity.member
        wanted = target.constants.get(name, Constants())
        place = Place(column=name, number=number)
        found = itertools.islice(self._types.candidates(column.type, place, wanted), _CANDIDATES)
        candidates = list(found)
        is_key = name in target.parts.get("primary key", ())
        if column.not_null or is_key:
            return candidates
        return ["NULL", *candidates] if number == NULL_ROW else [*candidates, "NULL"]


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
            each.identity.member: filler.candidates(target, each, number) for each in target.columns
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
                    self._candidates[name] = [_typed(key[place], types[name]) for key in turned]
        elif reference.table == target.identity:
            # A row may refer to itself.
            for name, other in zip(reference.columns, reference.others, strict=False):
                if name in types and other in self._candidates and name != other:
                    self._candidates[name] = self._candidates[other]
        elif target.is_nullable(reference):
            for name in reference.columns:
                self._candidates[name] = ["NULL"]

    def value(self, name: str) -> str:
        """Give the value whose turn it is."""
        return self._candidates[name][self._turns[name]]

    def advance(self, columns: Iterable[str]) -> bool:
        """Go on to the next combination of values of some columns; False after the last."""
        for name in columns:
            if name not in self._turns:
                continue
            if self._turns[name] + 1 < len(self._candidates[name]):
                self._turns[name] += 1
                return True
            self._turns[name] = 0
        return False


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
