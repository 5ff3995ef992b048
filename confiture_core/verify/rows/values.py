"""Values of every type, written as SQL. Pure, and the same each time for the same number.

Columns that look like keys get the same value in the same row of every table, so that a foreign
key added later, or a join in a migration, finds its other end. All others differ by column.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from confiture_core import names
from confiture_core.catalog.model import (
    Catalog,
    Composite,
    Domain,
    DomainConstraint,
    Enum,
    Identity,
    RelationColumn,
)
from confiture_core.verify.rows.constants import Constants, constants_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_KEY = re.compile(r"(^|_)(id|uuid|key|guid)s?$|id$")
_TYPE = re.compile(r"(?P<name>.*?)(?:\((?P<arguments>[^()]*)\))?(?P<rest> with(?:out)? time zone)?")
_EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
_NESTING = 4  # of composite types and domains in one another

# Texts that checks tend to ask for, tried where the plain one does not pass.
_TEXTS = (
    "a{n}@example.org",
    "https://example.org/{n}",
    "00000000-0000-4000-8000-{n:012d}",
    "a{n}",
    "A{n}",
    "{n}",
    "{n}.0.0",
    "2024-01-01",
    "127.0.0.1",
    "#00aa{n:02x}",
    "+155501{n:05d}",
    "{n:064x}",
    "{n:040x}",
    "{n:032x}",
    "AA",
    "en",
    "",
    "{{}}",
    "a/b{n}",
    "/a{n}",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a value goes: what it may depend on besides the type."""

    column: str
    number: int  # of the row

    @property
    def spread(self) -> int:
        """A number below 1,000 that is the column's own; 0 for what looks like a key."""
        if _KEY.search(self.column):
            return 0
        return zlib.crc32(self.column.encode()) % 999 + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Types:
    """The user's types of a catalog, by the names that columns give them."""

    enums: Mapping[str, Enum] = field(default_factory=dict)
    domains: Mapping[str, Domain] = field(default_factory=dict)
    composites: Mapping[str, tuple[RelationColumn, ...]] = field(default_factory=dict)
    checks: Mapping[str, Constants] = field(default_factory=dict)  # of domains

    def candidates(self, type_: str, place: Place, wanted: Constants) -> Iterator[str]:
        """Give SQL expressions of a type, the likeliest first."""
        given = set()
        for each in self._candidates(type_, place, wanted, _NESTING):
            if each not in given:
                given.add(each)
                yield each

    def _candidates(self, type_: str, place: Place, wanted: Constants, depth: int) -> Iterator[str]:
        if type_.endswith("[]"):
            for each in self._candidates(type_[:-2], place, wanted, depth):
                yield f"ARRAY[{each}]::{type_}"
            yield f"'{{}}'::{type_}"
        elif type_ in self.enums:
            labels = self.enums[type_].labels
            start = place.number % max(len(labels), 1)
            for label in (*labels[start:], *labels[:start]):
                yield f"{names.literal(label)}::{type_}"
        elif type_ in self.domains and depth:
            checks = self.checks.get(type_, Constants())
            base = self.domains[type_].base_type
            for each in self._candidates(base, place, wanted.and_(checks), depth - 1):
                yield f"({each})::{type_}"
        elif type_ in self.composites and depth:
            yield self._row(type_, place, depth - 1)
        else:
            yield from (f"{names.literal(text)}::{type_}" for text in _texts(type_, place, wanted))

    def _row(self, type_: str, place: Place, depth: int) -> str:
        nothing = Constants()
        parts = (
            next(self._candidates(each.type, place, nothing, depth), "NULL")
            for each in self.composites[type_]
        )
        return f"ROW({', '.join(parts)})::{type_}"


