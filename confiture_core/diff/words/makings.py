"""What each kind of CREATE statement makes, as objects of the catalog."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from pglast import ast
from pglast.enums import AlterTableType, ConstrType, ObjectType

from confiture_core.catalog.model import (
    Domain,
    Enum,
    EventTrigger,
    Identity,
    Rule,
    Trigger,
    View,
)
from confiture_core.diff.words.constraints import declared_constraints
from confiture_core.diff.words.generated import numbered_name
from confiture_core.diff.words.identities import find_identity
from confiture_core.diff.words.nodes import Node, is_a
from confiture_core.diff.words.places import name_parts
from confiture_core.diff.words.tables import Covers, constraint_heirs, table_covers
from confiture_core.diff.words.text import alter_table_actions, statement_text
from confiture_core.diff.words.type_names import may_be
from confiture_core.statements import defined_object

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from confiture_core.diff.words.lookup import Lookup
    from confiture_core.diff.words.places import Places
    from confiture_core.statements import Statement


class Making(NamedTuple):
    """An object that a statement makes, in the author's words."""

    identity: Identity
    covers: Covers | None  # None: the words are not what the catalog has
    sql: str = ""
    start: int = 0  # of the words in the statement


def objects_made(statement: Statement, lookup: Lookup, places: Places) -> Iterator[Making]:
    """Yield what the statement makes; nothing for what is not in the catalog."""
    node: Node = statement.node
    if is_a(node, ast.AlterTableStmt):
        yield from _constraints_added(statement, lookup, places)
    elif is_a(node, ast.AlterDomainStmt):
        yield from _domain_constraint_added(statement, lookup, places)
    elif not _is_temporary(node):
        defined = defined_object(statement)
        identity = defined and find_identity(defined, node, lookup, places)
        if identity and identity in lookup.objects:
            covers = _covers(node, identity, lookup, places)
            yield Making(identity, covers, _text(statement) if covers else "")


def temporary_relation(node: Node) -> str | None:
    """Return the name of the temporary relation that a statement makes."""
    return _relation(node).relname if _is_temporary(node) else None


def _relation(node: Node) -> Node:
    if is_a(node, ast.CreateTableAsStmt):
        return node.into.rel
    field = _RELATION_FIELDS.get(type(node))
    return getattr(node, field) if field else None


_RELATION_FIELDS: dict[type[ast.Node], str] = {
    ast.CreateSeqStmt: "sequence",
    ast.CreateStmt: "relation",
    ast.ViewStmt: "view",
}


def _is_temporary(node: Node) -> bool:
    relation = _relation(node)
    return relation is not None and relation.relpersistence == "t"


def _text(statement: Statement) -> str:
    """Tidy the words: they must not hide what is there, nor need to run outside a transaction."""
    node: Node = statement.node
    without: list[tuple[str, ...]] = []
    if getattr(node, "if_not_exists", False) and not is_a(node, ast.CreateExtensionStmt):
        without.append(("IF_P", "NOT", "EXISTS"))
    if is_a(node, ast.IndexStmt) and node.concurrent:
        without.append(("CONCURRENTLY",))
    return statement_text(statement.sql, without=without)


def _covers(node: Node, identity: Identity, lookup: Lookup, places: Places) -> Covers | None:
    """Return what the statement makes along with the object, if the object is still so."""
    if is_a(node, ast.CreateStmt):
        return table_covers(node, identity, lookup, places)
    if is_a(node, ast.CreateForeignTableStmt):
        return table_covers(node.base, identity, lookup, places)
    covers = _COVERS.get(type(node), _plain_covers)
    return covers(node, identity, lookup)


def _plain_covers(node: Node, identity: Identity, lookup: Lookup) -> Covers:
    return Covers(frozenset({identity}))


def _enabled_covers(node: Node, identity: Identity, lookup: Lookup) -> Covers | None:
    # What is not in its first state takes a statement more, which the words do not have.
    item = lookup.objects[identity]
    is_enabled = isinstance(item, EventTrigger | Rule | Trigger) and item.enabled == "O"
    return Covers(frozenset({identity})) if is_enabled else None


def _schema_covers(node: Node, identity: Identity, lookup: Lookup) -> Covers | None:
    return None if node.schemaElts else Covers(frozenset({identity}))


def _defined_covers(node: Node, identity: Identity, lookup: Lookup) -> Covers | None:
    # A base type has a shell and functions before it.
    return None if node.kind == ObjectType.OBJECT_TYPE else Covers(frozenset({identity}))


def _index_covers(node: Node, identity: Identity, lookup: Lookup) -> Covers:
    return Covers(frozenset({identity}), frozenset(lookup.attached(identity)))


def _view_covers(node: Node, identity: Identity, lookup: Lookup) -> Covers | None:
    columns = lookup.attributes((identity.schema, identity.name)).values()
    return Covers(frozenset({identity, *(column.identity for column in columns)}))


