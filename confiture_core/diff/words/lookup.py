"""A catalog's objects by what statements call them, and by what belongs to what."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from confiture_core.catalog.model import (
    Catalog,
    Column,
    Constraint,
    DomainConstraint,
    Identity,
    Index,
    Object,
    RelationColumn,
    Table,
)
from confiture_core.diff.facts import IndexPartition, Partition, SequenceOwner, with_facts
from confiture_core.diff.words.type_names import split_signature

if TYPE_CHECKING:
    from collections.abc import Iterator

Place: TypeAlias = tuple[str, str]  # schema and name

_RELATIONS = frozenset({"table", "foreign table", "view", "materialized view", "index", "sequence"})
_TYPES = frozenset({"type", "domain"})
_ROUTINES = frozenset({"function", "procedure", "aggregate"})


class Lookup:
    """Filled once, then only read. Ties between objects are objects too, as in `facts`."""

    def __init__(self, catalog: Catalog) -> None:
        self.objects = with_facts(catalog).objects
        self.relations: dict[Place, Identity] = {}
        self.types: dict[Place, Identity] = {}
        self.members: dict[Place, list[Identity]] = defaultdict(list)
        self.indexes: dict[Place, list[Identity]] = defaultdict(list)
        self.sequences: dict[Identity, list[Identity]] = defaultdict(list)  # by owning column
        self.routines: dict[Place, list[tuple[Identity, tuple[str, ...]]]] = defaultdict(list)
        self.kinds: dict[str, list[Identity]] = defaultdict(list)
        self.by_name: dict[str, list[Identity]] = defaultdict(list)
        self._heirs: dict[Identity, list[Identity]] = defaultdict(list)
        self._above: dict[Place, list[Identity]] = defaultdict(list)
        self._constraint_names: Counter[Place] = Counter()
        self._attached: dict[Identity, list[Identity]] = defaultdict(list)  # by parent
        self._parents: dict[Identity, Identity] = {}
        for identity, item in self.objects.items():
            self._add_name(identity)
            self._add_belonging(identity, item)

    def columns(self, place: Place) -> dict[str, Column]:
        """Return a table's columns by name."""
        items = ((i.member, self.objects[i]) for i in self.members[place])
        return {name: item for name, item in items if isinstance(item, Column)}

    def attributes(self, place: Place) -> dict[str, RelationColumn]:
        """Return the columns of a view or the attributes of a composite type by name."""
        items = ((i.member, self.objects[i]) for i in self.members[place])
        return {name: item for name, item in items if isinstance(item, RelationColumn)}

    def constraints(self, place: Place) -> Iterator[Constraint]:
        """Yield a table's constraints."""
        items = (self.objects[identity] for identity in self.members[place])
        return (item for item in items if isinstance(item, Constraint))

    def existing(self, *identities: Identity) -> frozenset[Identity]:
        """Keep what the catalog has."""
        return frozenset(identity for identity in identities if identity in self.objects)

    def whole(self, relation: Identity) -> Iterator[Identity]:
        """Yield a relation and everything that goes with it when it is dropped."""
        yield relation
        yield from self.members[relation.schema, relation.name]
        yield from self.indexes[relation.schema, relation.name]
        for member in self.members[relation.schema, relation.name]:
            yield from self.sequences[member]

    def parents(self, table: Place) -> list[Identity]:
        """Return the tables that a table is a partition of or inherits from."""
        return self._above[table]

    def is_ambiguous(self, constraint: Identity) -> bool:
        """Tell whether another constraint of the schema has the name.

        PostgreSQL generates none that is taken, so a generated one depends on what was there.
        """
        return self._constraint_names[constraint.schema, constraint.member] > 1

    def heirs(self, table: Identity) -> Iterator[Identity]:
        """Yield the tables below a table: its partitions, what inherits from it, and theirs."""
        for heir in self._heirs[table]:
            yield heir
            yield from self.heirs(heir)

    def attached(self, parent: Identity) -> Iterator[Identity]:
        """Yield the indexes or constraints below one of a partitioned table."""
        for child in self._attached[parent]:
            yield child
            yield from self.attached(child)

    def is_attached(self, identity: Identity) -> bool:
        """Tell whether an index or constraint belongs to one of a partitioned table."""
        return identity in self._parents

    def tie(self, kind: str, identity: Identity) -> frozenset[Identity]:
        """Return the tie of an object that is an object of its own, if there is one."""
        return self.existing(replace(identity, kind=kind))

    def _add_name(self, identity: Identity) -> None:
        place = (identity.schema, identity.name)
        if identity.member:
            if not identity.kind.endswith(" partition"):
                self.members[place].append(identity)
            return
        self.by_name[identity.name].append(identity)
        self.kinds[identity.kind].append(identity)
        if identity.kind in _RELATIONS:
            self.relations[place] = identity
        elif identity.kind in _TYPES:
            self.types[place] = identity
        elif identity.kind in _ROUTINES:
            name, types = split_signature(identity.name)
            self.routines[identity.schema, name].append((identity, types))
            self.by_name[name].append(identity)

    def _add_belonging(self, identity: Identity, item: Object) -> None:
        match item:
            case Table():
                for parent in item.inherits:
                    self._heirs[parent].append(identity)
                self._above[identity.schema, identity.name] += item.inherits
            case Partition():
                self._above[identity.schema, identity.name].append(item.parent)
                self._heirs[item.parent] += self.existing(
                    replace(identity, kind="table"), replace(identity, kind="foreign table")
                )
            case Index():
                self.indexes[item.table.schema, item.table.name].append(identity)
            case IndexPartition():
                self._attach(item.child, item.parent)
            case Constraint():
                if item.parent:
                    self._attach(identity, item.parent)
                self._constraint_names[identity.schema, identity.member] += item.is_local
            case DomainConstraint():
                self._constraint_names[identity.schema, identity.member] += 1
            case SequenceOwner():
                self.sequences[item.column].append(replace(identity, kind="sequence"))

    def _attach(self, child: Identity, parent: Identity) -> None:
        self._attached[parent].append(child)
        self._parents[child] = parent