def read_types(catalog: Catalog) -> Types:
    """Find the user's types in a catalog."""
    enums: dict[str, Enum] = {}
    domains: dict[str, Domain] = {}
    composites: dict[str, tuple[RelationColumn, ...]] = {}
    attributes: dict[tuple[str, str], list[RelationColumn]] = {}
    checks: dict[str, Constants] = {}
    for identity, item in catalog.objects.items():
        match item:
            case Enum():
                enums[identity.qualified] = item
            case Domain():
                domains[identity.qualified] = item
            case Composite():
                composites[identity.qualified] = ()
            case RelationColumn():
                attributes.setdefault((identity.schema, identity.name), []).append(item)
            case DomainConstraint(definition=definition):
                name = Identity(kind="domain", schema=identity.schema, name=identity.name).qualified
                checks[name] = checks.get(name, Constants()).and_(constants_of(definition))
    for (schema, name), columns in attributes.items():
        qualified = names.qualified(schema, name)
        if qualified in composites:
            composites[qualified] = tuple(sorted(columns, key=lambda each: each.position))
    return Types(enums=enums, domains=domains, composites=composites, checks=checks)


def _texts(type_: str, place: Place, wanted: Constants) -> Iterator[str]:
    """Give values of a type of PostgreSQL's, or of an extension's, as they are typed in."""
    match = _TYPE.fullmatch(type_)
    assert match is not None
    name = (match["name"] + (match["rest"] or "")).rpartition(".")[2].strip('"')
    arguments = [part.strip() for part in (match["arguments"] or "").split(",") if part.strip()]
    if name in _STRINGS:
        limit = int(arguments[0]) if arguments else (1 if name == "character" else None)
        yield from _strings(place, wanted, limit)
    elif name in _NUMBERS:
        yield from _numbers(name, place, wanted, arguments)
    else:
        known = _KNOWN.get(name)
        if known is not None:
            yield from known(place, arguments)
        if name == "bytea":
            yield from ("\\x" + text.encode().hex() for text in _of_lengths(wanted, "key-0"))
        yield from wanted.texts
        # A type of nobody knows where: something it may read.
        yield from ("empty", "{}", "1", "a", "(0,0)", "POINT(0 0)", "[1]", "")


def _strings(place: Place, wanted: Constants, limit: int | None) -> Iterator[str]:
    number = place.number
    plain = f"{place.column[:20]} {number}" if place.spread else f"key-{number}"
    if place.spread and number % 2:
        # What takes capitals away, or gives all of them, is seen.
        plain = plain[0].upper() + plain[1:]
    if limit is not None and len(plain) > limit:
        plain = f"{place.column[0]}{number}" if limit > 1 else chr(ord("a") + number % 26)
    for text in (plain, *wanted.texts, *_of_lengths(wanted, plain)):
        if limit is None or len(text) <= limit:
            yield text
    for text in (*(each.format(n=number) for each in _TEXTS), *map(str, wanted.numbers)):
        if limit is None or len(text) <= limit:
            yield text


def _of_lengths(wanted: Constants, plain: str) -> Iterator[str]:
    """Give texts as long as the numbers that a check names."""
    for number in wanted.numbers:
        length = int(number)
        if 0 < length <= 10_000:
            yield plain[-length:].rjust(length, "x")


def _numbers(name: str, place: Place, wanted: Constants, arguments: list[str]) -> Iterator[str]:
    plain = 20_000 + place.spread * 10 + place.number % 10 + place.number // 10 * 10_000
    if name == "numeric" and arguments:
        precision, scale = int(arguments[0]), int(arguments[1]) if len(arguments) > 1 else 0
        whole = plain % 10 ** max(precision - scale, 0)
        part = f".{(place.number + 1) * 1234567 % 10**scale:0{scale}d}" if scale > 0 else ""
        yield f"{whole}{part}"
    elif name in ("numeric", "real", "double precision"):
        yield f"{plain}.{place.number % 8 * 125:03d}"
    elif name == "smallint":
        yield str(plain % 32_000)
    else:
        yield str(plain)
    for number in wanted.numbers:
        yield from (str(number), str(number + 1), str(number - 1))
    yield from (str(place.number), "1", "0", "-1", "0.5", "100")


def _moment(place: Place) -> datetime:
    return _EPOCH + timedelta(days=place.number, seconds=place.spread)


def _bits(place: Place, arguments: list[str]) -> Iterator[str]:
    width = int(arguments[0]) if arguments else 1
    yield f"{(place.spread + place.number) % 2**width:0{width}b}"


