"""Relations between objects that PostgreSQL keeps as attributes, as objects of their own.

A table's replica identity, its place under a partitioned table, an index's place under a
partitioned index and the column that owns a sequence each tie two objects together. Taken apart,
they get a place of their own in the order of a plan, and objects on both sides of a tie can be
made one after the other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from confiture_core import names
from confiture_core.catalog.model import (
    Catalog,
    Constraint,
    Definition,
    Identity,
    Index,
    Object,
    Sequence,
    Table,
    Trigger,
    View,
)
from confiture_core.diff.operation import Context, Hazard, Kind, Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


_WITH_EXPRESSIONS = frozenset(
    {
        "column",
        "constraint",
        "default",
        "domain constraint",
        "index",
        "materialized view",
        "policy",
        "rule",
        "statistics",
        "trigger",
        "view",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition(Object):
    """A table's place under a partitioned table (kind "partition")."""

    parent: Identity
    bound: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexPartition(Object):
    """The place of an index, or of the one behind a constraint, under a partitioned index."""

    child: Identity  # index or constraint
    parent: Identity

    @property
    def is_key_under_index(self) -> bool:
        """Whether a partition has a key of its own where the table above has but an index."""
        return self.child.kind == "constraint" and self.parent.kind == "index"


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceOwner(Object):
    """The column that a sequence belongs to (kind "sequence owner")."""

    column: Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class TableIndex(Object):
    """An index with a role for its table (kinds "replica identity", "clustered index")."""

    index: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShellType(Object):
    """The name of a base type, which its functions need before it is there (kind "shell type")."""


def with_facts(catalog: Catalog) -> Catalog:
    """Return the catalog with these ties as objects instead of attributes."""
    objects: dict[Identity, Object] = {}
    ties: set[tuple[Identity, Identity]] = set()
    tied: set[Identity] = set()
    for identity, item in catalog.objects.items():
        bare, facts = _split(item)
        objects[identity] = bare
        if facts:
            tied.add(identity)
        for fact, referenced in facts:
            objects[fact.identity] = fact
            ties.add((fact.identity, identity))
            ties.update((fact.identity, other) for other in referenced)
        if isinstance(item, Trigger):
            ties.update((identity, partition) for partition, _ in item.partitions_enabled)
    shells = _shell_types(catalog)
    for shell in shells.values():
        objects[shell] = ShellType(identity=shell)
    pairs = catalog.dependencies
    kept = (pair for pair in pairs if pair[0] not in tied or not _is_tied(*pair, catalog))
    dependencies = frozenset(chain(_with_shells(kept, shells, catalog) if shells else kept, ties))
    return replace(catalog, objects=objects, dependencies=dependencies)


def with_casts(catalog: Catalog) -> Catalog:
    """Let expressions come after the casts whose functions they use.

    PostgreSQL notes the function only, and deparses the call as a cast.
    """
    functions = {
        referenced: dependent
        for dependent, referenced in catalog.dependencies
        if dependent.kind == "cast" and referenced.kind == "function"
    }
    if not functions:
        return catalog
    ties = {
        (dependent, functions[referenced])
        for dependent, referenced in catalog.dependencies
        if referenced in functions and dependent.kind in _WITH_EXPRESSIONS
    }
    return replace(catalog, dependencies=catalog.dependencies | ties)


def parents_of(member: Identity, objects: Mapping[Identity, Object]) -> list[Identity]:
    """Return the tables from which the table of a member inherits."""
    place = objects.get(replace(member, kind="partition", member=""))
    kinds = ("table", "foreign table")
    found = (objects.get(replace(member, kind=kind, member="")) for kind in kinds)
    table = next((each for each in found if each), None)
    parents = [place.parent] if isinstance(place, Partition) else []
    return parents + (list(table.inherits) if isinstance(table, Table) else [])


def root_of(constraint: Constraint, catalog: Catalog) -> Constraint:
    """Return the constraint of which this is a copy, on or about a partition."""
    above = catalog.objects.get(constraint.parent) if constraint.parent else None
    return root_of(above, catalog) if isinstance(above, Constraint) else constraint


