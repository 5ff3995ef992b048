"""Reading a catalog again after a few changes: what was not touched is not read again.

Every row of the system catalogs says which transaction wrote it, so one cheap look tells which
relations and routines the open transaction has touched, and a list of what there is tells what
is gone. Only those are read. Whatever may change the texts of other objects (a rename, a type, a
partition, anything rarer than relations and routines) has the whole catalog read.
"""

from __future__ import annotations

import json
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import errors
from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row

from confiture_core.catalog import reader, rows
from confiture_core.catalog.dependencies import PG_CLASS, Address, Edge, dependency_pairs
from confiture_core.catalog.looking import PG_PROC, Look, Seen, is_gone, prepared_statements

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from confiture_core.catalog.looking import There
    from confiture_core.catalog.model import Catalog, Identity, Object

    Connection = psycopg.Connection[Any]
    Found = dict[str, list[dict[str, Any]]]

# In one message each: a look costs less than the way there.
_OPENING = "savepoint confiture_reading; select {}".format(
    ", ".join(
        f"pg_catalog.set_config('{name}', '{value}', true)"
        for name, value in {
            **reader._SETTINGS,
            "plan_cache_mode": "force_generic_plan",
        }.items()
    )
)
_CLOSING = "rollback to savepoint confiture_reading; release savepoint confiture_reading"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reading:
    """A catalog as it was read, and what the next reading needs to know of it.

    Its catalog has no dependencies until `complete` works them out.
    """

    catalog: Catalog
    identities: Mapping[Address, Identity]
    edges: Mapping[str, tuple[Edge, ...]]  # by the oid of the dependent
    comments: Mapping[Address, str]
    marks: tuple[object, ...]  # how many rows the rare catalogs have

    def complete(self) -> Catalog:
        """Give the catalog with its dependencies."""
        if self.catalog.dependencies:
            return self.catalog
        edges = [edge for each in self.edges.values() for edge in each]
        pairs = dependency_pairs(self.catalog.objects, self.identities, edges)
        return replace(self.catalog, dependencies=pairs)