def _made_by_query(node: Node, identity: Identity, lookup: Lookup) -> Covers | None:
    item = lookup.objects[identity]
    if not isinstance(item, View) or item.is_populated == node.into.skipData:
        return None  # a table would bring its rows along
    return _view_covers(node, identity, lookup)


def _enum_covers(node: Node, identity: Identity, lookup: Lookup) -> Covers | None:
    item = lookup.objects[identity]
    labels = tuple(value.sval for value in node.vals or ())
    is_same = isinstance(item, Enum) and item.labels == labels
    return Covers(frozenset({identity})) if is_same else None


def _composite_covers(node: Node, identity: Identity, lookup: Lookup) -> Covers | None:
    found = lookup.attributes((identity.schema, identity.name)).values()
    ordered = sorted(found, key=lambda attribute: attribute.position)
    said = node.coldeflist or ()
    is_same = len(said) == len(ordered) and all(
        column.colname == attribute.identity.member and may_be(column.typeName, attribute.type)
        for column, attribute in zip(said, ordered, strict=True)
    )
    return Covers(frozenset({identity, *(part.identity for part in ordered)})) if is_same else None


def _sequence_covers(node: Node, identity: Identity, lookup: Lookup) -> Covers:
    tie = lookup.tie("sequence owner", identity)
    is_owned = any(option.defname == "owned_by" for option in node.options or ())
    return Covers(frozenset({identity}) | (tie if is_owned else frozenset()))


def _domain_covers(node: Node, identity: Identity, lookup: Lookup) -> Covers | None:
    item = lookup.objects[identity]
    kinds = {constraint.contype for constraint in node.constraints or ()}
    checks = [part for part in node.constraints or () if part.contype == ConstrType.CONSTR_CHECK]
    if not (
        isinstance(item, Domain)
        and may_be(node.typeName, item.base_type)
        and item.not_null == (ConstrType.CONSTR_NOTNULL in kinds)
        and (item.default is None or ConstrType.CONSTR_DEFAULT in kinds)
    ):
        return None
    constraints = [*_domain_checks(checks, identity)]
    if len(lookup.existing(*constraints)) != len(checks):
        return None
    if any(
        lookup.is_ambiguous(identity)
        for identity, check in zip(constraints, checks, strict=True)
        if not check.conname
    ):
        return None
    return Covers(frozenset({identity, *constraints}))


def _domain_checks(checks: list[Node], domain: Identity) -> Iterator[Identity]:
    number = 0
    for check in checks:
        name = check.conname or numbered_name(domain.name, None, "check", number)
        number += not check.conname
        yield replace(domain, kind="domain constraint", member=name)


def _domain_constraint_added(
    statement: Statement, lookup: Lookup, places: Places
) -> Iterator[Making]:
    node: Node = statement.node
    schema, name = name_parts(node.typeName)
    domains = places.named(schema, name, lookup.types)
    if node.subtype != "C" or len(domains) != 1 or node.def_.contype != ConstrType.CONSTR_CHECK:
        return
    [identity] = _domain_checks([node.def_], lookup.types[domains[0]])
    if identity in lookup.objects:
        yield Making(identity, Covers(frozenset({identity})), statement_text(statement.sql))


_COVERS: dict[type[ast.Node], Callable[[Node, Identity, Lookup], Covers | None]] = {
    ast.CompositeTypeStmt: _composite_covers,
    ast.CreateDomainStmt: _domain_covers,
    ast.CreateEnumStmt: _enum_covers,
    ast.CreateEventTrigStmt: _enabled_covers,
    ast.CreateSchemaStmt: _schema_covers,
    ast.CreateSeqStmt: _sequence_covers,
    ast.CreateTableAsStmt: _made_by_query,
    ast.CreateTrigStmt: _enabled_covers,
    ast.DefineStmt: _defined_covers,
    ast.IndexStmt: _index_covers,
    ast.RuleStmt: _enabled_covers,
    ast.SelectStmt: lambda node, identity, lookup: None,
    ast.ViewStmt: _view_covers,
}


def _constraints_added(statement: Statement, lookup: Lookup, places: Places) -> Iterator[Making]:
    """Yield the constraints of ALTER TABLE … ADD, each in a statement of its own."""
    node: Node = statement.node
    relations = places.relations(node.relation)
    if len(relations) != 1:
        return
    table = lookup.relations[relations[0]]
    additions = [
        (number, command.def_)
        for number, command in enumerate(node.cmds)
        if command.subtype == AlterTableType.AT_AddConstraint
    ]
    if not additions:
        return
    head, actions = alter_table_actions(statement.sql)
    found = {
        part.element: part.identity
        for part in declared_constraints([added for _, added in additions], table, lookup, places)
    }
    for order, (number, added) in enumerate(additions):
        identity = found.get(order)
        if identity and not added.indexname and len(actions) == len(node.cmds):
            covers = Covers(frozenset({identity}), constraint_heirs(identity, lookup))
            action = actions[number]
            yield Making(identity, covers, head + action.text, action.start)
