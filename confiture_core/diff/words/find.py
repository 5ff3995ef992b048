"""Reading the author's statements in order, keeping the words that still hold at the end."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pglast import ast
from pglast.enums import AlterTableType

from confiture_core.diff.words.changes import changed, changes_columns, renamed
from confiture_core.diff.words.constraints import declared_constraints
from confiture_core.diff.words.lookup import Lookup
from confiture_core.diff.words.makings import Making, objects_made, temporary_relation
from confiture_core.diff.words.nodes import Node, is_a
from confiture_core.diff.words.places import Places
from confiture_core.diff.words.tables import (
    added_column_covers,
    column_covers,
    declared_columns,
)
from confiture_core.diff.words.text import (
    alter_table_actions,
    column_definition,
    identifiers,
    table_elements,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from confiture_core.catalog.model import Catalog, Identity
    from confiture_core.statements import Statement


# Parsing costs more than all the rest: rows are not parsed, and queries only where they may
# change what names mean.
_FIRST_WORDS = frozenset({"alter", "create", "discard", "drop", "reset", "set"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A statement of the author's, or a part of one, that makes an object as the catalog has it.

    `covers` is everything it makes, the object included; also the ties that `facts` takes apart.
    """

    sql: str  # without final semicolon
    covers: frozenset[Identity]
    shown: str | None  # the file
    line: int


def find_words(statements: Iterable[Statement], catalog: Catalog) -> dict[Identity, Words]:
    """Find the statements that make objects, by the object each is about.

    Where anything is not clear, or a later statement changes the object, there are no words.
    """
    return _find(statements, Lookup(catalog), objects_made)


def column_words(statements: Iterable[Statement], catalog: Catalog) -> dict[Identity, Words]:
    """Find the definitions of columns, as CREATE TABLE and ADD COLUMN have them."""
    return _find(statements, Lookup(catalog), _columns_made)


def all_words(statements: Sequence[Statement], catalog: Catalog) -> dict[Identity, Words]:
    """Find both."""
    lookup = Lookup(catalog)
    columns = _find(statements, lookup, _columns_made)
    return {**columns, **_find(statements, lookup, objects_made)}


def _find(
    statements: Iterable[Statement],
    lookup: Lookup,
    made: Callable[[Statement, Lookup, Places], Iterator[Making]],
) -> dict[Identity, Words]:
    places = Places(lookup)
    kept = _Kept(lookup)
    for number, statement in enumerate(statements):
        if not _may_matter(statement):
            continue
        node = statement.node
        places.follow(statement)
        kept.forget_changed(number, node, places)
        is_quotable = None
        for making in made(statement, lookup, places):
            if is_quotable is None:
                is_quotable = places.is_quotable(node)
            kept.keep(making if is_quotable else making._replace(covers=None), number, statement)
        if temporary := temporary_relation(node):
            places.hide(temporary)
    return kept.words()


def _may_matter(statement: Statement) -> bool:
    first = statement.sql[:8].split(None, 1)[0].lower()
    return first in _FIRST_WORDS or "search_path" in statement.sql


