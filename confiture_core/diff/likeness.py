"""Renames as two catalogs suggest them.

What goes and what comes are likened to each other. Only where nothing can be lost either way, as
with an index under another name, is that reason enough to rename; the rest is to be confirmed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from confiture_core import names
from confiture_core.catalog.model import (
    Catalog,
    Column,
    Composite,
    Constraint,
    Domain,
    DomainConstraint,
    Enum,
    Identity,
    Index,
    Object,
    RelationColumn,
    Routine,
    Schema,
    Sequence,
    Table,
    View,
)
from confiture_core.diff.renames import ENUM_VALUE, Rename, carried, holder_of
from confiture_core.diff.view_columns import view_columns
from confiture_core.diff.words.type_names import split_signature

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping

    _Parts = tuple[Mapping[tuple[str, str], set[Hashable]], Mapping[tuple[str, str], set[Hashable]]]

# Tables and schemas are alike if they have this part of their columns, or objects, in common.
_ALIKE = 0.6
_NAMELESS = Identity(kind="", name="")


def same_but_for_the_name(old: Catalog, new: Catalog) -> tuple[Rename, ...]:
    """Find the constraints, indexes, sequences and columns of views that differ in nothing else."""
    gone, come = _by_substance(old, new), _by_substance(new, old)
    found = tuple(
        _rename(before, after, old)
        for substance, identities in gone.items()
        for before, after in zip(sorted(identities), sorted(come[substance]), strict=False)
    )
    return (*found, *view_columns(old, new))


def candidates(
    old: Catalog, new: Catalog, *, refused: Collection[Rename] = ()
) -> tuple[Rename, ...]:
    """Find what may have been renamed; each object is in one pair at most, the likest one."""
    pairs = [pair for pair in _pairs(old, new) if pair.rename not in refused]
    pairs.sort(key=lambda pair: (-pair.likeness, pair.rename.old, pair.rename.new))
    taken: set[Identity] = set()
    found: list[Rename] = []
    for pair in pairs:
        rename = pair.rename
        if rename.old in taken or rename.new in taken:
            continue
        taken |= {rename.old, rename.new}
        found.append(rename)
    schemas = [rename for rename in found if rename.old.kind == "schema"]
    kept = (rename for rename in found if not _follows(rename, schemas))
    return tuple(sorted(kept, key=lambda rename: rename.old))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    rename: Rename
    likeness: float  # up to 1, for the substance; and a little for the name


def _rename(before: Identity, after: Identity, old: Catalog) -> Rename:
    return Rename(old=before, new=after, holder=holder_of(before, old))


def _follows(rename: Rename, schemas: list[Rename]) -> bool:
    """Tell whether an object moves with its schema."""
    return rename not in schemas and carried(rename.old, schemas).schema == rename.new.schema != (
        rename.old.schema
    )


def _by_substance(catalog: Catalog, other: Catalog) -> dict[Hashable, list[Identity]]:
    found: dict[Hashable, list[Identity]] = defaultdict(list)
    for identity, item in catalog.objects.items():
        if identity not in other.objects:
            substance = _substance(item)
            if substance is not None:
                found[identity.kind, substance].append(identity)
    return found


def _substance(item: Object) -> Hashable | None:
    """Return what an object is apart from its name; None if others must confirm its renaming."""
    identity = item.identity
    bare = replace(item, comment=None)
    match bare:
        case Constraint() if not (bare.is_inherited and bare.type == "c"):
            place = replace(identity, member="")
            return replace(bare, identity=place, index_comment=None)
        case DomainConstraint():
            return replace(bare, identity=replace(identity, member=""))
        case Index():
            definition = bare.definition.replace(f" INDEX {names.quote(identity.name)} ", " ", 1)
            return replace(bare, identity=_NAMELESS, definition=definition)
        case Sequence(owned_by=Identity()):
            return replace(bare, identity=replace(identity, name=""))
    return None


def _pairs(old: Catalog, new: Catalog) -> Iterator[_Pair]:
    gone, come = (_sorted_out(one, other) for one, other in ((old, new), (new, old)))
    parts = (_parts(gone, old), _parts(come, new))
    for home, going in gone.items():
        for before in going:
            for after in come.get(home, ()):
                likeness = _likeness(before, after, parts)
                if likeness:
                    name = _name_likeness(before.identity, after.identity)
                    rename = _rename(before.identity, after.identity, old)
                    yield _Pair(rename=rename, likeness=likeness + name / 10)
    yield from _label_pairs(old, new)


def _sorted_out(catalog: Catalog, other: Catalog) -> dict[Hashable, list[Object]]:
    """Group what the other catalog does not have by what it can be likened to at all."""
    found: dict[Hashable, list[Object]] = defaultdict(list)
    for identity, item in catalog.objects.items():
        if identity in other.objects:
            continue
        home = _home(item, catalog, other)
        if home is not None:
            found[home].append(item)
    return found


def _home(item: Object, catalog: Catalog, other: Catalog) -> Hashable | None:
    identity = item.identity
    match item:
        case Column() if item.is_local:
            return _shared_holder(identity, catalog, other), item.type, item.generated
        case RelationColumn() if holder_of(identity, catalog) == "type":
            return _shared_holder(identity, catalog, other), item.type
        case Table():
            return (
                identity.kind,
                item.partition_of,
                item.partition_bound,
                bool(item.partition_key),
            )
        case Sequence() if item.owned_by is None:
            return replace(item, identity=_NAMELESS, comment=None)
        case Enum():
            return item.labels
        case View():
            return identity.kind, item.query
        case Routine():
            return identity.kind, split_signature(identity.name)[1], _body(item)
        case Domain():
            return replace(item, identity=_NAMELESS, comment=None)
        case Composite() | Schema():
            return identity.kind
    return None


def _shared_holder(member: Identity, catalog: Catalog, other: Catalog) -> Identity:
    """Return the table or type that both sides have; else the member, which is like no other."""
    holder = replace(member, kind=holder_of(member, catalog), member="")
    return holder if holder in other.objects else member


def _body(routine: Routine) -> str:
    name = split_signature(routine.identity.qualified)[0]
    return routine.definition.replace(f" {name}(", " (", 1)


def _parts(
    items: Mapping[Hashable, list[Object]], catalog: Catalog
) -> dict[tuple[str, str], set[Hashable]]:
    """Return the columns of each table or type, and the objects in each schema, by its place."""
    wanted = {_place(item) for group in items.values() for item in group}
    found: dict[tuple[str, str], set[Hashable]] = defaultdict(set)
    if not wanted:
        return found
    for identity, item in catalog.objects.items():
        place = (identity.schema, identity.name)
        if place in wanted and isinstance(item, Column | RelationColumn):
            found[place].add((identity.member, item.type))
        if ("", identity.schema) in wanted:
            found["", identity.schema].add((identity.kind, identity.name, identity.member))
    return found


def _place(item: Object) -> tuple[str, str]:
    return item.identity.schema, item.identity.name


def _likeness(before: Object, after: Object, parts: _Parts) -> float:
    """Say how much of two objects that can be likened is the same."""
    match before:
        case Table() | Composite() | Schema():
            one, other = parts[0].get(_place(before), set()), parts[1].get(_place(after), set())
            common = len(one & other) / max(1, len(one), len(other))
            enough = 1 if isinstance(before, Composite) else _ALIKE
            return common if common >= enough else 0
        case Column():
            distance = abs(before.position - getattr(after, "position", 0))
            return 1 - min(distance, 100) / 10_000
        case _:
            return 1


def _label_pairs(old: Catalog, new: Catalog) -> Iterator[_Pair]:
    for identity, before in old.objects.items():
        after = new.objects.get(identity)
        if isinstance(before, Enum) and isinstance(after, Enum) and before != after:
            for one, other in _exchanged(before.labels, after.labels):
                value = replace(identity, kind=ENUM_VALUE, member=one)
                rename = _rename(value, replace(value, member=other), old)
                yield _Pair(rename=rename, likeness=1)


def _exchanged(before: tuple[str, ...], after: tuple[str, ...]) -> Iterable[tuple[str, str]]:
    """Yield the labels that stand where others stood."""
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
    for tag, start, end, other_start, other_end in matcher.get_opcodes():
        if tag == "replace" and end - start == other_end - other_start:
            for one, other in zip(before[start:end], after[other_start:other_end], strict=True):
                if one not in after and other not in before:
                    yield one, other


def _name_likeness(before: Identity, after: Identity) -> float:
    one, other = (identity.member or identity.name for identity in (before, after))
    return SequenceMatcher(a=one, b=other, autojunk=False).ratio()
