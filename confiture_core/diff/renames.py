"""Renames: objects that live on under another name, and the statements for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from confiture_core import names
from confiture_core.catalog.model import TEXT_NAMED_KINDS, Catalog, Enum, Identity
from confiture_core.diff.operation import Step
from confiture_core.diff.words.type_names import split_signature

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# A label of an enum has an identity only here: its type is altered as a whole elsewhere.
ENUM_VALUE = "enum value"
RELATIONS = ("table", "foreign table", "view", "materialized view")
ROUTINES = ("function", "procedure", "aggregate")
_CONTAINERS = (*RELATIONS, "type", "domain")
_MEMBERS = ("column", "constraint", "domain constraint", "trigger", "policy", "rule", ENUM_VALUE)
KINDS = (*_CONTAINERS, *ROUTINES, *_MEMBERS, "schema", "index", "sequence", "collation")
# While two objects exchange their names, one of them has a third.
_MEANWHILE = "__renamed"
_LONGEST = 63  # bytes: NAMEDATALEN - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename:
    """An object's identity in the old state and in the new one, both of one kind."""

    old: Identity
    new: Identity
    holder: str = ""  # the kind of what a member belongs to: "table", "view", "type", "domain"

    @property
    def inverse(self) -> Rename:
        """The way back."""
        return replace(self, old=self.new, new=self.old)

    @property
    def option(self) -> str:
        """The rename as `--rename` takes it."""
        return f"{dotted(self.old)}={dotted(self.new)}"


def dotted(identity: Identity) -> str:
    """Name an object as users do: `users.name`, `status.active`."""
    parts = [names.quote(identity.schema)] if identity.schema not in ("", "public") else []
    is_text = identity.kind in TEXT_NAMED_KINDS
    parts.append(identity.name if is_text else names.quote(identity.name))
    if identity.kind == ENUM_VALUE:
        label = identity.member
        parts.append(label if names.quote(label) == label else names.literal(label))
    elif identity.member:
        parts.append(names.quote(identity.member))
    return ".".join(parts)


def identities(catalog: Catalog) -> Iterator[Identity]:
    """Yield what of a catalog has a name that can change, the labels of enums included."""
    for identity, item in catalog.objects.items():
        if identity.kind in KINDS:
            yield identity
        if isinstance(item, Enum):
            for label in item.labels:
                yield replace(identity, kind=ENUM_VALUE, member=label)


def holder_of(member: Identity, catalog: Catalog) -> str:
    """Return the kind of what a member belongs to."""
    if not member.member:
        return ""
    bare = replace(member, member="")
    found = (kind for kind in _CONTAINERS if replace(bare, kind=kind) in catalog.objects)
    return next(found, "table")


def arrange(renames: Iterable[Rename]) -> tuple[Rename, ...]:
    """Put renames in an order in which they can run; each names its object as it is by then.

    What holds others comes first. Names that are exchanged take a third one meanwhile.
    """
    done: list[Rename] = []
    for level in range(_LEVELS):
        pending = [rename for rename in renames if _level(rename) == level]
        _arrange_level(sorted(pending, key=lambda rename: rename.old), done)
    return tuple(done)


def carried(identity: Identity, done: Sequence[Rename]) -> Identity:
    """Return what an object is called after renames of what holds it, or of its arguments."""
    for rename in done:
        identity = _carried(identity, rename)
    return identity


def write(rename: Rename) -> tuple[Step, ...]:
    """Write a rename; a change of schema and of name are two statements."""
    old, new = rename.old, rename.new
    moves = bool(old.schema) and old.schema != new.schema
    texts = []
    if moves:
        texts.append(f"ALTER {old.kind.upper()} {_name(old)} SET SCHEMA {names.quote(new.schema)}")
        old = replace(old, schema=new.schema)
    if old != new:
        texts.append(_write(replace(rename, old=old)))
    return tuple(Step(sql=text, identity=_served(new)) for text in texts)


def _served(identity: Identity) -> Identity:
    if identity.kind == ENUM_VALUE:
        return replace(identity, kind="type", member="")
    return identity


