"""Which constraints of the catalog the author's constraints are, named or not."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from pglast import ast
from pglast.enums import ConstrType

from confiture_core.diff.words.generated import (
    checked_column,
    column_addition,
    index_columns,
    numbered_name,
)
from confiture_core.diff.words.nodes import Node, is_a

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from confiture_core.catalog.model import Constraint, Identity
    from confiture_core.diff.words.lookup import Lookup
    from confiture_core.diff.words.places import Places


_TYPES = {
    ConstrType.CONSTR_CHECK: "c",
    ConstrType.CONSTR_EXCLUSION: "x",
    ConstrType.CONSTR_FOREIGN: "f",
    ConstrType.CONSTR_PRIMARY: "p",
    ConstrType.CONSTR_UNIQUE: "u",
}
# A name taken elsewhere in the schema makes PostgreSQL count on; further than this none is meant.
_TRIES = 10


class Declared(NamedTuple):
    """A constraint in a statement: the element it stands in, the object it makes."""

    element: int
    identity: Identity | None  # None: not found
    is_merged: bool = False  # PostgreSQL makes UNIQUE (id) beside PRIMARY KEY (id) no index


def declared_constraints(
    elements: Iterable[Node], table: Identity, lookup: Lookup, places: Places
) -> tuple[Declared, ...]:
    """Find the constraints among the elements of CREATE TABLE, those of its columns included."""
    finder = _Finder(table, lookup, places)
    return tuple(finder.find(*declared) for declared in _constraints(elements))


def _constraints(elements: Iterable[Node]) -> Iterator[tuple[int, Node, str | None]]:
    for number, element in enumerate(elements):
        if is_a(element, ast.Constraint) and element.contype in _TYPES:
            yield number, element, None
        elif is_a(element, ast.ColumnDef):
            for constraint in element.constraints or ():
                if constraint.contype in _TYPES:
                    yield number, constraint, element.colname


class _Finder:
    """Holds what the earlier constraints of the statement have taken."""

    def __init__(self, table: Identity, lookup: Lookup, places: Places) -> None:
        self._table, self._lookup, self._places = table, lookup, places
        self._items = {
            item.identity.member: item for item in lookup.constraints((table.schema, table.name))
        }
        self._checks: Counter[str | None] = Counter()
        self._taken: set[str] = set()
        self._keys: set[tuple[str, ...]] = set()

    def find(self, element: int, node: Node, column: str | None) -> Declared:
        type_ = _TYPES[node.contype]
        keys = _keys(node, column)
        candidates = [node.conname] if node.conname else self._generated(node, type_, keys)
        for name in candidates:
            item = self._items.get(name)
            if item and not node.conname and self._lookup.is_ambiguous(item.identity):
                continue
            if item and name not in self._taken and self._fits(item, node, type_, keys):
                self._taken.add(name)
                if type_ in "pu":
                    self._keys.add(keys)
                return Declared(element, item.identity)
        is_merged = type_ == "u" and not node.conname and keys in self._keys
        return Declared(element, None, is_merged)

    def _generated(self, node: Node, type_: str, keys: tuple[str, ...]) -> Iterable[str]:
        match type_:
            case "p":
                addition, label = None, "pkey"
            case "u":
                included = (part.sval for part in node.including or ())
                addition, label = column_addition((*keys, *included)), "key"
            case "f":
                addition, label = column_addition(keys), "fkey"
            case "x":
                columns = index_columns([element for element, _ in node.exclusions])
                if columns is None:
                    return []
                addition, label = column_addition(columns), "excl"
            case _:
                return [self._generated_check(node)]
        table = self._table.name
        return (numbered_name(table, addition, label, number) for number in range(_TRIES))

    def _generated_check(self, node: Node) -> str:
        column = checked_column(node.raw_expr)
        number = self._checks[column]
        self._checks[column] += 1
        return numbered_name(self._table.name, column, "check", number)

    def _fits(self, item: Constraint, node: Node, type_: str, keys: tuple[str, ...]) -> bool:
        if item.type != type_:
            return False
        if type_ == "f":
            places = self._places.relations(node.pktable)
            references = item.references
            if references is None or (references.schema, references.name) not in places:
                return False
        return type_ not in "puf" or item.columns == keys


def _keys(node: Node, column: str | None) -> tuple[str, ...]:
    """Return the columns of a key; for one that is part of a column's definition, that column."""
    if column is not None:
        return (column,)
    keys = node.fk_attrs if node.contype == ConstrType.CONSTR_FOREIGN else node.keys
    return tuple(key.sval for key in keys or ())
