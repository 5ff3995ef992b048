"""From two catalogs to operations: what is created, dropped, altered in place, and replaced.

Most of it is three set operations over identities. The rest is the law that an object which
cannot be altered in place takes with it what depends on it: replacement spreads along the old
catalog's dependencies, and stops at tables' columns, which change their type instead.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from confiture_core.catalog.model import (
    Catalog,
    Column,
    Constraint,
    Default,
    Identity,
    Index,
    Object,
    Policy,
    Publication,
    RelationColumn,
    Routine,
    Rule,
    Sequence,
    Table,
    Trigger,
    View,
)
from confiture_core.diff import casts
from confiture_core.diff.columns import stays_heir
from confiture_core.diff.facts import IndexPartition, Partition, parents_of, with_casts, with_facts
from confiture_core.diff.kinds import alter
from confiture_core.diff.operation import Context, Operation
from confiture_core.diff.types import are_attributes_alterable, tightened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# Types and collations are renamed away while columns still use them.
RENAMED_KINDS = frozenset({"type", "domain", "collation"})

Reason = Literal["gone", "replaced", "retyped"]


def context_of(
    old: Catalog, new: Catalog, *, short_names: bool = True, attach_indexes: bool = False
) -> Context:
    """Prepare two catalogs for comparison."""
    tables = (
        item
        for catalog in (old, new)
        for item in catalog.objects.values()
        if isinstance(item, Table)
    )
    parents = {p for table in tables for p in (table.partition_of, *table.inherits) if p}
    return Context(
        old=with_facts(old),
        new=with_casts(with_facts(new)),
        short_names=short_names,
        parents=frozenset(parents),
        attach_indexes=attach_indexes,
    )


def compare(context: Context) -> tuple[Operation, ...]:
    """Return the operations from the context's old catalog to its new one, unordered."""
    old, new = context.old.objects, context.new.objects
    spread = _Spread(context)
    spread.run()
    operations = [
        Operation(identity=i, old=old[i], renames=i in spread.renamed)
        for i in old.keys() - new.keys()
    ]
    operations += [
        Operation(identity=i, new=new[i], renames=namesake(i) in spread.renamed)
        for i in new.keys() - old.keys()
    ]
    for identity in sorted(spread.replaced):
        renames = identity in spread.renamed
        operations.append(Operation(identity=identity, old=old[identity], renames=renames))
        operations.append(Operation(identity=identity, new=new[identity], renames=renames))
    for identity in (spread.changed | spread.retyped) - spread.replaced:
        operations.append(
            Operation(
                identity=identity,
                old=old[identity],
                new=new[identity],
                retypes=identity in spread.retyped,
            )
        )
    return tuple(_without_inherited(operations, context))


