"""Renames as users ask for them: `users.name=users.full_name`, or a comment in a schema file."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pglast import parse_sql
from pglast.parser import ParseError

from confiture_core.diff.renames import (
    ROUTINES,
    Rename,
    carried,
    dotted,
    holder_of,
    identities,
)
from confiture_core.diff.words.type_names import may_be, split_signature
from confiture_core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from confiture_core.catalog.model import Catalog, Identity

# A name as SQL has it, a label in quotes, or what stands between two dots.
_PART = re.compile(r'"((?:[^"]|"")*)"|\'((?:[^\']|\'\')*)\'|([^.=\'"(]+)')


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameRequest:
    """One wish of a user's; a comment's holds only as long as the old name is there."""

    old: str
    new: str
    kind: str = ""  # of the objects, where it is known
    shown: str | None = None  # the file of a comment
    line: int | None = None

    @property
    def is_comment(self) -> bool:
        """Whether the request stands in a schema file, for good."""
        return self.shown is not None


def parse_request(text: str) -> RenameRequest:
    """Parse OLD=NEW; raises ConfigError."""
    text = text.strip()
    _, end = _parse(text, text)
    if not text.startswith("=", end):
        raise _malformed(text)
    new = text[end + 1 :].strip()
    _name(new, text)
    return RenameRequest(old=text[:end].strip(), new=new)


def resolve(
    requests: Iterable[RenameRequest], old: Catalog, new: Catalog
) -> tuple[tuple[Rename, ...], tuple[str, ...]]:
    """Find what is to be renamed; and notes on comments that say nothing any more.

    Raises ConfigError where a request names nothing, several things, or things of two kinds.
    """
    requests = tuple(requests)
    if not requests:
        return (), ()
    resolver = _Resolver(old, new)
    # A column's old name may be given alone: its table's has to be known by then.
    for request in sorted(requests, key=lambda request: _depth(request)):
        resolver.add(request)
    resolver.check_free()
    return tuple(resolver.renames), tuple(resolver.notes)


@dataclass(frozen=True, slots=True)
class _Part:
    text: str
    is_exact: bool

    @property
    def folded(self) -> str:
        return self.text if self.is_exact else self.text.lower()


@dataclass(frozen=True, slots=True)
class _Name:
    """A name of one to three parts, and a routine's types if they are given."""

    parts: tuple[_Part, ...]
    types: str | None = None

    def __str__(self) -> str:
        return ".".join(part.text for part in self.parts) + (self.types or "")


