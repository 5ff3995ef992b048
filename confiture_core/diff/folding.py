"""Which operations become part of another's statement.

A fold maps an operation to the one whose statement does it too: CREATE TABLE makes its columns,
DROP TABLE takes its indexes along, a change of a parent table reaches its partitions.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from confiture_core.catalog.model import (
    Column,
    Constraint,
    Default,
    DomainConstraint,
    Identity,
    Index,
    Policy,
    RelationColumn,
    Rule,
    Sequence,
    Table,
    Trigger,
)
from confiture_core.diff import sequences
from confiture_core.diff.constraints import merged
from confiture_core.diff.facts import (
    IndexPartition,
    Partition,
    SequenceOwner,
    TableIndex,
    parents_of,
    root_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confiture_core.diff.operation import Context, Operation
    from confiture_core.diff.words import Words

Key = tuple[Identity, str]

_TABLE_KINDS = ("table", "foreign table")
_RELATION_KINDS = (*_TABLE_KINDS, "view", "materialized view", "type")


def fold(
    operations: tuple[Operation, ...],
    context: Context,
    words: Mapping[Identity, Words],
    unfolded: set[Key],
) -> dict[Key, Key]:
    """Map each operation to the one that leads its group; a leader to itself."""
    by_key = {operation.key: operation for operation in operations}
    folder = _Folder(by_key, context, frozenset(unfolded), merged(operations))
    for operation in operations:
        if operation.key in unfolded:
            continue
        match operation.action:
            case "create":
                folder.fold_creation(operation)
            case "drop":
                folder.fold_drop(operation)
    for identity, quoted in words.items():
        folder.fold_words(identity, quoted)
    return {key: folder.leader(key) for key in folder.operations}


@dataclass(slots=True)
class _Folder:
    operations: Mapping[Key, Operation]
    context: Context
    unfolded: frozenset[Key]
    merged: frozenset[Identity]  # keys
    homes: dict[Key, Key] = field(default_factory=dict)
    _owners: dict[Identity, list[Identity]] | None = None

    def leader(self, key: Key) -> Key:
        seen = {key}
        while key in self.homes:
            key = self.homes[key]
            if key in seen:
                return key
            seen.add(key)
        return key

    def fold_words(self, identity: Identity, words: Words) -> None:
        """Fold what the author's statement makes into it."""
        home = (identity, "create")
        if home not in self.operations:
            return
        if home in self.homes and identity.kind == "column":
            return  # the table's own statement makes it
        for covered in words.covers:
            key = (covered, "create")
            if covered == identity or key not in self.operations or key in self.homes:
                continue
            if self.leader(home) != key:
                self.homes[key] = home

    def fold_creation(self, operation: Operation) -> None:
        identity, item = operation.identity, operation.new
        match item:
            case Column():
                self._fold(operation, self._inherited_home(item) or self._relation(identity))
            case RelationColumn():
                self._fold(operation, self._relation(identity))
            case Default():
                self._fold_default(operation, item)
            case Constraint():
                self._fold_constraint(operation, item)
            case Index():
                self._fold_index(operation, replace(identity, kind="index partition"))
            case IndexPartition():
                self._fold_attachment(operation, item)
            case Partition() if not self.context.attach_indexes:
                self._fold(operation, (replace(identity, kind="table"), "create"))
            case SequenceOwner():
                self._fold_serial(operation, item)
            case DomainConstraint():
                self._fold(operation, (replace(identity, kind="domain", member=""), "create"))

    def _fold(self, operation: Operation, home: Key | None) -> None:
        if home and home in self.operations and home != operation.key:
            self.homes[operation.key] = home

    def _relation(self, member: Identity, action: str = "create") -> Key | None:
        for kind in _RELATION_KINDS:
            key = (replace(member, kind=kind, member=""), action)
            if key in self.operations:
                return key
        return None

    def _inherited_home(self, column: Column) -> Key | None:
        """Find the parent's column that makes this one, which comes only from there."""
        if column.is_local or self._relation(column.identity):
            return None
        return self._parents_own(column.identity, "create")

    def _parents_own(self, member: Identity, action: str) -> Key | None:
        """Find what makes or drops the member of a parent, where that reaches this table's.

        A table that comes to have a parent needs it before, one that leaves keeps it.
        """
        old, new = (side.objects for side in (self.context.old, self.context.new))
        if parents_of(member, old) != parents_of(member, new):
            return None
        side = self.context.old if action == "drop" else self.context.new
        for parent in parents_of(member, side.objects):
            key = (replace(member, schema=parent.schema, name=parent.name), action)
            if key in self.operations:
                return key
        return None

    def _fold_default(self, operation: Operation, default: Default) -> None:
        column = self.operations.get((replace(default.identity, kind="column"), "create"))
        if column and isinstance(column.new, Column):  # a view's column has its default set later
            self.homes[operation.key] = column.key

    def _fold_constraint(self, operation: Operation, constraint: Constraint) -> None:
        identity = constraint.identity
        if constraint.type in ("p", "u"):
            tie = replace(identity, kind="constraint partition")
            place = self.operations.get((tie, "create"))
            if place and isinstance(place.new, IndexPartition) and not place.new.is_key_under_index:
                self._fold_index(operation, tie)
                return
        if constraint.parent is not None or (constraint.is_inherited and not constraint.is_local):
            if constraint.type == "c" and self._is_attached(identity):
                return
            parent = (constraint.parent, "create") if constraint.parent else None
            home = parent if parent in self.operations else None
            # A foreign key is added to the partitioned table once its partitions are there.
            if not (constraint.type == "f" and home):
                home = self._table_or_place(identity) or home
            self._fold(operation, home or self._parents_own(identity, "create"))
            return
        table = self._relation(identity)
        if constraint.type == "f" or table is None or not constraint.is_valid:
            return
        if self._is_partition(table[0]) and not self.context.attach_indexes:
            return
        if identity in self.merged or self._makes_index_parts(constraint):
            return
        self._fold(operation, table)

    def _is_attached(self, member: Identity) -> bool:
        """Tell whether a table that is there becomes a partition: it needs the checks before."""
        place = (replace(member, kind="partition", member=""), "create")
        return place in self.operations and self._relation(member) is None

    def _makes_index_parts(self, constraint: Constraint) -> bool:
        """Tell whether a key is added to the partitioned table alone, for others to be attached."""
        table = replace(constraint.identity, kind="table", member="")
        return (
            constraint.type in ("p", "u")
            and self.context.attach_indexes
            and table in self.context.parents
        )

    def _table_or_place(self, member: Identity) -> Key | None:
        place = (replace(member, kind="partition", member=""), "create")
        return self._relation(member) or (place if place in self.operations else None)

    def _is_partition(self, table: Identity) -> bool:
        return (replace(table, kind="partition"), "create") in self.operations

    def _fold_index(self, operation: Operation, tie: Identity) -> None:
        """Fold an index under a partitioned one into that, or into its table's new place."""
        place = self.operations.get((tie, "create"))
        if self.context.attach_indexes or place is None:
            return
        if isinstance(place.new, IndexPartition):
            self._fold(operation, self._maker(place.new, operation))

    def _fold_attachment(self, operation: Operation, item: IndexPartition) -> None:
        if not self.context.attach_indexes and not item.is_key_under_index:
            self._fold(operation, self._maker(item, operation))

    def _maker(self, item: IndexPartition, operation: Operation) -> Key | None:
        member = item.child
        if member.kind == "index":
            index = self.context.new.objects.get(member)
            if not isinstance(index, Index):
                return None
            member = replace(index.table, member="x")
        parent = (item.parent, "create")
        if parent in self.operations and parent != operation.key:
            return self._relation(member) or parent
        return self._table_or_place(member)

    def _fold_serial(self, operation: Operation, owner: SequenceOwner) -> None:
        objects = self.context.new.objects
        column = objects.get(owner.column)
        sequence = objects.get(replace(owner.identity, kind="sequence"))
        default = (replace(owner.column, kind="default"), "create")
        made = (owner.column, "create")
        if not isinstance(column, Column) or not isinstance(sequence, Sequence):
            return
        makes = (sequence.identity, "create")
        if not {default, made, makes} <= self.operations.keys():
            return
        owned = replace(sequence, owned_by=owner.column)
        if sequences.serial_type(column, self.operations[default].new, owned):
            self.homes[operation.key] = made
            self.homes[makes] = made

    def fold_drop(self, operation: Operation) -> None:
        """Fold a drop into that of what takes the object along."""
        identity, item = operation.identity, operation.old
        match item:
            case Table():
                self._fold_set_aside(operation)
            case Column():
                home = self._relation(identity, "drop")
                is_gone = home is None and not item.is_local
                self._fold(operation, self._parents_own(identity, "drop") if is_gone else home)
            case Partition() if self._makes_room(item):
                pass
            case RelationColumn() | Trigger() | Rule() | Policy() | Partition() | TableIndex():
                self._fold(operation, self._relation(identity, "drop"))
            case Default():
                self._fold_into_column(operation, identity.member)
            case Constraint():
                self._fold_dropped_constraint(operation, item)
            case Index():
                self._fold_dropped_index(operation, item)
            case _:
                self._fold_other(operation)

    def _makes_room(self, place: Partition) -> bool:
        """Tell whether a partition leaves for the one that is made in its stead."""
        table = replace(place.identity, kind="table")
        return self._is_set_aside(table) and not self._is_set_aside(place.parent)

    def _fold_set_aside(self, operation: Operation) -> None:
        """Keep a partition until the rows of the table above it are copied."""
        place = self.context.old.objects.get(replace(operation.identity, kind="partition"))
        if isinstance(place, Partition) and self._is_set_aside(place.parent):
            self._fold(operation, (place.parent, "drop"))

    def _is_set_aside(self, table: Identity) -> bool:
        """Tell whether the old table lives on beside the new one for a time."""
        dropped = self.operations.get((table, "drop"))
        if dropped and dropped.renames:
            return True
        place = self.context.old.objects.get(replace(table, kind="partition"))
        return bool(dropped) and isinstance(place, Partition) and self._is_set_aside(place.parent)

    def _fold_other(self, operation: Operation) -> None:
        identity, item = operation.identity, operation.old
        match item:
            case IndexPartition():
                self._fold(operation, (item.child, "drop"))
            case Sequence():
                self._fold_dropped_sequence(operation, item)
            case SequenceOwner():
                self._fold(operation, (replace(identity, kind="sequence"), "drop"))
            case DomainConstraint():
                self._fold(operation, (replace(identity, kind="domain", member=""), "drop"))
        if identity.kind in ("function", "aggregate"):
            self._fold_into_base_type(operation)
        if identity.kind == "statistics":
            for table in self._referenced(identity, "table"):
                self._fold(operation, (table, "drop"))

    def _fold_into_base_type(self, operation: Operation) -> None:
        """Fold the drop of a base type's function into that of the type, which takes it along."""
        for shell in self._referenced(operation.identity, "shell type"):
            type_ = replace(shell, kind="type")
            if operation.identity in self._referenced(type_, operation.identity.kind):
                self._fold(operation, (type_, "drop"))

    def _fold_into_column(self, operation: Operation, column: str) -> None:
        identity = operation.identity
        dropped = (replace(identity, kind="column", member=column), "drop")
        made_again = (identity, "create") in self.operations
        if dropped in self.operations and not made_again:
            self._fold(operation, dropped)
        else:
            self._fold(operation, self._relation(identity, "drop"))

    def _fold_dropped_constraint(self, operation: Operation, constraint: Constraint) -> None:
        identity = constraint.identity
        parent = (constraint.parent, "drop") if constraint.parent else None
        first = (root_of(constraint, self.context.old).identity, "drop")
        if parent and first in self.unfolded:
            self._fold(operation, first)
            return
        tie = self.operations.get((replace(identity, kind="constraint partition"), "drop"))
        if tie and isinstance(tie.old, IndexPartition) and not self._leaves(identity):
            parent = (tie.old.parent, "drop")
        home = self._relation(identity, "drop")
        if home and constraint.type in ("p", "u", "x") and self._is_set_aside(home[0]):
            home = None  # the name of its index has to be free for the new table's
            if parent not in self.operations:
                return
        home = home or (parent if parent in self.operations else None)
        if home is None and constraint.is_inherited and not constraint.is_local:
            home = self._parents_own(identity, "drop")
        if home:
            self._fold(operation, home)
            return
        self._fold_with_column(operation, identity, constraint.columns)

    def _leaves(self, member: Identity) -> bool:
        """Tell whether the table is detached for good, and keeps its indexes by that."""
        place = replace(member, kind="partition", member="")
        table = replace(member, kind="table", member="")
        return (
            (place, "drop") in self.operations
            and (place, "create") not in self.operations
            and (table, "drop") not in self.operations
        )

    def _fold_with_column(
        self, operation: Operation, relation: Identity, columns: tuple[str, ...]
    ) -> None:
        if (operation.identity, "create") in self.operations:
            return
        for column in columns:
            key = (replace(relation, kind="column", member=column), "drop")
            if key in self.operations:
                self._fold(operation, key)
                return

    def _fold_dropped_index(self, operation: Operation, index: Index) -> None:
        tie = self.operations.get((replace(index.identity, kind="index partition"), "drop"))
        parent = None
        if tie and isinstance(tie.old, IndexPartition) and not self._leaves(index.table):
            parent = (tie.old.parent, "drop")
        is_kept_apart = self._is_set_aside(index.table)
        for home in ((index.table, "drop") if not is_kept_apart else None, parent):
            if home in self.operations:
                self._fold(operation, home)
                return
        if is_kept_apart:
            return
        columns = tuple(
            referenced.member
            for referenced in self._referenced(index.identity, "column")
            if referenced.name == index.table.name and referenced.schema == index.table.schema
        )
        self._fold_with_column(operation, index.table, columns)

    def _fold_dropped_sequence(self, operation: Operation, sequence: Sequence) -> None:
        owner = self.context.old.objects.get(replace(sequence.identity, kind="sequence owner"))
        if (
            not isinstance(owner, SequenceOwner)
            or (operation.identity, "create") in self.operations
        ):
            return
        table = self._relation(owner.column, "drop")
        column = (owner.column, "drop")
        self._fold(operation, table or (column if column in self.operations else None))

    def _referenced(self, identity: Identity, kind: str) -> list[Identity]:
        if self._owners is None:
            owners: dict[Identity, list[Identity]] = defaultdict(list)
            for dependent, referenced in self.context.old.dependencies:
                owners[dependent].append(referenced)
            self._owners = owners
        return sorted(i for i in self._owners.get(identity, ()) if i.kind == kind)
