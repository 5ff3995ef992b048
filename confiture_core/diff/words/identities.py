"""Which object of the catalog a CREATE statement is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pglast import ast
from pglast.enums import FunctionParameterMode

from confiture_core import names
from confiture_core.catalog.model import Identity
from confiture_core.diff.words.generated import column_addition, index_columns, numbered_name
from confiture_core.diff.words.nodes import Node, is_a
from confiture_core.diff.words.places import name_parts
from confiture_core.diff.words.type_names import may_be

if TYPE_CHECKING:
    from collections.abc import Callable

    from confiture_core.diff.words.lookup import Lookup, Place
    from confiture_core.diff.words.places import Places
    from confiture_core.statements import DefinedObject

# Kinds whose objects are in no schema.
_GLOBAL = frozenset(
    {
        "access method",
        "event trigger",
        "extension",
        "foreign data wrapper",
        "language",
        "publication",
        "schema",
        "server",
    }
)
# Kinds that need nothing but the name to be found.
_PLAIN = frozenset(
    {
        "collation",
        "conversion",
        "statistics",
        "text search configuration",
        "text search dictionary",
        "text search parser",
        "text search template",
    }
)
_OUTPUTS = (FunctionParameterMode.FUNC_PARAM_OUT, FunctionParameterMode.FUNC_PARAM_TABLE)


def find_identity(
    defined: DefinedObject, node: Node, lookup: Lookup, places: Places
) -> Identity | None:
    """Name the object that a statement defines; it need not be in the catalog."""
    kind = "foreign data wrapper" if defined.kind == "foreign-data wrapper" else defined.kind
    if kind in _GLOBAL:
        return Identity(kind=kind, name=defined.name or "")
    if kind in _FIND:
        return _FIND[kind](node, lookup, places)
    if defined.relation is not None:
        relations = places.relations(_target(node))
        return _member(kind, relations, defined.name or "") if kind in _MEMBERS else None
    place = places.created(defined.schema, defined.name) if defined.name else None
    if place is None:
        return None
    if kind in _PLAIN:
        return Identity(kind=kind, schema=place[0], name=place[1])
    found = lookup.types.get(place) if kind in ("type", "domain") else lookup.relations.get(place)
    return found if found and found.kind == kind else None


_MEMBERS = frozenset({"policy", "rule", "trigger"})


def _target(node: Node) -> Node:
    return node.table if is_a(node, ast.CreatePolicyStmt) else node.relation


def _member(kind: str, relations: tuple[Place, ...], member: str) -> Identity | None:
    if len(relations) != 1:
        return None
    schema, name = relations[0]
    return Identity(kind=kind, schema=schema, name=name, member=member)


def _index(node: Node, lookup: Lookup, places: Places) -> Identity | None:
    relations = places.relations(node.relation)
    if len(relations) != 1:
        return None
    schema, table = relations[0]
    if node.idxname:
        return Identity(kind="index", schema=schema, name=node.idxname)
    columns = index_columns((*node.indexParams, *(node.indexIncludingParams or ())))
    if columns is None:
        return None
    tries = (numbered_name(table, column_addition(columns), "idx", number) for number in (0, 1))
    first, second = (Identity(kind="index", schema=schema, name=name) for name in tries)
    return first if second not in lookup.objects else None


def _routine(node: Node, lookup: Lookup, places: Places) -> Identity | None:
    kind = "procedure" if node.is_procedure else "function"
    return _signed(kind, node.funcname, _inputs(node.parameters), lookup, places)


def _aggregate(node: Node, lookup: Lookup, places: Places) -> Identity | None:
    if node.oldstyle:
        return None
    return _signed("aggregate", node.defnames, _inputs(node.args[0]), lookup, places)


def _inputs(parameters: tuple[Node, ...] | None) -> tuple[Node, ...]:
    return tuple(part.argType for part in parameters or () if part.mode not in _OUTPUTS)


def _signed(
    kind: str, name: tuple[Node, ...], types: tuple[Node, ...], lookup: Lookup, places: Places
) -> Identity | None:
    """Find a routine by its name and the types of its input arguments."""
    schema, bare = name_parts(name)
    place = places.created(schema, names.quote(bare))
    found = [
        identity
        for identity, written in (lookup.routines.get(place, ()) if place else ())
        if identity.kind == kind and len(written) == len(types) and all(map(may_be, types, written))
    ]
    return found[0] if len(found) == 1 else None


def _cast(node: Node, lookup: Lookup, places: Places) -> Identity | None:
    found = [identity for identity in lookup.kinds["cast"] if _is_cast(identity.name, node)]
    return found[0] if len(found) == 1 else None


def _is_cast(name: str, node: Node) -> bool:
    source, _, target = name.removeprefix("(").removesuffix(")").partition(" AS ")
    return may_be(node.sourcetype, source) and may_be(node.targettype, target)


def _operator(node: Node, lookup: Lookup, places: Places) -> Identity | None:
    schema, name = name_parts(node.defnames)
    place = places.created(schema, name)
    options = {option.defname: option.arg for option in node.definition or ()}
    sides = [options.get(side) for side in ("leftarg", "rightarg")]
    found = [
        identity
        for identity in lookup.kinds["operator"]
        if place == (identity.schema, identity.name.partition(" (")[0])
        and _is_operator(identity.name, sides)
    ]
    return found[0] if len(found) == 1 else None


def _is_operator(name: str, sides: list[Node]) -> bool:
    written = name.partition(" (")[2].removesuffix(")").split(", ")
    return len(written) == len(sides) and all(
        may_be(side, type_) if is_a(side, ast.TypeName) else type_ == "NONE"
        for side, type_ in zip(sides, written, strict=True)
    )


_FIND: dict[str, Callable[[Node, Lookup, Places], Identity | None]] = {
    "aggregate": _aggregate,
    "cast": _cast,
    "function": _routine,
    "index": _index,
    "operator": _operator,
    "procedure": _routine,
}