def _shell_types(catalog: Catalog) -> dict[Identity, Identity]:
    """Return the shells of the base types, by the types."""
    return {
        identity: replace(identity, kind="shell type")
        for identity, item in catalog.objects.items()
        if identity.kind == "type"
        and isinstance(item, Definition)
        and "\n    INPUT = " in item.definition
    }


def _with_shells(
    pairs: Iterable[tuple[Identity, Identity]],
    shells: Mapping[Identity, Identity],
    catalog: Catalog,
) -> Iterator[tuple[Identity, Identity]]:
    """Let a base type's own functions depend on its shell instead of on itself."""
    for dependent, referenced in pairs:
        shell = shells.get(referenced)
        if shell and (referenced, dependent) in catalog.dependencies:
            yield dependent, shell
            yield referenced, shell
        else:
            yield dependent, referenced
    for type_, shell in shells.items():
        schema = Identity(kind="schema", name=type_.schema)
        yield type_, shell
        yield shell, schema


def _split(item: Object) -> tuple[Object, list[tuple[Object, list[Identity]]]]:
    facts: list[tuple[Object, list[Identity]]] = []
    match item:
        case Table():
            return _split_table(item)
        case Index(parent=Identity() as parent):
            facts.append(_index_partition(item.identity, parent, table=item.table))
            return replace(item, parent=None), facts
        case Constraint(type="p" | "u", parent=Identity() as parent):
            facts.append(_index_partition(item.identity, parent, table=item.identity))
            bare = replace(item, parent=None, is_local=True, is_inherited=False)
            return bare, facts
        case View(clustered_index=str() as index):
            tie = TableIndex(identity=_fact("clustered index", item.identity), index=index)
            facts.append((tie, [Identity(kind="index", schema=item.identity.schema, name=index)]))
            return replace(item, clustered_index=None), facts
        case Sequence(owned_by=Identity() as column):
            owner = SequenceOwner(identity=_fact("sequence owner", item.identity), column=column)
            return replace(item, owned_by=None), [(owner, [column])]
    return item, facts


def _split_table(table: Table) -> tuple[Table, list[tuple[Object, list[Identity]]]]:
    facts: list[tuple[Object, list[Identity]]] = []
    if table.partition_of is not None:
        place = Partition(
            identity=_fact("partition", table.identity),
            parent=table.partition_of,
            bound=table.partition_bound or "",
        )
        facts.append((place, [table.partition_of]))
    for kind, index in _table_indexes(table):
        tie = TableIndex(identity=_fact(kind, table.identity), index=index)
        facts.append((tie, list(_index_identities(table, index))))
    if not facts and table.replica_identity != "i":
        return table, facts
    bare = replace(
        table,
        partition_of=None,
        partition_bound=None,
        clustered_index=None,
        replica_identity_index=None,
        replica_identity="d" if table.replica_identity == "i" else table.replica_identity,
    )
    return bare, facts


def _table_indexes(table: Table) -> Iterator[tuple[str, str]]:
    if table.replica_identity == "i" and table.replica_identity_index:
        yield "replica identity", table.replica_identity_index
    if table.clustered_index:
        yield "clustered index", table.clustered_index


def _index_identities(table: Table, index: str) -> Iterator[Identity]:
    schema, name = table.identity.schema, table.identity.name
    yield Identity(kind="index", schema=schema, name=index)
    yield Identity(kind="constraint", schema=schema, name=name, member=index)


def _index_partition(
    child: Identity, parent: Identity, *, table: Identity
) -> tuple[Object, list[Identity]]:
    place = IndexPartition(
        identity=replace(child, kind=f"{child.kind} partition"), child=child, parent=parent
    )
    # An index has a place under another only when its table has.
    return place, [parent, _fact("partition", table)]


def _fact(kind: str, identity: Identity) -> Identity:
    return Identity(kind=kind, schema=identity.schema, name=identity.name)


def _is_tied(dependent: Identity, referenced: Identity, catalog: Catalog) -> bool:
    """Tell whether the dependency only says what a fact says."""
    match catalog.objects.get(dependent):
        case Table(partition_of=parent):
            return parent is not None and referenced == parent
        case Sequence(owned_by=column):
            return column is not None and (referenced == column or referenced.kind == "table")
        case Index(parent=parent) | Constraint(type="p" | "u", parent=parent):
            return parent is not None and referenced == parent
    return False