def _write(rename: Rename) -> str:
    old, new = rename.old, rename.new
    before, after = names.quote(old.member), names.quote(new.member)
    match old.kind:
        case "column":
            word = "ATTRIBUTE" if rename.holder == "type" else "COLUMN"
            head = f"ALTER {rename.holder.upper()} {_name(old)}"
            return f"{head} RENAME {word} {before} TO {after}"
        case "constraint":
            return f"ALTER TABLE {_name(old)} RENAME CONSTRAINT {before} TO {after}"
        case "domain constraint":
            return f"ALTER DOMAIN {_name(old)} RENAME CONSTRAINT {before} TO {after}"
        case "enum value":
            labels = f"{names.literal(old.member)} TO {names.literal(new.member)}"
            return f"ALTER TYPE {_name(old)} RENAME VALUE {labels}"
        case "trigger" | "policy" | "rule" as kind:
            return f"ALTER {kind.upper()} {before} ON {_name(old)} RENAME TO {after}"
        case kind:
            return f"ALTER {kind.upper()} {_name(old)} RENAME TO {_bare(new)}"


def _name(identity: Identity) -> str:
    if identity.schema == "public":
        identity = replace(identity, schema="")
    return identity.qualified


def _bare(identity: Identity) -> str:
    if identity.kind in ROUTINES:
        return split_signature(identity.name)[0]
    return names.quote(identity.name)


_LEVELS = 4


def _level(rename: Rename) -> int:
    match rename.old.kind:
        case "schema":
            return 0
        case kind if kind in ROUTINES:
            return 2
        case kind if kind in _MEMBERS:
            return 3
        case _:
            return 1


def _arrange_level(pending: list[Rename], done: list[Rename]) -> None:
    before = tuple(done)
    pending = [replace(rename, old=carried(rename.old, before)) for rename in pending]
    pending = [rename for rename in pending if rename.old != rename.new]
    while pending:
        taken = {_place(rename.old) for rename in pending}
        free = [rename for rename in pending if _place(rename.new) not in taken]
        if not free:
            first = pending[0]
            aside = _aside(first.old)
            done.append(replace(first, new=aside))
            pending[0] = replace(first, old=aside)
            continue
        done += free
        pending = [rename for rename in pending if rename not in free]


def _place(identity: Identity) -> tuple[str, ...]:
    """Return what no two objects share: relations and their indexes have one set of names."""
    kind = "relation" if identity.kind in (*_CONTAINERS, "index", "sequence") else identity.kind
    return kind, identity.schema, identity.name, identity.member


def _aside(identity: Identity) -> Identity:
    if identity.member:
        return replace(identity, member=_cut(identity.member))
    if identity.kind in ROUTINES:
        name, types = split_signature(identity.name)
        bare = name[1:-1].replace('""', '"') if name.startswith('"') else name
        return replace(identity, name=f"{names.quote(_cut(bare))}({', '.join(types)})")
    return replace(identity, name=_cut(identity.name))


def _cut(name: str) -> str:
    kept = name.encode()[: _LONGEST - len(_MEANWHILE)].decode(errors="ignore")
    return kept + _MEANWHILE


def _carried(identity: Identity, rename: Rename) -> Identity:
    old, new = rename.old, rename.new
    if identity.kind in ROUTINES and old.kind in (*_CONTAINERS, "schema"):
        name, types = split_signature(identity.name)
        types = tuple(_carried_type(type_, rename) for type_ in types)
        if "(*)" not in identity.name:  # of an aggregate over rows
            identity = replace(identity, name=f"{name}({', '.join(types)})")
    if old.kind == "schema":
        return replace(identity, schema=new.name) if identity.schema == old.name else identity
    is_held = (identity.schema, identity.name) == (old.schema, old.name)
    if identity.member and is_held and old.kind in _CONTAINERS:
        return replace(identity, schema=new.schema, name=new.name)
    return identity


def _carried_type(type_: str, rename: Rename) -> str:
    old, new = rename.old, rename.new
    if old.kind == "schema":
        head = f"{names.quote(old.name)}."
        return type_.replace(head, f"{names.quote(new.name)}.", 1) if head in type_ else type_
    for word in ("", "VARIADIC "):
        base = type_.removeprefix(word).removesuffix("[]")
        if type_.startswith(word) and base == old.qualified:
            return type_.replace(old.qualified, new.qualified, 1)
    return type_
