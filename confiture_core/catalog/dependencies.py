"""What depends on what: addresses of pg_depend, resolved to identities."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from confiture_core.catalog.model import Column, Identity, Object, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# classid, objid, objsubid. Oids are texts, as JSON gives them.
Address = tuple[str, str, int]
# Two addresses and pg_depend.deptype.
Edge = tuple[str, str, int, str, str, int, str]
Pair = tuple[Identity, Identity]

# Oids of catalogs are the same in every PostgreSQL.
PG_CLASS = "1259"
PG_CONSTRAINT = "2606"
_FAMILY_OR_PUBLICATION = frozenset({"2616", "2753", "6104"})

# What can have members, by (schema, name): they share pg_type's names, so one pair means one.
_WITH_MEMBERS = frozenset(
    {"table", "foreign table", "view", "materialized view", "type", "domain", "sequence"}
)


def dependency_pairs(
    objects: Mapping[Identity, Object],
    identities: Mapping[Address, Identity],
    edges: Iterable[Edge],
) -> frozenset[Pair]:
    """Resolve pg_depend's edges, and add those it leaves out because they go without saying."""
    pairs = chain(
        _recorded(identities, list(edges)),
        _containment(objects),
        _inherited_columns(objects),
    )
    # Addresses of one object share its identity: to compare them would take far longer.
    return frozenset(pair for pair in pairs if pair[0] is not pair[1])


def _recorded(identities: Mapping[Address, Identity], edges: list[Edge]) -> Iterator[Pair]:
    resolver = _Resolver(identities, edges)
    for classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype in edges:
        if deptype in "ex":
            continue
        dependent = resolver.resolve((classid, objid, objsubid))
        referenced = dependent and resolver.resolve((refclassid, refobjid, refobjsubid))
        if dependent and referenced:
            yield dependent, referenced


class _Resolver:
    """Identities of addresses: an object's own, or that of what it is an internal part of.

    Row and array types stand for their relation or type, the index behind a constraint for the
    constraint, an identity column's sequence for the column, a view's rule for the view, a
    member of an extension for the extension.
    """

    def __init__(self, identities: Mapping[Address, Identity], edges: list[Edge]) -> None:
        self._identities = identities
        self._wholes: dict[Address, Address] = {}
        for classid, objid, _, refclassid, refobjid, refobjsubid, deptype in edges:
            if deptype in "ei" or (deptype == "a" and refclassid in _FAMILY_OR_PUBLICATION):
                self._wholes[classid, objid, 0] = (refclassid, refobjid, refobjsubid)
        self._resolved: dict[Address, Identity | None] = {}

    def resolve(self, address: Address) -> Identity | None:
        try:
            return self._resolved[address]
        except KeyError:
            found = self._resolved[address] = self._find(address)
            return found

    def _find(self, address: Address) -> Identity | None:
        identity = self._identities.get(address)
        if identity:
            return identity
        seen: set[Address] = set()
        found: Address | None = address
        while found and found not in seen:
            seen.add(found)
            object_address = (found[0], found[1], 0)
            identity = self._identities.get(found) or self._identities.get(object_address)
            if identity:
                return identity
            found = self._wholes.get(object_address)
        return None


def _containment(objects: Mapping[Identity, Object]) -> Iterator[Pair]:
    """Pair members with their relation, and the other objects with their schema."""
    wholes = {
        (identity.schema, identity.name): identity
        for identity in objects
        if identity.kind in _WITH_MEMBERS
    }
    schemas = {identity.name: identity for identity in objects if identity.kind == "schema"}
    for identity in objects:
        if identity.member:
            whole = wholes.get((identity.schema, identity.name))
        else:
            whole = schemas.get(identity.schema)
        if whole:
            yield identity, whole


def _inherited_columns(objects: Mapping[Identity, Object]) -> Iterator[Pair]:
    for column in objects.values():
        if not isinstance(column, Column) or not column.is_inherited:
            continue
        identity = column.identity
        for parent in _parents(objects, identity):
            inherited = Identity(
                kind="column", schema=parent.schema, name=parent.name, member=identity.member
            )
            if inherited in objects:
                yield identity, inherited


def _parents(objects: Mapping[Identity, Object], column: Identity) -> tuple[Identity, ...]:
    for kind in ("table", "foreign table"):
        table = objects.get(Identity(kind=kind, schema=column.schema, name=column.name))
        if isinstance(table, Table):
            return (table.partition_of,) if table.partition_of else table.inherits
    return ()