@dataclass(slots=True)
class _Spread:
    """The objects that are replaced, found by following the old catalog's dependencies."""

    context: Context
    changed: set[Identity] = field(default_factory=set)
    replaced: set[Identity] = field(default_factory=set)
    retyped: set[Identity] = field(default_factory=set)  # columns whose type is replaced
    renamed: set[Identity] = field(default_factory=set)  # types that columns go on using meanwhile
    _seen: set[tuple[Identity, Reason]] = field(default_factory=set)
    _dependents: dict[Identity, list[Identity]] = field(default_factory=dict)

    def run(self) -> None:
        old, new = self.context.old.objects, self.context.new.objects
        dependents: dict[Identity, list[Identity]] = defaultdict(list)
        for dependent, referenced in self.context.old.dependencies:
            dependents[referenced].append(dependent)
        self._dependents = dependents
        both = old.keys() & new.keys()
        self.changed = {identity for identity in both if old[identity] != new[identity]}
        for identity in sorted(old.keys() - new.keys()):
            self._follow(identity, "replaced" if namesake(identity) in new else "gone")
        for identity in sorted(self._stuck(both)):
            self._replace(identity)
        for identity in sorted(self.changed):
            if alter(old[identity], new[identity], self.context) is None:
                self._replace(identity)
            elif _changes_type(old[identity], new[identity]):
                self._follow(identity, "retyped")
        for identity in sorted(i for i in old if isinstance(old[i], IndexPartition)):
            if identity not in new or identity in self.changed:
                self._replace_left_behind(identity)
        self._rename_inner_types()

    def _stuck(self, both: Iterable[Identity]) -> Iterator[Identity]:
        """Yield the types that cannot be altered, though what they are made of could."""
        for identity in both:
            if identity.kind == "type" and not are_attributes_alterable(identity, self.context):
                yield identity
        for identity in tightened(self.context):
            if self._is_held_inside(identity):
                yield identity

    def _is_held_inside(self, domain: Identity) -> bool:
        """Tell whether columns hold the domain in arrays or rows, where PostgreSQL looks not."""
        for dependent in self._dependents.get(domain, ()):
            item = self.context.old.objects[dependent]
            if isinstance(item, Column) and item.type != domain.qualified:
                return True
            if isinstance(item, RelationColumn):
                row = replace(dependent, kind="type", member="")
                if any(other.kind == "column" for other in self._dependents.get(row, ())):
                    return True
        return False

    def _replace_left_behind(self, tie: Identity) -> None:
        """Replace what goes only together, an index and the one above, while the tables stay."""
        old, new = self.context.old.objects, self.context.new.objects
        item = old[tie]
        assert isinstance(item, IndexPartition)
        index = old[item.child]
        table = index.table if isinstance(index, Index) else item.child
        place = replace(table, kind="partition", member="")
        if place in new and old.get(place) == new[place]:
            for one in (item.child, item.parent):
                if one in new:
                    self._replace(one)

    def _rename_inner_types(self) -> None:
        """Keep for a time, with a type that columns go on using, the types that it is made of."""
        waiting = [i for i in self.renamed if i.kind in RENAMED_KINDS]
        if not waiting:
            return
        references: dict[Identity, list[Identity]] = defaultdict(list)
        for dependent, referenced in self.context.old.dependencies:
            if dependent.kind in ("type", "domain", "column"):
                references[replace(dependent, member="")].append(referenced)
        while waiting:
            outer = waiting.pop()
            for member in (outer, replace(outer, kind="column")):
                for inner in references[member]:
                    is_kept = inner.kind in RENAMED_KINDS and inner not in self.renamed
                    if inner in self.replaced and is_kept:
                        self.renamed.add(inner)
                        waiting.append(inner)

    def _replace(self, identity: Identity) -> None:
        if identity in self.replaced:
            return
        self.replaced.add(identity)
        item = self.context.old.objects[identity]
        shell = replace(identity, kind="shell type")
        if identity.kind == "type" and shell in self.context.old.objects:
            self._replace(shell)
        if isinstance(item, Table) and not item.server:
            # Its rows are copied from the old table, and with it from the old partitions.
            self.renamed.add(identity)
            for child in self._partitions_on_both_sides(identity):
                self._replace(child)
        self._follow(identity, "replaced")

    def _partitions_on_both_sides(self, table: Identity) -> Iterator[Identity]:
        for identity, item in self.context.old.objects.items():
            if isinstance(item, Partition) and item.parent == table:
                after = self.context.new.objects.get(identity)
                if isinstance(after, Partition) and after.parent == table:
                    yield replace(identity, kind="table")

    def _follow(self, cause: Identity, reason: Reason) -> None:
        if (cause, reason) in self._seen:
            return
        self._seen.add((cause, reason))
        for identity in self._dependents.get(cause, ()):
            if identity in self.context.new.objects:
                self._react(identity, cause, reason)
            elif reason == "replaced" and identity.kind == "column":
                self._follow(identity, "replaced")  # one that the replaced view had

    def _react(self, identity: Identity, cause: Identity, reason: Reason) -> None:
        item = self.context.old.objects[identity]
        if isinstance(item, RelationColumn):
            self._react_relation_column(identity, cause, reason)
            return
        if isinstance(item, Column):
            self._react_column(item, cause, reason)
            return
        match reason:
            case "gone":
                if identity not in self.changed and not isinstance(item, Table | Sequence):
                    self._replace(identity)
            case "replaced":
                if not _stays(item, cause):
                    self._replace(identity)
            case "retyped":
                if self._breaks(item, cause):
                    self._replace(identity)

    def _react_relation_column(self, identity: Identity, cause: Identity, reason: Reason) -> None:
        relation = _relation(identity, self.context.old, ("view", "materialized view", "type"))
        if relation and cause == relation and reason != "retyped":
            self._replace(identity)  # where it is gone, one of another kind has its name
        elif relation and cause != relation and reason != "gone":
            self._replace(relation)

    def _react_column(self, column: Column, cause: Identity, reason: Reason) -> None:
        identity = column.identity
        if reason == "gone":
            if column.generated and identity not in self.changed and cause.kind != "column":
                self._replace(identity)
            return
        if cause.kind in ("table", "foreign table") and cause.name == identity.name:
            self._replace(identity)
        elif cause.kind in RENAMED_KINDS and reason == "replaced":
            self.renamed.add(cause)
            self.retyped.add(identity)
            self._follow(identity, "retyped")
        elif cause.kind == "column" and cause.name != identity.name:  # of a parent table
            if reason == "retyped":
                self._follow(identity, "retyped")
        elif column.generated:
            self._replace(identity)

    def _breaks(self, item: Object, cause: Identity) -> bool:
        """Tell whether the object stands in the way of a new type for the column `cause`."""
        match item:
            case View() | Rule() | Policy() | Trigger() | Routine() | Publication():
                return True
            case Default() | Constraint() | Index():
                if isinstance(item, Constraint) and item.type in "pu":
                    return False
                return cause in self.retyped or not self._is_close(cause)
        return False

    def _is_close(self, column: Identity) -> bool:
        before, after = (side.objects[column] for side in (self.context.old, self.context.new))
        if isinstance(before, Column) and isinstance(after, Column):
            return casts.same_family(before.type, after.type)
        return True


