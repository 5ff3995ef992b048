"""Reading a catalog again after a few changes: what was not touched is not read again.

What the open transaction has touched is found by its locks; of transactions that are over, by a
look at the rows of the system catalogs. Only that is read. Whatever may change the texts of other
objects (a rename, a type, a partition, anything rarer than relations and routines) has the whole
catalog read.
"""

from __future__ import annotations

import json
from collections import ChainMap, Counter, defaultdict
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import psycopg
from psycopg import errors
from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row

from confiture_core.catalog import held, looking, reader, rows
from confiture_core.catalog.dependencies import PG_CLASS, Address, Edge
from confiture_core.catalog.looking import PG_PROC, Known, Look, Seen
from confiture_core.catalog.overlay import Overlay
from confiture_core.catalog.reading import Moment, Reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from confiture_core.catalog.model import Identity, Object

    Connection = psycopg.Connection[Any]
    Found = dict[str, list[dict[str, Any]]]

_OPEN = "savepoint confiture_reading"
_CLOSE = "rollback to savepoint confiture_reading; release savepoint confiture_reading"
_SETTINGS = "select {}".format(
    ", ".join(
        f"pg_catalog.set_config('{name}', '{value}', true)"
        for name, value in {
            **reader._SETTINGS,
            "plan_cache_mode": "force_generic_plan",
        }.items()
    )
)


_XID = (
    "select pg_catalog.txid_current() operator(pg_catalog.%)"
    " (1::pg_catalog.int8 operator(pg_catalog.<<) 32)"
)


# Up to so many objects a first look at the system catalogs takes longer than to read everything.
_FEW = 100