def _attach(place: Partition, context: Context) -> tuple[Step, ...]:
    parent, child = context.name(place.parent), context.name(place.identity)
    hazards: tuple[Hazard, ...] = ()
    if replace(place.identity, kind="table") in context.old.objects:
        message = f"rows of {place.identity.qualified} that are not {place.bound} stop it"
        scanned = f"reads all of {place.identity.qualified}"
        hazards = (
            Hazard(kind="scans table", message=scanned),
            Hazard(kind="may fail", message=message),
        )
    sql = f"ALTER TABLE {parent} ATTACH PARTITION {child} {place.bound}"
    return (Step(sql=sql, hazards=hazards),)


def _detach(place: Partition, context: Context) -> tuple[Step, ...]:
    parent, child = context.name(place.parent), context.name(place.identity)
    return (Step(sql=f"ALTER TABLE {parent} DETACH PARTITION {child}"),)


def _attach_index(place: IndexPartition, context: Context) -> tuple[Step, ...]:
    parent, child = (_index_name(side, context) for side in (place.parent, place.child))
    return (Step(sql=f"ALTER INDEX {parent} ATTACH PARTITION {child}"),)


def _index_name(identity: Identity, context: Context) -> str:
    name = identity.member or identity.name
    return context.name(Identity(kind="index", schema=identity.schema, name=name))


def _create_shell(shell: ShellType, context: Context) -> tuple[Step, ...]:
    return (Step(sql=f"CREATE TYPE {context.name(shell.identity)}"),)


def _own(owner: SequenceOwner, context: Context) -> tuple[Step, ...]:
    column = f"{context.name(owner.column)}.{names.quote(owner.column.member)}"
    return (Step(sql=f"ALTER SEQUENCE {context.name(owner.identity)} OWNED BY {column}"),)


def _disown(owner: SequenceOwner, context: Context) -> tuple[Step, ...]:
    return (Step(sql=f"ALTER SEQUENCE {context.name(owner.identity)} OWNED BY NONE"),)


def _own_instead(_: SequenceOwner, new: SequenceOwner, context: Context) -> tuple[Step, ...]:
    return _own(new, context)


def _use_index(tie: TableIndex, context: Context) -> tuple[Step, ...]:
    head, index = _alter_relation(tie, context), names.quote(tie.index)
    if tie.identity.kind == "replica identity":
        return (Step(sql=f"{head} REPLICA IDENTITY USING INDEX {index}"),)
    return (Step(sql=f"{head} CLUSTER ON {index}"),)


def _alter_relation(tie: TableIndex, context: Context) -> str:
    view = replace(tie.identity, kind="materialized view")
    is_view = view in context.new.objects or view in context.old.objects
    word = "MATERIALIZED VIEW" if is_view else "TABLE"
    return f"ALTER {word} {context.name(tie.identity)}"


def _use_no_index(tie: TableIndex, context: Context) -> tuple[Step, ...]:
    head = _alter_relation(tie, context)
    if tie.identity.kind == "clustered index":
        return (Step(sql=f"{head} SET WITHOUT CLUSTER"),)
    table = context.new.objects.get(replace(tie.identity, kind="table"))
    if isinstance(table, Table) and table.replica_identity != "d":
        return ()  # the table's own change says what it is instead
    return (Step(sql=f"{head} REPLICA IDENTITY DEFAULT"),)


def _use_other_index(_: TableIndex, new: TableIndex, context: Context) -> tuple[Step, ...]:
    return _use_index(new, context)


KINDS: dict[type[Object], Kind] = {
    # A new bound is a new place: PostgreSQL cannot change one.
    Partition: Kind(create=_attach, drop=_detach, alter=lambda old, new, context: None),
    # An index leaves its place only with the index itself, or with its table.
    IndexPartition: Kind(
        create=_attach_index, drop=lambda place, context: (), alter=lambda old, new, context: None
    ),
    # Dropping the type takes the shell, and the functions that need it.
    ShellType: Kind(
        create=_create_shell, drop=lambda shell, context: (), alter=lambda old, new, context: ()
    ),
    SequenceOwner: Kind(create=_own, drop=_disown, alter=_own_instead),
    TableIndex: Kind(create=_use_index, drop=_use_no_index, alter=_use_other_index),
}