def _changes_type(old: Object, new: Object) -> bool:
    if isinstance(old, Column | RelationColumn) and isinstance(new, Column | RelationColumn):
        return (old.type, old.collation) != (new.type, new.collation)
    return False


def _stays(item: Object, cause: Identity) -> bool:
    """Tell whether a dependent outlives the replacement of `cause`.

    Tables and sequences are never made again because of something they refer to; their own
    operations, or the proof of the plan, have to deal with it.
    """
    if isinstance(item, Table):
        return cause.kind not in ("table", "foreign table", "server")
    return isinstance(item, Sequence) or cause.kind == "schema"


def namesake(identity: Identity) -> Identity | None:
    """Return the domain that would take the place of a type, and the other way round."""
    other = {"type": "domain", "domain": "type"}.get(identity.kind)
    return replace(identity, kind=other) if other else None


def _relation(member: Identity, catalog: Catalog, kinds: Iterable[str]) -> Identity | None:
    for kind in kinds:
        identity = replace(member, kind=kind, member="")
        if identity in catalog.objects:
            return identity
    return None


def _without_inherited(operations: list[Operation], context: Context) -> Iterator[Operation]:
    """Leave out of columns' changes what reaches them from the same change of a parent."""
    changes = {op.identity: op for op in operations if op.action == "alter"}
    yield from _kept_not_null(operations, changes, context)
    for operation in operations:
        old, new = operation.old, operation.new
        if _is_of_type(operation.identity, context):
            if operation.action != "alter":
                continue
            if isinstance(old, Column) and isinstance(new, Column):
                old = replace(old, type=new.type, collation=new.collation)
            yield replace(operation, old=old, retypes=False)
            continue
        if not (isinstance(old, Column) and isinstance(new, Column) and stays_heir(old, new)):
            yield operation
            continue
        for parent in _parent_columns(new.identity, context.new):
            change = changes.get(parent)
            if change and isinstance(change.old, Column) and isinstance(change.new, Column):
                old = _follow_parent(old, new, change.old, change.new)
        yield replace(operation, old=old)


def _kept_not_null(
    operations: list[Operation], changes: Mapping[Identity, Operation], context: Context
) -> Iterator[Operation]:
    """Make columns NOT NULL again that lose it with their parent's, and are to keep it."""
    loosened = {
        i: op.old
        for i, op in changes.items()
        if isinstance(op.old, Column) and isinstance(op.new, Column)
        if op.old.not_null > op.new.not_null
    }
    if not loosened:
        return
    touched = {operation.identity for operation in operations}
    for identity, item in context.new.objects.items():
        if not (isinstance(item, Column) and item.is_inherited and item.not_null):
            continue
        if identity not in touched and any(
            parent in loosened for parent in _parent_columns(identity, context.new)
        ):
            yield Operation(identity=identity, old=replace(item, not_null=False), new=item)


def _is_of_type(column: Identity, context: Context) -> bool:
    """Tell whether the column is one that a typed table, on both sides, has from its type."""
    if column.kind != "column":
        return False
    table = replace(column, kind="table", member="")
    sides = (context.old.objects.get(table), context.new.objects.get(table))
    return all(isinstance(side, Table) and side.of_type for side in sides)


def _parent_columns(column: Identity, catalog: Catalog) -> Iterator[Identity]:
    for parent in parents_of(column, catalog.objects):
        yield replace(column, schema=parent.schema, name=parent.name)


def _follow_parent(old: Column, new: Column, before: Column, after: Column) -> Column:
    if before.not_null != after.not_null and new.not_null == after.not_null:
        old = replace(
            old,
            not_null=new.not_null,
            not_null_name=new.not_null_name,
            not_null_is_local=new.not_null_is_local,
            not_null_no_inherit=new.not_null_no_inherit,
            not_null_valid=new.not_null_valid,
        )
    elif before.not_null > after.not_null:
        old = replace(old, not_null=False)  # PostgreSQL takes it from the heirs as well
    # From PostgreSQL 17 on, partitions have their table's sequence.
    if before.identity_kind != after.identity_kind and new.identity_sequence is None:
        old = replace(old, identity_kind=new.identity_kind)
    if before.expression != after.expression and new.expression == after.expression:
        old = replace(old, expression=new.expression, generated=new.generated)
    return old