class Follower:
    """Reads the catalog of one database again and again, over one connection.

    One that is `brief` is to be followed by at most one reading, on another connection: of a few
    objects it does not take down what a following reading would look for.
    """

    def __init__(
        self, connection: Connection, *, default_owner: str | None = None, brief: bool = False
    ) -> None:
        self.connection = connection
        self._brief = brief
        self._default_owner = default_owner  # whose objects have no owner of note
        self._version = connection.info.server_version // 10_000
        # psycopg would deallocate ours together with its own.
        connection.prepare_threshold = None
        self._prepared: dict[str, str] = {}  # by what they read, the names of statements
        self._preparations = 0  # the number is in their names
        self._opening = ""  # what goes before the next message
        # Since when the last reading looked, the counters then and the relations changed.
        self._found: dict[Moment, tuple[tuple[int, ...], frozenset[int]]] = {}
        # Not everybody may look into all catalogs.
        self._may_look = connection.info.parameter_status("is_superuser") == "on"

    def read(self) -> Reading:
        """Read everything, and what depends on what."""
        with self.connection.transaction(), self._reading() as cursor:
            reading = self._read_all(cursor)
        return replace(reading, catalog=reading.complete())

    def read_since(self, base: Reading, moment: Moment) -> Reading:
        """Read what the open transaction, begun at this moment, has changed since a reading."""
        if not self._may_look or not base.known:
            return self.read()
        base = base.settled()
        try:
            with self._reading() as cursor:
                if moment.written is None:
                    return self._follow(cursor, base, moment, looking.catalogs(self._version))
                return self._follow_held(cursor, base, moment, moment.written)
        except errors.InvalidSqlStatementName:
            # A migration has deallocated what the session had prepared.
            self._prepared.clear()
            return self.read_since(base, moment)

    def read_later(self, base: Reading, moment: Moment) -> Reading:
        """Read what all transactions since this moment have changed."""
        with self.connection.transaction():
            return self.read_since(base, replace(moment, written=None))

    def begin(self) -> Moment:
        """Give the moment: of the open transaction that was just begun, or of now."""
        query = f"{_XID}; {held.counters(self._version)}"
        with self.connection.cursor(row_factory=tuple_row) as cursor:
            cursor.execute(query.encode(), prepare=False)
            (xid,) = cursor.fetchone() or ("",)
            cursor.nextset()
            (written,) = cursor.fetchone() or (None,)
        return Moment(xid=str(xid), written=written and tuple(written))

    def renew(self, base: Reading) -> Reading:
        """Take the inventory again, for readings after other transactions: nothing has changed."""
        if not self._may_look or not any(each.is_stale for each in base.known.values()):
            return base
        with self.connection.cursor(row_factory=tuple_row) as cursor:
            return replace(base, known=self._inventory(cursor))

    @contextmanager
    def _reading(self) -> Iterator[psycopg.Cursor[Any]]:
        """Read behind a savepoint, so that no setting of the caller's is changed."""
        with self.connection.cursor(row_factory=tuple_row) as cursor:
            self._opening = f"{_OPEN}; {_SETTINGS}"
            try:
                yield cursor
            finally:
                status = self.connection.info.transaction_status
                if not self._opening and status != TransactionStatus.UNKNOWN:
                    cursor.execute(_CLOSE, prepare=False)

    def _send(self, cursor: psycopg.Cursor[Any], *statements: str) -> None:
        """Send statements in one message; a look costs less than the way there."""
        opening, self._opening = self._opening, ""
        cursor.execute("; ".join(filter(None, (opening, *statements))).encode(), prepare=False)

    def _follow_held(
        self, cursor: psycopg.Cursor[Any], base: Reading, moment: Moment, before: tuple[int, ...]
    ) -> Reading:
        """Read what the locks of the transaction lead to; or everything."""
        since, changed = self._found.get(moment, (before, frozenset()))
        arrays = (f"'{{{','.join(map(str, each))}}}'" for each in (before, since, sorted(changed)))
        statement = held.held_statement(self._version)
        call = self._call("held", statement, f"'{moment.xid}', {', '.join(arrays)}")
        # Catalogs grow, and plans stay.
        self._send(cursor, "set local enable_seqscan = off", *call, "set local enable_seqscan = on")
        found: Found = defaultdict(list)
        found.update({query: json.loads(text) for query, text in self._rows(cursor)})
        seen = held.conclude(found, before, base.known, self._version)
        self._found = {moment: (seen.counters, seen.relations)} if seen.counters else {}
        if not seen.written:
            return base
        if seen.is_rare:
            return self._read_all(cursor)
        look = self._look(cursor, base, moment, [n for n in seen.written if n in held.LOOKED_AT])
        if look is None:
            return self._read_all(cursor)
        look = seen.added_to(look)
        if look.is_empty:
            return _unchanged(base, look)
        if look.has_other_comments:
            self._send(cursor, looking.comments_statement(self._version))
            found.update({query: json.loads(text) for query, text in self._rows(cursor)})
        return _merge(base, found, look) or self._read_all(cursor)

    def _look(
        self, cursor: psycopg.Cursor[Any], base: Reading, moment: Moment, names: Sequence[str]
    ) -> Look | None:
        """Look at catalogs; None where something was touched that has everything read again."""
        seen: dict[str, Seen] = {}
        if names:
            statements = [
                self._call(f"look_{name}", looking.look_statement(name), f"'{moment.xid}'")
                for name in names
            ]
            self._send(cursor, *(one for each in statements for one in each))
            seen = {
                name: Seen(count, rare, frozenset(touched or ()), frozenset(parts or ()), is_rare)
                for name, count, rare, touched, parts, is_rare in self._rows(cursor)
            }
        if looking.is_rare(seen, base.known):
            return None
        return looking.conclude(seen, base.known, self._list(cursor, seen, base.known))

    def _follow(
        self, cursor: psycopg.Cursor[Any], base: Reading, moment: Moment, names: Sequence[str]
    ) -> Reading:
        """Look at catalogs and read what is touched; or everything."""
        is_stale = any(each.is_stale for each in base.known.values())
        look = None if is_stale else self._look(cursor, base, moment, names)
        if look is None:
            return self._read_all(cursor)
        if look.is_empty:
            return _unchanged(base, look)
        return self._read_touched(cursor, base, look) or self._read_all(cursor)

    def _list(
        self, cursor: psycopg.Cursor[Any], seen: Mapping[str, Seen], known: Mapping[str, Known]
    ) -> dict[str, frozenset[int]]:
        names = looking.shrunk(seen, known)
        if not names:
            return {}
        self._send(cursor, *map(looking.list_statement, names))
        return {name: frozenset(oids or ()) for name, oids in self._rows(cursor)}

    def _read_touched(
        self, cursor: psycopg.Cursor[Any], base: Reading, look: Look
    ) -> Reading | None:
        arrays = (
            f"'{{{','.join(map(str, sorted(each)))}}}'"
            for each in (look.relations(), look.touched("pg_proc"), look.touched("pg_depend"))
        )
        touched = looking.touched_statement(self._version)
        statements = self._call("touched", touched, ", ".join(arrays))
        if look.has_other_comments:
            statements.append(looking.comments_statement(self._version))
        self._send(cursor, *statements)
        found: Found = defaultdict(list)
        found.update({query: json.loads(text) for query, text in self._rows(cursor)})
        return _merge(base, found, look)

    def _call(self, name: str, statement: str, arguments: str) -> list[str]:
        """Write the call of a prepared statement, with its preparation where it is the first."""
        first = []
        if name not in self._prepared:
            self._preparations += 1
            self._prepared[name] = f"confiture_{name}_{self._preparations}"
            first = [f"prepare {self._prepared[name]}{statement}"]
        return [*first, f"execute {self._prepared[name]}({arguments})"]

    def _rows(self, cursor: psycopg.Cursor[Any]) -> Iterator[Any]:
        """Go through the rows of all statements of the last message."""
        while True:
            if cursor.description and cursor.description[0].name != "set_config":
                yield from cursor
            if not cursor.nextset():
                return

    def _read_all(self, cursor: psycopg.Cursor[Any]) -> Reading:
        if self._opening:
            self._send(cursor)
        reading = _read_all(cursor, self._default_owner)
        if not self._may_look or (self._brief and len(reading.catalog.objects) <= _FEW):
            return reading
        return replace(reading, known=self._inventory(cursor))

    def _inventory(self, cursor: psycopg.Cursor[Any]) -> dict[str, Known]:
        cursor.execute(looking.inventory(self._version).encode(), prepare=False)
        return {
            name: Known(
                count=count,
                rare_count=rare_count,
                oids=frozenset(oids or ()),
                rare=frozenset(rare or ()),
            )
            for name, count, rare_count, oids, rare in cursor
        }


