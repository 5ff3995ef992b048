"""Two catalogs that should be equal, and in what they are not. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from difflib import unified_diff
from typing import TYPE_CHECKING, Any, Literal

from pglast.parser import ParseError, scan

from confiture_core.catalog.model import (
    Catalog,
    Column,
    Identity,
    Index,
    Object,
    Routine,
    Sequence,
    Trigger,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

Class = Literal["residue", "missing", "changed", "access", "order", "wording"]

# Texts that do not fit into a line beside each other.
_LONG = 60
_ACCESS = frozenset({"owner", "privileges"})
# Kinds of relations and types, whose parts come and go with them.
_WHOLES = (
    "table",
    "foreign table",
    "view",
    "materialized view",
    "type",
    "domain",
    "sequence",
)
_COMMENTS = frozenset({"SQL_COMMENT", "C_COMMENT"})
# pg_get_functiondef writes the body between these, with a longer tag where the body has it.
_BODY = re.compile(r"^AS (?P<tag>\$\w*\$)(?P<body>.*)(?P=tag)\s*$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlike:
    """One object in which a catalog is not as it should be."""

    kind: Class
    identity: Identity
    facts: tuple[str, ...] = ()  # "type text instead of character varying(80)"
    detail: str | None = None  # texts of several lines, as lines taken away and added


def compare_catalogs(
    wanted: Catalog, found: Catalog, *, among: AbstractSet[Identity] | None = None
) -> tuple[Unlike, ...]:
    """Say in what `found` is not `wanted`; parts of what is missing or left over go without.

    Only some objects are compared where it is known that all others are the same.
    """
    if wanted is found:
        return ()
    one, other = wanted.objects, found.objects
    among = one.keys() | other.keys() if among is None else among
    unlike = [
        *_gone(found, {each for each in among if each in other and each not in one}, "residue"),
        *_gone(wanted, {each for each in among if each in one and each not in other}, "missing"),
    ]
    both = [each for each in among if each in one and each in other]
    for identity in both:
        if one[identity] is not other[identity] and one[identity] != other[identity]:
            unlike.append(_changed(one[identity], other[identity]))
    unlike += _reordered(wanted, found, among)
    return tuple(sorted(unlike, key=lambda each: (each.identity, each.kind)))


def _gone(
    catalog: Catalog, identities: set[Identity], kind: Literal["residue", "missing"]
) -> Iterator[Unlike]:
    for identity in identities:
        if not any(whole in identities for whole in _wholes(catalog.objects[identity])):
            yield Unlike(kind=kind, identity=identity)


def _wholes(item: Object) -> Iterator[Identity]:
    """Give the identities of what an object may be a part of."""
    identity = item.identity
    if identity.member:
        for kind in _WHOLES:
            yield replace(identity, kind=kind, member="")
    if identity.kind == "default":
        yield replace(identity, kind="column")
    match item:
        case Index(table=table):
            yield table
        case Sequence(owned_by=Identity() as column):
            yield column
            yield replace(column, kind="table", member="")
        case Trigger():
            yield replace(identity, kind="table", member="")
    if identity.schema:
        yield Identity(kind="schema", name=identity.schema)


def _changed(wanted: Object, found: Object) -> Unlike:
    names = _differing(wanted, found)
    kind: Class = "access" if names <= _ACCESS else "changed"
    if (
        isinstance(wanted, Routine)
        and isinstance(found, Routine)
        and names == {"definition"}
        and _without_comments(wanted) == _without_comments(found)
    ):
        kind = "wording"
    texts = {name for name in names if _is_long(wanted, name) or _is_long(found, name)}
    facts = [_fact(name, wanted, found) for name in sorted(names - texts)]
    details = [_lines(name, wanted, found) for name in sorted(texts)]
    return Unlike(
        kind=kind,
        identity=wanted.identity,
        facts=(*facts, *sorted(texts)),
        detail="\n".join(details) or None,
    )


def _is_long(item: Object, name: str) -> bool:
    value = getattr(item, name, None)
    return isinstance(value, str) and ("\n" in value or len(value) > _LONG)


def _lines(name: str, wanted: Object, found: Object) -> str:
    """Write what to add to a text (+) and to take away (-) to have the one wanted."""
    before, after = (str(getattr(item, name) or "").splitlines() for item in (found, wanted))
    return "\n".join(list(unified_diff(before, after, lineterm="", n=1))[2:])


def _differing(wanted: Object, found: Object) -> set[str]:
    if type(wanted) is not type(found):
        return {"kind"}
    return {
        name
        for name in type(wanted).__dataclass_fields__
        if name != "position" or not isinstance(wanted, Column)
        if getattr(wanted, name) != getattr(found, name)
    }


def _fact(name: str, wanted: Object, found: Object) -> str:
    if name == "kind":
        return f"{type(found).__name__.lower()} instead of {type(wanted).__name__.lower()}"
    label = name.replace("_", " ")
    return f"{label} {_shown(getattr(found, name))} instead of {_shown(getattr(wanted, name))}"


def _shown(value: Any) -> str:
    if value is None or value == ():
        return "none"
    if isinstance(value, tuple):
        return ", ".join(_shown_privilege(each) for each in value)
    return " ".join(str(value).split())


def _shown_privilege(value: Any) -> str:
    privilege = getattr(value, "privilege", None)
    if privilege is None:
        return str(value)
    option = " with grant option" if value.grantable else ""
    return f"{privilege} to {value.grantee or 'its owner'}{option}"


def _without_comments(routine: Routine) -> tuple[str, tuple[str, ...]]:
    """Take a definition apart into what comes before the body and the body's tokens."""
    match = _BODY.search(routine.definition)
    if match is None or routine.language not in ("sql", "plpgsql"):
        return routine.definition, ()
    body = match["body"]
    try:
        tokens = scan(body)
    except ParseError:
        return routine.definition, ()
    words = (body[token.start : token.end + 1] for token in tokens if token.name not in _COMMENTS)
    return routine.definition[: match.start()], tuple(words)


def _reordered(wanted: Catalog, found: Catalog, among: AbstractSet[Identity]) -> Iterator[Unlike]:
    columns = [identity for identity in among if identity.kind == "column"]
    before, after = _columns(wanted, columns), _columns(found, columns)
    for table in before.keys() & after.keys():
        names, others = before[table], after[table]
        if names != others and set(names) == set(others):
            facts = (f"{', '.join(others)} instead of {', '.join(names)}",)
            yield Unlike(kind="order", identity=table, facts=facts)


def _columns(catalog: Catalog, wanted: list[Identity]) -> dict[Identity, list[str]]:
    columns: dict[Identity, list[tuple[int, str]]] = defaultdict(list)
    for identity in wanted:
        item = catalog.objects.get(identity)
        if isinstance(item, Column):
            table = replace(identity, kind="table", member="")
            columns[table].append((item.position, identity.member))
    return {table: [name for _, name in sorted(places)] for table, places in columns.items()}