class _Side:
    """A catalog's objects by their dotted names."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.identities = set(identities(catalog))
        self._by_name: dict[tuple[str, ...], list[Identity]] = defaultdict(list)
        for identity in self.identities:
            for key in _keys(identity):
                self._by_name[key].append(identity)

    def find(self, name: _Name) -> list[Identity]:
        """Return what a name can mean: in public first, else in any schema."""
        found: set[Identity] = set()
        for last in {name.parts[-1].text, name.parts[-1].folded}:
            parts = (*(part.folded for part in name.parts[:-1]), last)
            exact = self._by_name.get(parts, []) + self._by_name.get(("public", *parts), [])
            found.update(exact or self._by_name.get(("*", *parts), []))
        return [identity for identity in found if _has_types(identity, name.types)]

    def members(self, relation: tuple[str, str], name: _Name) -> list[Identity]:
        """Return the members of a relation that a name of one part can mean."""
        schema, table = relation
        last = name.parts[-1]
        keys = {(schema, table, text) for text in (last.text, last.folded)}
        return [identity for key in keys for identity in self._by_name.get(key, ())]


def _keys(identity: Identity) -> Iterator[tuple[str, ...]]:
    bare = identity.name
    if identity.kind in ROUTINES:
        bare = _unquoted(split_signature(identity.name)[0])
    own = (bare, identity.member) if identity.member else (bare,)
    yield (identity.schema, *own) if identity.schema else own
    yield ("*", *own)


def _unquoted(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name


def _has_types(identity: Identity, types: str | None) -> bool:
    if types is None:
        return True
    if identity.kind not in ROUTINES:
        return False
    try:
        arguments = parse_sql(f"DROP FUNCTION f{types}")[0].stmt.objects[0].objargs or ()  # type: ignore[union-attr]  # the grammar says which fields are there
    except ParseError:
        return False
    written = split_signature(identity.name)[1]
    return len(written) == len(arguments) and all(map(may_be, arguments, written))


class _Resolver:
    """Holds what was resolved before."""

    def __init__(self, old: Catalog, new: Catalog) -> None:
        self._old, self._new = _Side(old), _Side(new)
        self.renames: list[Rename] = []
        self.notes: list[str] = []
        self._requests: list[RenameRequest] = []  # of the renames, one each

    def add(self, request: RenameRequest) -> None:
        names = (_name(request.old, request.old), _name(request.new, request.new))
        pairs = self._pairs(request, *names)
        if request.is_comment and self._is_past(request, names[1], pairs):
            return
        if not pairs:
            raise self._refusal(request, *names)
        if len(pairs) > 1 and not all(old.kind in ROUTINES for old, _ in pairs):
            raise _error(
                request,
                "it can mean more than one object",
                detail="\n".join(f"{old} → {new}" for old, new in pairs),
                hint="name the schema too, or a function's arguments",
            )
        for before, after in pairs:
            self._check(request, before, after)
            holder = holder_of(before, self._old.catalog)
            self.renames.append(Rename(old=before, new=after, holder=holder))
            self._requests.append(request)

    def _pairs(
        self, request: RenameRequest, old: _Name, new: _Name
    ) -> list[tuple[Identity, Identity]]:
        before = [i for i in self._old.find(old) if request.kind in ("", i.kind)]
        after = [i for i in self._new.find(new) if request.kind in ("", i.kind)]
        pairs = [(one, other) for one in before for other in after if self._may_be(one, other)]
        if not pairs and len(new.parts) == 1:
            pairs = [
                (one, other)
                for one in before
                if one.member
                for other in self._new.members(self._holder_after(one), new)
                if one.kind == other.kind
            ]
        if not pairs and len(old.parts) == 1:
            pairs = [
                (one, other)
                for other in after
                if other.member
                for one in self._old.members(self._holder_before(other), old)
                if one.kind == other.kind
            ]
        return sorted(pair for pair in pairs if pair[0] != pair[1])

    def _may_be(self, old: Identity, new: Identity) -> bool:
        if old.kind != new.kind:
            return False
        if old.kind not in ROUTINES:
            return True
        types = split_signature(carried(old, self.renames).name)[1]
        return types == split_signature(new.name)[1]

    def _holder_after(self, member: Identity) -> tuple[str, str]:
        there = carried(member, self.renames)
        return there.schema, there.name

    def _holder_before(self, member: Identity) -> tuple[str, str]:
        there = self._before(member)
        return there.schema, there.name

    def _is_past(
        self, request: RenameRequest, new: _Name, pairs: list[tuple[Identity, Identity]]
    ) -> bool:
        """Tell whether a comment speaks of a rename that was made, or of what never was here."""
        if any(self._before(after) not in self._old.identities for _, after in pairs):
            return False
        if not pairs:
            wanted = [i for i in self._new.find(new) if i.kind == request.kind]
            is_new = any(self._before(i) not in self._old.identities for i in wanted)
            if is_new and any(self._has_holder(identity) for identity in wanted):
                self.notes.append(
                    f"{request.shown}:{request.line}: nothing is renamed from"
                    f' "{request.old}": there is none in the old state'
                )
        return True

    def _before(self, identity: Identity) -> Identity:
        """Return what an object of the new state was called when only its holder is renamed."""
        return carried(identity, [rename.inverse for rename in reversed(self.renames)])

    def _has_holder(self, identity: Identity) -> bool:
        """Tell whether what a member belongs to was there before."""
        if not identity.member:
            return False
        holder = replace(self._before(identity), kind=holder_of(identity, self._new.catalog))
        return replace(holder, member="") in self._old.identities

    def check_free(self) -> None:
        """Refuse new names that objects of the old state have and keep."""
        leaving = {rename.old for rename in self.renames}
        for request, rename in zip(self._requests, self.renames, strict=True):
            there = self._before(rename.new)
            if there in self._old.identities and there not in leaving:
                raise _error(request, f"there is a {there} in the old state already")

    def _check(self, request: RenameRequest, before: Identity, after: Identity) -> None:
        if any(rename.old == before for rename in self.renames):
            raise _error(request, f"{before} is renamed twice")
        if any(rename.new == after for rename in self.renames):
            raise _error(request, f"two objects are renamed to {after}")
        if before.member and self._holder_after(before) != (after.schema, after.name):
            holder = replace(before, kind=holder_of(before, self._old.catalog), member="")
            target = replace(after, kind=holder_of(after, self._new.catalog), member="")
            raise _error(
                request,
                f"a {before.kind} cannot move from {holder} to {target}",
                hint=f"if that was renamed as well: --rename {dotted(holder)}={dotted(target)}",
            )

    def _refusal(self, request: RenameRequest, old: _Name, new: _Name) -> ConfigError:
        before, after = self._old.find(old), self._new.find(new)
        if not before:
            return _error(request, f'there is no "{old}" in the old state')
        if not after:
            return _error(request, f'there is no "{new}" in the new state')
        if before == after:
            return _error(request, "the two names are the same")
        if {identity.kind for identity in before}.isdisjoint(i.kind for i in after):
            one, other = before[0].kind, after[0].kind
            return _error(request, f'"{old}" is a {one}, "{new}" a {other}')
        return _error(request, f'"{old}" and "{new}" have other arguments')


def _depth(request: RenameRequest) -> tuple[bool, int]:
    parts = (_name(request.old, request.old), _name(request.new, request.new))
    is_member = request.kind in ("column", "constraint", "enum value", "domain constraint")
    return is_member, max(len(name.parts) for name in parts)


def _name(text: str, whole: str) -> _Name:
    name, end = _parse(text, whole)
    if end != len(text):
        raise _malformed(whole)
    return name


def _parse(text: str, whole: str) -> tuple[_Name, int]:
    """Read a dotted name; return it and where it ends."""
    parts: list[_Part] = []
    position = 0
    while found := _PART.match(text, position):
        identifier, label, plain = found.groups()
        if identifier is not None:
            parts.append(_Part(identifier.replace('""', '"'), is_exact=True))
        elif label is not None:
            parts.append(_Part(label.replace("''", "'"), is_exact=True))
        else:
            parts.append(_Part(plain.strip(), is_exact=False))
        position = found.end()
        if not text.startswith(".", position):
            break
        position += 1
    types = None
    if text.startswith("(", position):
        end = text.find(")", position) + 1
        types, position = text[position:end], end
    if not 1 <= len(parts) <= 3 or (types is not None and not types):
        raise _malformed(whole)
    return _Name(tuple(parts), types), position


def _malformed(text: str) -> ConfigError:
    return ConfigError(
        f'--rename "{text}" is not of the form OLD=NEW',
        hint="for example: --rename users.name=users.full_name",
    )


def _error(
    request: RenameRequest, reason: str, *, detail: str | None = None, hint: str | None = None
) -> ConfigError:
    if request.is_comment:
        message = f'"renamed from {request.old}": {reason}'
    else:
        message = f"--rename {request.old}={request.new}: {reason}"
    return ConfigError(message, path=request.shown, line=request.line, detail=detail, hint=hint)
