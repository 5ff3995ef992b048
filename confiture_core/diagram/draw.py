"""A diagram as a value, from one catalog or from what changes between two. Pure.

Partitions are left out: they are their table. Of a change there are the tables that it touches,
and those that these refer to or that refer to them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from confiture_core.catalog.model import Column, Constraint, Identity, Index, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from confiture_core.catalog.model import Catalog, Object

Change = Literal["", "added", "changed", "removed"]
_TABLES = ("table", "foreign table")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A column."""

    name: str
    type: str
    keys: tuple[str, ...] = ()  # "PK", "FK", "UK"
    change: Change = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A table."""

    name: str  # "users", "sales.orders"
    fields: tuple[Field, ...]
    change: Change = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A foreign key."""

    name: str
    child: str
    parent: str
    columns: tuple[str, ...]
    is_optional: bool  # a row may refer to none
    is_single: bool  # at most one row refers to each
    change: Change = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagram:
    """Tables by name, and links between them."""

    entities: tuple[Entity, ...]
    links: tuple[Link, ...]


def draw(catalog: Catalog) -> Diagram:
    """Draw all tables of a catalog."""
    tables = [item for item in catalog.objects.values() if _is_drawn(item)]
    entities = tuple(sorted((_entity(item, catalog) for item in tables), key=lambda one: one.name))
    drawn = {entity.name for entity in entities}
    links = (link for link in _links(catalog) if {link.child, link.parent} <= drawn)
    return Diagram(entities=entities, links=tuple(sorted(links, key=lambda one: one.name)))


def draw_change(old: Catalog, new: Catalog) -> Diagram:
    """Draw what changes between two catalogs, and what is around it."""
    before, after = draw(old), draw(new)
    touched = {
        _shown(identity)
        for identity in old.objects.keys() | new.objects.keys()
        if old.objects.get(identity) != new.objects.get(identity)
        for identity in _touched(identity, old, new)
    }
    olds = {entity.name: entity for entity in before.entities}
    news = {entity.name: entity for entity in after.entities}
    entities = [
        _changed(olds.get(name), news.get(name), is_touched=name in touched)
        for name in sorted(olds.keys() | news.keys())
    ]
    links = tuple(_changed_links(before.links, after.links))
    shown = {entity.name for entity in entities if entity.change}
    ends = [{link.child, link.parent} for link in links]
    around = set().union(*(end for end in ends if end & shown)) | shown
    return Diagram(
        entities=tuple(entity for entity in entities if entity.name in around),
        links=tuple(link for link in links if {link.child, link.parent} <= around),
    )


def _is_drawn(item: Object) -> bool:
    return isinstance(item, Table) and item.partition_of is None


def _shown(identity: Identity) -> str:
    is_usual = identity.schema in ("", "public")
    return identity.name if is_usual else f"{identity.schema}.{identity.name}"


def _entity(table: Object, catalog: Catalog) -> Entity:
    own = [
        item
        for item in catalog.objects.values()
        if (item.identity.schema, item.identity.name)
        == (table.identity.schema, table.identity.name)
    ]
    keys: dict[str, list[str]] = {}
    for item in own:
        if isinstance(item, Constraint) and item.type in _KEYS:
            for column in item.columns:
                keys.setdefault(column, []).append(_KEYS[item.type])
    columns = sorted(
        (item for item in own if isinstance(item, Column)), key=lambda item: item.position
    )
    fields = tuple(
        Field(
            name=column.identity.member,
            type=column.type,
            keys=tuple(sorted(set(keys.get(column.identity.member, ())), key=_KEY_ORDER.index)),
        )
        for column in columns
    )
    return Entity(name=_shown(table.identity), fields=fields)


_KEYS = {"p": "PK", "f": "FK", "u": "UK"}
_KEY_ORDER = ("PK", "FK", "UK")


def _links(catalog: Catalog) -> Iterator[Link]:
    for item in catalog.objects.values():
        if not isinstance(item, Constraint) or item.type != "f" or item.references is None:
            continue
        if item.parent is not None:
            continue
        identity = item.identity
        columns = (catalog.objects.get(_column(identity, name)) for name in item.columns)
        yield Link(
            name=f"{_shown(identity)}.{identity.member}",
            child=_shown(identity),
            parent=_shown(item.references),
            columns=item.columns,
            is_optional=any(isinstance(one, Column) and not one.not_null for one in columns),
            is_single=_is_unique(identity, item.columns, catalog),
        )


def _column(member: Identity, name: str) -> Identity:
    return replace(member, kind="column", member=name)


def _is_unique(table: Identity, columns: tuple[str, ...], catalog: Catalog) -> bool:
    return any(
        isinstance(item, Constraint)
        and item.type in ("p", "u")
        and (item.identity.schema, item.identity.name) == (table.schema, table.name)
        and set(item.columns) <= set(columns)
        for item in catalog.objects.values()
    )


def _touched(identity: Identity, *catalogs: Catalog) -> Iterator[Identity]:
    """Name the table that an object is, or is a part of."""
    for catalog in catalogs:
        item = catalog.objects.get(identity)
        if isinstance(item, Index):
            yield item.table
        elif identity.member or identity.kind in _TABLES:
            yield identity


def _changed(old: Entity | None, new: Entity | None, *, is_touched: bool) -> Entity:
    if old is None or new is None:
        entity = new or old
        assert entity is not None  # its name is that of one of them
        return replace(entity, change="removed" if new is None else "added")
    fields = tuple(_changed_fields(old.fields, new.fields))
    return replace(new, fields=fields, change="changed" if is_touched else "")


def _changed_fields(old: Iterable[Field], new: Iterable[Field]) -> Iterator[Field]:
    olds = {field.name: field for field in old}
    for field in new:
        before = olds.pop(field.name, None)
        if before is None:
            yield replace(field, change="added")
        else:
            yield replace(field, change="" if before == field else "changed")
    for field in olds.values():
        yield replace(field, change="removed")


def _changed_links(old: Iterable[Link], new: Iterable[Link]) -> Iterator[Link]:
    olds = {link.name: link for link in old}
    for link in new:
        before = olds.pop(link.name, None)
        if before is None:
            yield replace(link, change="added")
        else:
            yield replace(link, change="" if before == link else "changed")
    for link in olds.values():
        yield replace(link, change="removed")
