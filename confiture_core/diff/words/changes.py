"""What statements change or drop, so that earlier words for it no longer hold.

Only what a CREATE statement can say counts. Owners, privileges, comments, row security, the state
of triggers and rules, and places under a partitioned table have statements of their own anyway.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pglast import ast
from pglast.enums import AlterTableType, ObjectType

from confiture_core import names
from confiture_core.catalog.model import Column, Identity
from confiture_core.diff.words.nodes import Node, is_a
from confiture_core.diff.words.places import name_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from confiture_core.diff.words.lookup import Lookup
    from confiture_core.diff.words.places import Places


_APART = frozenset(
    {
        AlterTableType.AT_AddColumn,
        AlterTableType.AT_AddConstraint,
        AlterTableType.AT_AttachPartition,
        AlterTableType.AT_ChangeOwner,
        AlterTableType.AT_ClusterOn,
        AlterTableType.AT_DisableRowSecurity,
        AlterTableType.AT_DisableRule,
        AlterTableType.AT_DisableTrig,
        AlterTableType.AT_DisableTrigAll,
        AlterTableType.AT_DisableTrigUser,
        AlterTableType.AT_DropCluster,
        AlterTableType.AT_EnableAlwaysRule,
        AlterTableType.AT_EnableAlwaysTrig,
        AlterTableType.AT_EnableReplicaRule,
        AlterTableType.AT_EnableReplicaTrig,
        AlterTableType.AT_EnableRowSecurity,
        AlterTableType.AT_EnableRule,
        AlterTableType.AT_EnableTrig,
        AlterTableType.AT_EnableTrigAll,
        AlterTableType.AT_EnableTrigUser,
        AlterTableType.AT_ForceRowSecurity,
        AlterTableType.AT_NoForceRowSecurity,
        AlterTableType.AT_ReplicaIdentity,
    }
)
_OF_A_COLUMN = frozenset(
    {
        AlterTableType.AT_AddIdentity,
        AlterTableType.AT_AlterColumnGenericOptions,
        AlterTableType.AT_AlterColumnType,
        AlterTableType.AT_ColumnDefault,
        AlterTableType.AT_DropColumn,
        AlterTableType.AT_DropExpression,
        AlterTableType.AT_DropIdentity,
        AlterTableType.AT_DropNotNull,
        AlterTableType.AT_ResetOptions,
        AlterTableType.AT_SetCompression,
        AlterTableType.AT_SetExpression,
        AlterTableType.AT_SetIdentity,
        AlterTableType.AT_SetNotNull,
        AlterTableType.AT_SetOptions,
        AlterTableType.AT_SetStatistics,
        AlterTableType.AT_SetStorage,
    }
)
_OF_A_CONSTRAINT = frozenset(
    {AlterTableType.AT_DropConstraint, AlterTableType.AT_ValidateConstraint}
)
_DETACHED = frozenset(
    {AlterTableType.AT_DetachPartition, AlterTableType.AT_DetachPartitionFinalize}
)
_MEMBER_TYPES = frozenset(
    {ObjectType.OBJECT_POLICY, ObjectType.OBJECT_RULE, ObjectType.OBJECT_TRIGGER}
)
_RELATION_TYPES = frozenset(
    {
        ObjectType.OBJECT_DOMAIN,
        ObjectType.OBJECT_FOREIGN_TABLE,
        ObjectType.OBJECT_INDEX,
        ObjectType.OBJECT_MATVIEW,
        ObjectType.OBJECT_SEQUENCE,
        ObjectType.OBJECT_TABLE,
        ObjectType.OBJECT_TYPE,
        ObjectType.OBJECT_VIEW,
    }
)
_WITH_COLUMNS = frozenset({AlterTableType.AT_AddColumn, AlterTableType.AT_DropColumn})


def changed(node: Node, lookup: Lookup, places: Places) -> Iterator[Identity]:
    """Yield the objects that a statement changes, or drops."""
    change = _CHANGES.get(type(node))
    if change is not None:
        yield from change(node, lookup, places)
    elif type(node) in _NAMED_BY:
        yield from _by_name(getattr(node, _NAMED_BY[type(node)]), lookup)


def renamed(node: Node) -> frozenset[str]:
    """Return the old names that the words from before a renaming must not contain together."""
    if is_a(node, ast.AlterObjectSchemaStmt):
        return frozenset({_bare(node.relation or node.object)})
    if not is_a(node, ast.RenameStmt):
        return frozenset()
    relation = node.relation.relname if node.relation else None
    if node.subname:  # of a member, or of a schema, a role, …
        return frozenset({node.subname, relation or node.subname})
    return frozenset({relation or _bare(node.object)})


def changes_columns(node: Node) -> bool:
    """Tell whether `SELECT *` gives other columns after the statement."""
    return is_a(node, ast.AlterTableStmt) and any(
        command.subtype in _WITH_COLUMNS for command in node.cmds
    )


def _alter_table(node: Node, lookup: Lookup, places: Places) -> Iterator[Identity]:
    if node.objtype == ObjectType.OBJECT_TYPE:
        for place in places.named(node.relation.schemaname, node.relation.relname, lookup.types):
            yield lookup.types[place]
        return
    for place in places.relations(node.relation):
        relation = lookup.relations[place]
        for command in node.cmds:
            yield from _alter(command, relation, lookup)


def _alter(command: Node, relation: Identity, lookup: Lookup) -> Iterator[Identity]:
    if command.subtype in _APART:
        return
    if command.subtype in _OF_A_COLUMN and command.name:
        column = replace(relation, kind="column", member=command.name)
        yield column
        for heir in lookup.heirs(relation):
            own = replace(heir, kind="column", member=command.name)
            inherited = lookup.objects.get(own)
            if isinstance(inherited, Column) and inherited.is_local:
                yield own
    elif command.subtype in _OF_A_CONSTRAINT:
        yield replace(relation, kind="constraint", member=command.name)
    elif command.subtype == AlterTableType.AT_AlterConstraint:
        yield replace(relation, kind="constraint", member=command.def_.conname)
    elif command.subtype in _DETACHED:
        yield from _by_name(command.def_.name.relname, lookup)
    else:
        yield relation


def _drop(node: Node, lookup: Lookup, places: Places) -> Iterator[Identity]:
    for dropped in node.objects:
        if is_a(dropped, ast.ObjectWithArgs):
            yield from _routines(dropped, lookup, places)
        elif node.removeType in _MEMBER_TYPES:
            yield from _dropped_members(dropped, lookup, places)
        elif node.removeType == ObjectType.OBJECT_SCHEMA:
            yield from (i for i in lookup.objects if dropped.sval in (i.schema, i.name))
        elif node.removeType in _RELATION_TYPES:
            yield from _dropped_relation(dropped, lookup, places)
        else:
            yield from _by_name(dropped, lookup)


def _dropped_relation(node: Node, lookup: Lookup, places: Places) -> Iterator[Identity]:
    schema, name = name_parts(node.names if is_a(node, ast.TypeName) else node)
    for identities in (lookup.relations, lookup.types):
        for place in places.named(schema, name, identities):
            yield from lookup.whole(identities[place])


def _dropped_members(parts: tuple[Node, ...], lookup: Lookup, places: Places) -> Iterator[Identity]:
    schema, name = name_parts(parts[:-1])
    for place in places.named(schema, name, lookup.relations):
        yield from (i for i in lookup.members[place] if i.member == parts[-1].sval)


def _alter_function(node: Node, lookup: Lookup, places: Places) -> Iterator[Identity]:
    yield from _routines(node.func, lookup, places)


def _routines(node: Node, lookup: Lookup, places: Places) -> Iterator[Identity]:
    """Yield all routines, and operators, that a name can mean, whatever their arguments."""
    schema, name = name_parts(node.objname)
    for place in places.named(schema, names.quote(name), lookup.routines):
        yield from (identity for identity, _ in lookup.routines[place])


def _alter_sequence(node: Node, lookup: Lookup, places: Places) -> Iterator[Identity]:
    if all(option.defname == "owned_by" for option in node.options or ()):
        return  # a tie of its own
    for place in places.relations(node.sequence):
        yield lookup.relations[place]


def _alter_domain(node: Node, lookup: Lookup, places: Places) -> Iterator[Identity]:
    schema, name = name_parts(node.typeName)
    for place in places.named(schema, name, lookup.types):
        domain = lookup.types[place]
        if node.subtype in ("V", "X"):
            yield replace(domain, kind="domain constraint", member=node.name)
        elif node.subtype != "C":
            yield domain


def _alter_policy(node: Node, lookup: Lookup, places: Places) -> Iterator[Identity]:
    for schema, name in places.relations(node.table):
        yield Identity(kind="policy", schema=schema, name=name, member=node.policy_name)


def _by_name(node: Node, lookup: Lookup) -> Iterator[Identity]:
    """Yield everything of that name, in any schema and of any kind: rather too much."""
    yield from lookup.by_name.get(_bare(node), ())


def _bare(node: Node) -> str:
    if isinstance(node, str):
        return node
    if isinstance(node, tuple):
        return _bare(node[-1]) if node else ""
    for field in ("relname", "names", "objname", "sval"):
        if value := getattr(node, field, None):
            return _bare(value)
    return ""


def _moved(node: Node, lookup: Lookup, places: Places) -> Iterator[Identity]:
    yield from _by_name(node.relation or node.object, lookup)
    if is_a(node, ast.RenameStmt):  # what had the new name before is gone
        yield from _by_name(node.newname, lookup)


_CHANGES: dict[type[ast.Node], Callable[[Node, Lookup, Places], Iterator[Identity]]] = {
    ast.AlterDomainStmt: _alter_domain,
    ast.AlterFunctionStmt: _alter_function,
    ast.AlterObjectSchemaStmt: _moved,
    ast.AlterPolicyStmt: _alter_policy,
    ast.AlterSeqStmt: _alter_sequence,
    ast.AlterTableStmt: _alter_table,
    ast.DropStmt: _drop,
    ast.RenameStmt: _moved,
}
# Statements that change objects of rarer kinds, and the field with the name.
_NAMED_BY: dict[type[ast.Node], str] = {
    ast.AlterExtensionStmt: "extname",
    ast.AlterFdwStmt: "fdwname",
    ast.AlterForeignServerStmt: "servername",
    ast.AlterOpFamilyStmt: "opfamilyname",
    ast.AlterPublicationStmt: "pubname",
    ast.AlterStatsStmt: "defnames",
    ast.AlterTSConfigurationStmt: "cfgname",
    ast.AlterTSDictionaryStmt: "dictname",
    ast.AlterTypeStmt: "typeName",
}