class _Kept:
    """The makings that still hold, and by which of them each object is made."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._kept: dict[Identity, tuple[Making, int, Statement]] = {}
        self._makers: dict[Identity, set[Identity]] = defaultdict(set)
        self._starred: list[Identity] = []
        self._renames: list[tuple[int, frozenset[str]]] = []

    def keep(self, making: Making, number: int, statement: Statement) -> None:
        """Keep a making instead of an earlier one of the same object."""
        identity = making.identity
        if identity in self._kept and getattr(statement.node, "if_not_exists", False):
            return
        self.forget(identity)
        if making.covers is None:
            return
        self._kept[identity] = (making, number, statement)
        for covered in making.covers.declared:
            self._makers[covered].add(identity)
        if is_a(statement.node, ast.ViewStmt, ast.CreateTableAsStmt) and "*" in making.sql:
            self._starred.append(identity)

    def forget(self, identity: Identity) -> None:
        """Drop what makes an object, because it is not what the catalog has."""
        for maker in self._makers.pop(identity, set()):
            making, _, _ = self._kept.pop(maker)
            assert making.covers is not None
            for covered in making.covers.declared - {identity}:
                self._makers[covered].discard(maker)

    def forget_changed(self, number: int, node: Node, places: Places) -> None:
        """Drop the words for what a statement changes."""
        for identity in changed(node, self._lookup, places):
            self.forget(identity)
        if old_names := renamed(node):
            self._renames.append((number, old_names))
        if self._starred and changes_columns(node):
            for identity in self._starred:
                self.forget(identity)
            self._starred.clear()

    def words(self) -> dict[Identity, Words]:
        """Return what is left as words."""
        declared = {identity for identity, makers in self._makers.items() if makers}
        return {
            identity: Words(
                sql=making.sql,
                covers=self._covers(making, declared),
                shown=statement.shown,
                line=statement.line + statement.sql.count("\n", 0, making.start),
            )
            for identity, (making, number, statement) in self._kept.items()
            if not self._is_renamed(making, number)
        }

    def _covers(self, making: Making, declared: set[Identity]) -> frozenset[Identity]:
        """Return all that a making covers; what has words of its own comes from no parent."""
        assert making.covers is not None
        implied = making.covers.implied - declared
        ties = (
            self._lookup.tie(f"{identity.kind} partition", identity)
            for identity in implied
            if identity.kind in ("constraint", "index")
        )
        return making.covers.declared.union(implied, *ties)

    def _is_renamed(self, making: Making, number: int) -> bool:
        """Tell whether the words have names that were given up after them."""
        later = [old_names for renaming, old_names in self._renames if renaming > number]
        if not later:
            return False
        found = identifiers(making.sql)
        return any(old_names <= found for old_names in later)


def _columns_made(statement: Statement, lookup: Lookup, places: Places) -> Iterator[Making]:
    node: Node = statement.node
    if is_a(node, ast.CreateStmt):
        yield from _columns_created(statement, node, lookup, places)
    elif is_a(node, ast.CreateForeignTableStmt):
        yield from _columns_created(statement, node.base, lookup, places)
    elif is_a(node, ast.AlterTableStmt):
        yield from _columns_added(statement, lookup, places)


def _columns_created(
    statement: Statement, node: Node, lookup: Lookup, places: Places
) -> Iterator[Making]:
    elements = node.tableElts or ()
    place = places.created(node.relation.schemaname, node.relation.relname)
    table = lookup.relations.get(place) if place else None
    if table is None or not elements or temporary_relation(node):
        return
    found = declared_constraints(elements, table, lookup, places)
    made = declared_columns(elements, table, found, lookup)
    texts = table_elements(statement.sql)
    for element, text in zip(elements, texts, strict=False):
        if not is_a(element, ast.ColumnDef) or element.typeName is None:
            continue
        identity = replace(table, kind="column", member=element.colname)
        declared = made[element.colname] if len(texts) == len(elements) else None
        covers = column_covers(declared, lookup) if declared else None
        yield Making(identity, covers, text.text, text.start)


def _columns_added(statement: Statement, lookup: Lookup, places: Places) -> Iterator[Making]:
    node: Node = statement.node
    relations = places.relations(node.relation)
    if len(relations) != 1 or not _adds_column(node.cmds):
        return
    table = lookup.relations[relations[0]]
    _, actions = alter_table_actions(statement.sql)
    for command, action in zip(node.cmds, actions, strict=False):
        if _adds_column([command]):
            identity = replace(table, kind="column", member=command.def_.colname)
            covers = None
            if len(actions) == len(node.cmds):
                covers = added_column_covers(command.def_, table, lookup, places)
            text = column_definition(action)
            yield Making(identity, covers, text.text, text.start)


def _adds_column(commands: Iterable[Node]) -> bool:
    return any(command.subtype == AlterTableType.AT_AddColumn for command in commands)