def _read_all(cursor: psycopg.Cursor[Any], default_owner: str | None) -> Reading:
    server = reader._prepare(cursor)
    cursor.execute(reader._statement(server.version // 10_000, server.without), prepare=False)
    found: Found = defaultdict(list)
    found.update({query: json.loads(text) for query, text in cursor})
    edges: dict[str, list[Edge]] = defaultdict(list)
    for row in found["dependency"]:
        edges[row["edge"][1]].append(tuple(row["edge"]))
    comments = {rows._address(row): row["comment"] for row in found["comment"]}
    with reader._collector_paused():
        catalog, identities = rows.build(
            found, server_version=server.version, default_owner=default_owner or server.user
        )
    return Reading(
        catalog=catalog,
        identities=identities,
        parts=_parts(identities),
        tables=_tables(identities),
        edges={oid: tuple(each) for oid, each in edges.items()},
        comments=comments,
        known={},
        kinds=Counter(identity.kind for identity in catalog.objects),
    )


def _unchanged(base: Reading, look: Look) -> Reading:
    return replace(base, known=look.known, changed=frozenset(), mark=object(), follows=base.mark)


def _parts(identities: Mapping[Address, Identity]) -> dict[tuple[str, str], tuple[Address, ...]]:
    parts: dict[tuple[str, str], list[Address]] = defaultdict(list)
    for address, identity in identities.items():
        if address[0] == PG_CLASS or identity.member:
            parts[identity.schema, identity.name].append(address)
    return {name: tuple(addresses) for name, addresses in parts.items()}


def _tables(identities: Mapping[Address, Identity]) -> dict[int, Identity]:
    return {
        int(oid): identity
        for (classid, oid, part), identity in identities.items()
        if part == 0 and classid == PG_CLASS and identity.kind == "table"
    }


def _merge(base: Reading, found: Found, look: Look) -> Reading | None:
    """Put what was read in the place of what was there before; None if that is not enough."""
    if any(row["edge"][6] == "x" for row in found["dependency"]):
        return None
    comments = base.comments
    if look.has_other_comments:
        comments = {rows._address(row): row["comment"] for row in found["comment"]}
    context = _Partial(found, base, comments)
    if context.is_renamed:
        return None
    wanted = {str(row["oid"]) for row in found["wanted"]}
    # Relations whose parts are all read again, or gone with them.
    relations = wanted | {oid for classid, oid in look.gone if classid == PG_CLASS}
    names = {
        (identity.schema, identity.name)
        for oid in relations
        if (identity := base.identities.get((PG_CLASS, oid, 0)))
    }
    replaced = {address for name in names for address in base.parts.get(name, ())}
    replaced.update((*each, 0) for each in look.gone)
    replaced.update((PG_PROC, str(oid), 0) for oid in look.touched("pg_proc"))
    removed = {base.identities[address] for address in replaced if address in base.identities}
    built = [rows._object(kind, row, context) for kind, row in list(rows._object_rows(found))]
    objects = {each.identity: each for each in built}
    objects.update(_commented(base, comments, replaced))
    if context.needs_everything(base.comments, comments, wanted):
        return None
    gone_tables = {int(oid) for oid in relations}
    changed = frozenset({*removed, *objects})
    return Reading(
        catalog=replace(
            base.catalog,
            objects=Overlay(base.catalog.objects, removed, objects),
            dependencies=frozenset(),
        ),
        identities=Overlay(base.identities, replaced, context.own),
        parts=Overlay(base.parts, names, _parts(context.own)),
        tables=Overlay(base.tables, gone_tables, _tables(context.own)),
        edges=_edges(base, found, wanted, look, replaced),
        comments=comments,
        known=look.known,
        kinds=_counted(base, changed, objects),
        changed=changed,
        follows=base.mark,
    )


def _counted(
    base: Reading, changed: frozenset[Identity], now: Mapping[Identity, Object]
) -> Mapping[str, int]:
    kinds = Counter(base.kinds)
    for identity in changed:
        kinds[identity.kind] += (identity in now) - (identity in base.catalog.objects)
    return +kinds


def _commented(
    base: Reading, comments: Mapping[Address, str], replaced: set[Address]
) -> Iterator[tuple[Identity, Object]]:
    """Change the comments of objects that were not touched otherwise."""
    for address in _differing(base.comments, comments):
        if address in base.identities and address not in replaced:
            identity = base.identities[address]
            item = base.catalog.objects[identity]
            yield identity, replace(item, comment=comments.get(address))


def _differing(before: Mapping[Address, str], after: Mapping[Address, str]) -> list[Address]:
    if before is after:
        return []
    addresses = before.keys() | after.keys()
    return [address for address in addresses if before.get(address) != after.get(address)]


def _edges(
    base: Reading, found: Found, wanted: set[str], look: Look, replaced: set[Address]
) -> Mapping[str, tuple[Edge, ...]]:
    new: dict[str, list[Edge]] = defaultdict(list)
    for row in found["dependency"]:
        new[row["edge"][1]].append(tuple(row["edge"]))
    # A constraint, too, is gone without a trace where its table is read again.
    removed = wanted | {address[1] for address in replaced}
    for classid, oid in look.gone:
        if oid in base.edges and str(base.edges[oid][0][0]) == classid:
            removed.add(oid)
    return Overlay(base.edges, removed, {oid: tuple(each) for oid, each in new.items()})


class _Partial(rows._Context):
    """A context in which also those objects are known that were not read again."""

    def __init__(self, found: Found, base: Reading, comments: Mapping[Address, str]) -> None:
        super().__init__(found, base.catalog.default_owner)
        self.comments = comments
        self.own = dict(self.identities)
        # Written to in its first map alone.
        self.identities = ChainMap(
            self.identities, cast("dict[Address, Identity]", base.identities)
        )
        self._base = base

    @property
    def is_renamed(self) -> bool:
        """Whether an object has another identity than before: texts of others may name it."""
        return any(
            self._base.identities.get(address, identity) != identity
            for address, identity in self.own.items()
        )

    def needs_everything(
        self, before: Mapping[Address, str], after: Mapping[Address, str], wanted: set[str]
    ) -> bool:
        """Tell whether a comment has changed of which it is not known what it belongs to."""
        return any(
            address not in self.identities and (address[0] != PG_CLASS or address[1] not in wanted)
            for address in _differing(before, after)
        )
