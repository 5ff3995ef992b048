"""Which file an object of a catalog belongs to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from confiture_core.adoption.folders import LATE_FUNCTIONS, Unit
from confiture_core.catalog.model import Constraint, Identity, Index
from confiture_core.diff.facts import IndexPartition, SequenceOwner

if TYPE_CHECKING:
    from confiture_core.catalog.model import Catalog

__all__ = ["LATE_FUNCTIONS", "Homes"]

_RELATIONS = ("table", "foreign table", "view", "materialized view", "type", "domain", "sequence")
_ROUTINES = frozenset({"function", "procedure", "aggregate"})
_MOVABLE = frozenset(
    {"constraint", "default", "index", "policy", "rule", "statistics", "trigger", "sequence owner"}
)
_GROUPS = {
    "table": "tables",
    "foreign table": "tables",
    "sequence": "tables",
    "view": "views",
    "materialized view": "views",
    **dict.fromkeys(
        (*_ROUTINES, "operator", "operator family", "operator class", "cast", "transform"),
        "functions",
    ),
    **dict.fromkeys(
        (
            "publication",
            "subscription",
            "event trigger",
            "database setting",
            "default privileges",
            "system privileges",
        ),
        "database",
    ),
}


@dataclass(slots=True)
class Homes:
    """The files of the objects of one catalog, in which ties are objects (`with_facts`)."""

    catalog: Catalog
    _referenced: dict[Identity, list[Identity]] = field(init=False)
    _dependents: dict[Identity, list[Identity]] = field(init=False)

    def __post_init__(self) -> None:
        self._referenced, self._dependents = defaultdict(list), defaultdict(list)
        for one, other in sorted(self.catalog.dependencies):
            self._referenced[one].append(other)
            self._dependents[other].append(one)

    def unit(self, identity: Identity) -> Unit:
        """Name the file of an object."""
        home = self._home(identity)
        match home.kind:
            case "schema":
                return Unit(group="common", name="schemas")
            case "extension":
                return Unit(group="common", name="extensions")
            case "database setting" | "default privileges" | "system privileges":
                return Unit(group="database", name=home.kind.replace(" ", "_"))
        name = home.name.partition("(")[0] if home.kind in _ROUTINES else home.name
        return Unit(group=_GROUPS.get(home.kind, "common"), schema=home.schema, name=name)

    def later(self, identity: Identity) -> Unit:
        """Name the file of a part that cannot stand in its table's."""
        home = self._home(identity)
        group = "foreign_keys" if self.is_foreign_key(identity) else "triggers"
        return Unit(group=group, schema=home.schema, name=home.name)

    def is_foreign_key(self, identity: Identity) -> bool:
        """Tell whether the object is a foreign key."""
        item = self.catalog.objects.get(identity)
        return isinstance(item, Constraint) and item.type == "f"

    def is_movable(self, identity: Identity) -> bool:
        """Tell whether the object can be made after the relation that it is a part of."""
        return identity.kind in _MOVABLE

    def _home(self, identity: Identity) -> Identity:
        item = self.catalog.objects.get(identity)
        match item:
            case Index():
                return self._relation(item.table)
            case IndexPartition():
                return self._home(item.child)
            case SequenceOwner():
                return self._relation(item.column)
        match identity.kind:
            case "partition" | "replica identity" | "clustered index" | "statistics":
                return self._relation(self._table_of(identity))
            case "sequence":
                return self._home_of_sequence(identity)
            case "shell type":
                return replace(identity, kind="type")
        return self._relation(identity) if identity.member else identity

    def _table_of(self, identity: Identity) -> Identity:
        if identity.kind != "statistics":
            return identity
        found = [one for one in self._referenced[identity] if one.kind in ("table", "column")]
        return found[0] if found else identity

    def _relation(self, identity: Identity) -> Identity:
        for kind in _RELATIONS:
            candidate = replace(identity, kind=kind, member="")
            if candidate in self.catalog.objects:
                return candidate
        return replace(identity, member="")

    def _home_of_sequence(self, sequence: Identity) -> Identity:
        """Return the one table that uses a sequence, or the sequence itself."""
        users = {
            self._home(one)
            for one in self._dependents[sequence]
            if one.kind in ("column", "default", "sequence owner")
        }
        return users.pop() if len(users) == 1 else sequence