class Follower:
    """Reads the catalog of one database again and again, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._is_prepared = False
        self._preparations = 0  # the number is in the statements' names
        row = connection.execute(
            "select rolsuper from pg_catalog.pg_roles where rolname = current_user"
        ).fetchone()
        # Not everybody may look into all catalogs.
        self._may_look = bool(row and row[0])

    def read(self) -> Reading:
        """Read everything."""
        with self._connection.transaction(), self._settings() as cursor:
            return _read_all(cursor, self._look(cursor, self.begin()) if self._may_look else None)

    def read_since(self, base: Reading, xid: str) -> Reading:
        """Read what the open transaction, of this number, has changed since a reading."""
        if not self._may_look:
            return self.read()
        try:
            with self._settings() as cursor:
                look = self._look(cursor, xid)
                reading = self._follow(cursor, base, look)
                return _read_all(cursor, look) if reading is None else reading
        except errors.InvalidSqlStatementName:
            # A migration has deallocated what the session had prepared.
            self._is_prepared = False
            return self.read_since(base, xid)

    def begin(self) -> str:
        """Give the number of the transaction that was just begun."""
        row = self._connection.execute(
            "select pg_catalog.txid_current() % (1::int8 << 32)", prepare=False
        ).fetchone()
        assert row is not None
        return str(row[0])

    @contextmanager
    def _settings(self) -> Iterator[psycopg.Cursor[Any]]:
        """Have texts written the same whatever the caller has set, which is not changed."""
        with self._connection.cursor(row_factory=tuple_row) as cursor:
            cursor.execute(_OPENING.encode(), prepare=False)
            try:
                yield cursor
            finally:
                if self._connection.info.transaction_status != TransactionStatus.UNKNOWN:
                    cursor.execute(_CLOSING, prepare=False)

    def _look(self, cursor: psycopg.Cursor[Any], xid: str) -> Look:
        if not self._is_prepared:
            self._prepare(cursor)
        self._execute(cursor, "look", f"'{xid}'")
        return Look({name: Seen(*values) for name, *values in cursor})

    def _prepare(self, cursor: psycopg.Cursor[Any]) -> None:
        self._is_prepared = True
        self._preparations += 1
        version = self._connection.info.server_version // 10_000
        for name, statement in prepared_statements(version).items():
            text = f"prepare confiture_{name}_{self._preparations}{statement}"
            cursor.execute(text.encode(), prepare=False)

    def _execute(self, cursor: psycopg.Cursor[Any], name: str, arguments: str) -> None:
        text = f"execute confiture_{name}_{self._preparations}({arguments})"
        cursor.execute(text.encode(), prepare=False)

    def _follow(self, cursor: psycopg.Cursor[Any], base: Reading, look: Look) -> Reading | None:
        """Read what is touched; None where everything is to be read."""
        if look.is_rare or look.marks != base.marks:
            return None
        relations, routines = look.relations(), set(look.seen["pg_proc"].touched or ())
        there = look.there()
        is_same = not (relations or routines or look.has_other_comments(len(base.comments)))
        if is_same and not any(is_gone(address, there) for address in base.identities):
            return base
        objects = set(look.seen["pg_depend"].touched or ())
        arrays = (
            f"'{{{','.join(map(str, sorted(each)))}}}'" for each in (relations, routines, objects)
        )
        self._execute(cursor, "touched", ", ".join(arrays))
        found: Found = defaultdict(list)
        found.update({query: json.loads(text) for query, text in cursor})
        return _merge(base, found, there, {str(oid) for oid in routines})


def _read_all(cursor: psycopg.Cursor[Any], look: Look | None) -> Reading:
    server = reader._prepare(cursor)
    cursor.execute(reader._statement(server.version // 10_000, server.without), prepare=False)
    found: Found = defaultdict(list)
    found.update({query: json.loads(text) for query, text in cursor})
    edges: dict[str, list[Edge]] = defaultdict(list)
    for row in found["dependency"]:
        edges[row["edge"][1]].append(tuple(row["edge"]))
    comments = {rows._address(row): row["comment"] for row in found["comment"]}
    rows._name_default_privileges(found["default_privileges"], server.user)
    identities = {
        rows._address(row): rows._identity(kind, row) for kind, row in rows._object_rows(found)
    }
    with reader._collector_paused():
        catalog = rows.build_catalog(
            found, server_version=server.version, default_owner=server.user
        )
    return Reading(
        catalog=catalog,
        identities=identities,
        edges={oid: tuple(each) for oid, each in edges.items()},
        comments=comments,
        marks=look.marks if look else (),
    )


def _merge(base: Reading, found: Found, there: There, routines: set[str]) -> Reading | None:
    """Put what was read in the place of what was there before."""
    if any(row["edge"][6] == "x" for row in found["dependency"]):
        return None
    wanted = {str(row["oid"]) for row in found["wanted"]}
    gone = {address for address in base.identities if is_gone(address, there)}
    comments = {rows._address(row): row["comment"] for row in found["comment"]}
    context = _Partial(found, base, wanted, gone)
    if context.is_renamed:
        return None
    kept = {
        address: identity
        for address, identity in base.identities.items()
        if not context.is_replaced(address, identity, routines)
    }
    replaced = {identity for address, identity in base.identities.items() if address not in kept}
    objects = {
        identity: item
        for identity, item in base.catalog.objects.items()
        if identity not in replaced
    }
    built = [rows._object(kind, row, context) for kind, row in list(rows._object_rows(found))]
    objects.update((each.identity, each) for each in built)
    _comment(objects, kept, base.comments, comments)
    if context.needs_everything(base.comments, comments):
        return None
    return Reading(
        catalog=replace(base.catalog, objects=objects, dependencies=frozenset()),
        identities={**kept, **context.own},
        edges=_edges(base, found, there),
        comments=comments,
        marks=base.marks,
    )


def _comment(
    objects: dict[Identity, Object],
    kept: Mapping[Address, Identity],
    before: Mapping[Address, str],
    after: Mapping[Address, str],
) -> None:
    """Change the comments of objects that were not touched otherwise."""
    for address in before.keys() | after.keys():
        if before.get(address) != after.get(address) and address in kept:
            identity = kept[address]
            objects[identity] = replace(objects[identity], comment=after.get(address))


def _edges(base: Reading, found: Found, there: There) -> dict[str, tuple[Edge, ...]]:
    read = {str(row["oid"]) for row in found["wanted"]}
    new: dict[str, list[Edge]] = defaultdict(list)
    for row in found["dependency"]:
        new[row["edge"][1]].append(tuple(row["edge"]))
    kept = {
        oid: each
        for oid, each in base.edges.items()
        if oid not in read and not is_gone(each[0], there)
    }
    return {**kept, **{oid: tuple(each) for oid, each in new.items()}}


class _Partial(rows._Context):
    """A context in which also those objects are known that were not read again."""

    def __init__(self, found: Found, base: Reading, wanted: set[str], gone: set[Address]) -> None:
        own = {
            rows._address(row): rows._identity(kind, row) for kind, row in rows._object_rows(found)
        }
        super().__init__(found, base.catalog.default_owner)
        self.own = own
        self.identities = {**base.identities, **own}
        self._base = base
        self._wanted = wanted
        self._gone = gone
        self._names = {
            (identity.schema, identity.name)
            for address, identity in base.identities.items()
            if address[0] == PG_CLASS
            and address[2] == 0
            and (address[1] in wanted or address in gone)
        }

    @property
    def is_renamed(self) -> bool:
        """Whether an object has another identity than before: texts of others may name it."""
        return any(
            self._base.identities.get(address, identity) != identity
            for address, identity in self.own.items()
        )

    def is_replaced(self, address: Address, identity: Identity, routines: set[str]) -> bool:
        """Tell whether an object of before was read again or is gone."""
        if address in self._gone:
            return True
        if address[0] == PG_CLASS:
            return address[1] in self._wanted or (PG_CLASS, address[1], 0) in self._gone
        if address[0] == PG_PROC:
            return address[1] in routines
        return bool(identity.member) and (identity.schema, identity.name) in self._names

    def needs_everything(self, before: Mapping[Address, str], after: Mapping[Address, str]) -> bool:
        """Tell whether a comment has changed of which it is not known what it belongs to."""
        return any(
            before.get(address) != after.get(address)
            for address in before.keys() | after.keys()
            if address not in self.identities and address[:2] not in self._read_oids
        )

    @property
    def _read_oids(self) -> set[tuple[str, str]]:
        return {(PG_CLASS, oid) for oid in self._wanted}