def _vector(place: Place, arguments: list[str]) -> Iterator[str]:
    width = int(arguments[0]) if arguments else 3
    yield f"[{','.join(str((place.number + each) % 7) for each in range(width))}]"


def _always(text: str) -> Callable[[Place, list[str]], Iterator[str]]:
    """Write a value with {n} for the number of the row and {s} for the column's own."""

    def give(place: Place, arguments: list[str]) -> Iterator[str]:
        moment = _moment(place)
        yield text.format(
            n=place.number, s=place.spread, c=place.column, day=moment.date(), moment=moment
        )

    return give


_STRINGS = frozenset({"text", "character varying", "character", "citext", "name", "varchar"})
_NUMBERS = frozenset(
    {"smallint", "integer", "bigint", "numeric", "real", "double precision", "money", "oid"}
)
_KNOWN: Mapping[str, Callable[[Place, list[str]], Iterator[str]]] = {
    "boolean": lambda place, _: iter(("tf"[place.number % 2], "ft"[place.number % 2])),
    "char": lambda place, _: iter((chr(ord("a") + (place.number + place.spread) % 26),)),
    "bytea": _always("\\x{s:04x}{n:04x}"),
    "date": _always("{day}"),
    "timestamp without time zone": _always("{moment:%Y-%m-%d %H:%M:%S}"),
    "timestamp with time zone": _always("{moment:%Y-%m-%d %H:%M:%S}+00"),
    "time without time zone": _always("{moment:%H:%M:%S}.{n:03d}"),
    "time with time zone": _always("{moment:%H:%M:%S}.{n:03d}+00"),
    "interval": _always("{n} days {s} seconds"),
    "uuid": _always("00000000-0000-4000-8{s:03d}-{n:012d}"),
    "json": _always('{{"{c}": {n}}}'),
    "jsonb": _always('{{"{c}": {n}}}'),
    "jsonpath": _always("$.a{n}"),
    "xml": _always("<a>{n}</a>"),
    "inet": _always("10.0.{n}.1"),
    "cidr": _always("10.{n}.0.0/16"),
    "macaddr": _always("08:00:2b:01:02:{n:02x}"),
    "macaddr8": _always("08:00:2b:01:02:03:04:{n:02x}"),
    "bit": _bits,
    "bit varying": _bits,
    "point": _always("({s},{n})"),
    "line": _always("{{1,{s},{n}}}"),
    "lseg": _always("[(0,{n}),(1,{s})]"),
    "box": _always("(1,{n}),(0,{n})"),
    "path": _always("[(0,{n}),(1,{s})]"),
    "polygon": _always("((0,0),(1,{n}),({s},0))"),
    "circle": _always("<({s},{n}),1>"),
    "tsvector": _always("a{n} b{s}"),
    "tsquery": _always("a{n}"),
    "int4range": _always("[{n}0,{n}5)"),
    "int8range": _always("[{n}0,{n}5)"),
    "numrange": _always("[{n}0,{n}5)"),
    "daterange": _always("[{day},{day}]"),
    "tsrange": _always("[{moment:%Y-%m-%d},{moment:%Y-%m-%d}]"),
    "tstzrange": _always("[{moment:%Y-%m-%d},{moment:%Y-%m-%d}]"),
    "int4multirange": _always("{{[{n}0,{n}5)}}"),
    "int8multirange": _always("{{[{n}0,{n}5)}}"),
    "nummultirange": _always("{{[{n}0,{n}5)}}"),
    "datemultirange": _always("{{[{day},{day}]}}"),
    "tsmultirange": _always("{{}}"),
    "tstzmultirange": _always("{{}}"),
    "pg_lsn": _always("0/{n:X}"),
    "regclass": _always("pg_class"),
    "regtype": _always("integer"),
    "hstore": _always('"{c}"=>"{n}"'),
    "ltree": _always("a.b{n}"),
    "vector": _vector,
    "geometry": _always("SRID=4326;POINT({n} 0)"),
    "geography": _always("SRID=4326;POINT({n} 0)"),
}
