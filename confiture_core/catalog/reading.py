"""A catalog as it was read at one moment, with what the next reading needs to know. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from confiture_core.catalog.dependencies import Address, Edge, dependency_pairs
from confiture_core.catalog.overlay import Overlay, flat

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confiture_core.catalog.looking import Known
    from confiture_core.catalog.model import Catalog, Identity

    # The addresses of a relation and of its parts, by schema and name.
    Parts = Mapping[tuple[str, str], tuple[Address, ...]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reading:
    """A catalog as it was read, and what the next reading needs to know of it.

    Its catalog has no dependencies until `complete` works them out.
    """

    catalog: Catalog
    identities: Mapping[Address, Identity]
    parts: Parts
    tables: Mapping[int, Identity]  # by oid, the partitioned among them
    edges: Mapping[str, tuple[Edge, ...]]  # by the oid of the dependent
    comments: Mapping[Address, str]
    known: Mapping[str, Known]  # by system catalog; empty: this is not to be followed
    kinds: Mapping[str, int]  # how many objects of each
    # What was read anew or is gone since the reading this one follows; None: it may be anything.
    changed: frozenset[Identity] | None = None
    mark: object = field(default_factory=object)
    follows: object = None  # the mark of that reading

    def settled(self) -> Reading:
        """Give the same as dictionaries of its own, for others to follow."""
        if not isinstance(self.identities, Overlay):
            return self
        return replace(
            self,
            catalog=replace(self.catalog, objects=flat(self.catalog.objects)),
            identities=flat(self.identities),
            parts=flat(self.parts),
            tables=flat(self.tables),
            edges=flat(self.edges),
        )

    def complete(self) -> Catalog:
        """Give the catalog with its dependencies."""
        if self.catalog.dependencies:
            return self.catalog
        edges = [edge for each in self.edges.values() for edge in each]
        pairs = dependency_pairs(self.catalog.objects, self.identities, edges)
        return replace(self.catalog, dependencies=pairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When a transaction began: whatever is written later is new."""

    xid: str
    # Rows written to each catalog so far, of transactions before it; None where nobody counts, and
    # where later transactions are to be looked at, too.
    written: tuple[int, ...] | None = None
