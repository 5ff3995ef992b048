"""Layers: a parent and what is added to it, kept as template databases named by digest.

A template is marked `datistemplate` last: a database of ours by the name of a layer that is not
so marked is half-built, whoever was building it is gone once the lock of the layer is free, and it
is built again.
"""

from __future__ import annotations

import hashlib
import json
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

import psycopg
from psycopg import sql

from confiture_core.errors import DatabaseError, TemplateError
from confiture_core.factory import databases, marks
from confiture_core.factory.attributes import Attributes, apply_attributes, read_attributes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from confiture_core.factory.databases import Connection
    from confiture_core.server import Server

    Build = Callable[[Connection], object]

# Changes whenever the same contents would give another template.
_FORMAT = 1

# First keys of advisory locks: one who builds a layer, many who use it.
BUILD_LOCKS = 0x0C0F18
USE_LOCKS = 0x0C0F19

_SURROUNDINGS = """
select current_setting('server_version_num')::int / 10000, current_user, d.encoding, d.datcollate,
  d.datctype, to_jsonb(d) ->> 'datcollversion'
from pg_catalog.pg_database d where d.datname = 'template0'
"""

_TABLES_WITH_ROWS = """
select n.nspname, c.relname from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'm') and c.relpersistence <> 't'
  and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
  and pg_catalog.pg_relation_size(c.oid) > 0
"""


_UNLOGGED = """
select pg_catalog.pg_relation_filenode(oid)::bigint from pg_catalog.pg_class
where relkind = 'r' and relpersistence = 'u' and pg_catalog.pg_relation_size(oid) > 0
order by oid limit 1
"""
_HAS_UNLOGGED = """
select (pg_catalog.pg_stat_file(concat_ws('/', 'base', oid, %s::text), true)).size > 0
from pg_catalog.pg_database where datname = %s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """What a database holds: its parent's contents, then its own, in order."""

    kind: str  # "schema", "seeds", "migration"
    contents: tuple[str, ...]  # digests of what is run
    parent: Layer | None = None
    settings: tuple[str, ...] = ()  # what else changes the result: "missing roles: create"
    # How the contents get in, and what it is called; neither changes what the layer is.
    build: Build | None = field(default=None, compare=False, repr=False)
    shown: str = field(default="", compare=False)
    # Over the parent's digest and the own contents; asked for by every test.
    digest: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        parent = self.parent.digest if self.parent else ""
        facts = [parent, self.kind, list(self.contents), list(self.settings)]
        object.__setattr__(self, "digest", _digest(facts))


class Template(NamedTuple):
    """The database of a layer, complete and closed to connections."""

    name: str
    oid: int  # of the database: built again under its name, it has another
    layer: Layer
    attributes: Attributes
    build_s: float | None = None  # None: it was there
    parent: Template | None = None  # as it was found when this one was built

    @property
    def is_hit(self) -> bool:
        """Whether the template was there before it was asked for."""
        return self.build_s is None


def ensure_layer(server: Server, layer: Layer, build: Build | None = None) -> str:
    """Build the layer unless the server has it; give the name of its template database."""
    with databases.maintenance(server) as connection:
        return ensure(connection, server, replace(layer, build=build or layer.build)).name


def ensure(connection: Connection, server: Server, layer: Layer) -> Template:
    """Build the layer unless the server has it, and keep it from being pruned.

    It is kept as long as the maintenance connection lives.
    """
    digest = _digest([_FORMAT, layer.digest, _surroundings(connection)])
    name = f"confiture_layer_{digest[:20]}"
    _lock(connection, "pg_advisory_lock_shared", USE_LOCKS, name)
    build_s = parent = None
    if not _is_complete(connection, name, digest):
        parent = ensure(connection, server, layer.parent) if layer.parent else None
        with _building(connection, name):
            # Another process may have built it while this one waited for the lock.
            if not _is_complete(connection, name, digest):
                _refuse_unmarked(connection, name)
                build_s = _build(connection, server, layer, _Site(name, digest, parent))
    return Template(
        name=name,
        oid=databases.read_oid(connection, name),
        layer=layer,
        attributes=read_attributes(connection, name),
        build_s=build_s,
        parent=parent,
    )


def fill_layer(layer: Layer, connection: Connection) -> None:
    """Put the contents of a layer into a database that holds its parent's."""
    if layer.build is None:
        raise TemplateError(f'the layer "{layer.shown or layer.kind}" has nothing to build it with')
    layer.build(connection)


def lock_key(name: str) -> int:
    """Give the second key of the advisory locks of a template."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big", signed=True)


class _Site(NamedTuple):
    """Where a layer is built."""

    name: str
    digest: str
    parent: Template | None


def _surroundings(connection: Connection) -> list[object]:
    row = connection.execute(_SURROUNDINGS).fetchone()
    return list(row) if row else []


def _is_complete(connection: Connection, name: str, digest: str) -> bool:
    """Say whether the template is there, complete and ours."""
    row = connection.execute(
        "select datistemplate and not datallowconn, shobj_description(oid, 'pg_database')"
        " from pg_catalog.pg_database where datname = %s",
        (name,),
    ).fetchone()
    if row is None:
        return False
    is_sealed, comment = row
    mark = marks.parse_mark(comment)
    if (
        is_sealed
        and mark is not None
        and mark.digest == digest
        and _has_unlogged(connection, name, mark)
    ):
        _note_use(connection, name, mark)
        return True
    return False


def _refuse_unmarked(connection: Connection, name: str) -> None:
    """Raise an error for a database in the place of a template; its builder is known to be gone.

    Whoever is building it has made it a moment before it has its mark.
    """
    row = connection.execute(
        "select shobj_description(oid, 'pg_database'), datconnlimit from pg_catalog.pg_database"
        " where datname = %s",
        (name,),
    ).fetchone()
    if row and marks.parse_mark(row[0]) is None and not marks.is_half_made(name, *row):
        raise TemplateError(
            f'database "{name}" is in the way of a layer of that name',
            detail="It does not carry the mark of confiture.",
            hint="Drop it if it is of no use to anyone.",
        )


def _has_unlogged(connection: Connection, name: str, mark: marks.Mark) -> bool:
    """Say whether UNLOGGED tables hold what they should: a server that crashes empties them."""
    if not mark.unlogged:
        return True
    try:
        row = connection.execute(_HAS_UNLOGGED, (mark.unlogged, name)).fetchone()
    except psycopg.errors.InsufficientPrivilege:
        return True
    return row == (True,)


def _note_use(connection: Connection, name: str, mark: marks.Mark) -> None:
    now = marks.now()
    # To the hour: the comment is a row that all who use the server share.
    if mark.used_at[:13] != now[:13]:
        # Another process writing the same is no reason to fail.
        with suppress(psycopg.Error):
            connection.execute(databases.comment_statement(name, mark._replace(used_at=now)))


@contextmanager
def _building(connection: Connection, name: str) -> Iterator[None]:
    _lock(connection, "pg_advisory_lock", BUILD_LOCKS, name)
    try:
        yield
    finally:
        if not connection.closed:
            _lock(connection, "pg_advisory_unlock", BUILD_LOCKS, name)


def _lock(connection: Connection, function: str, lock: int, name: str) -> None:
    call = sql.SQL("select {}(%s::int, %s::int)").format(sql.Identifier("pg_catalog", function))
    connection.execute(call, (lock, lock_key(name)))


def _build(connection: Connection, server: Server, layer: Layer, site: _Site) -> float:
    start = time.perf_counter()
    databases.drop(connection, site.name)
    mark = marks.new_mark("layer", digest=site.digest, shown=layer.shown or layer.kind)
    template = site.parent.name if site.parent else "template0"
    databases.create(connection, site.name, template=template, mark=mark)
    oid = databases.read_oid(connection, site.name)
    try:
        if site.parent:
            apply_attributes(connection, site.parent.attributes, site.name)
        unlogged = _fill(server, layer, site.name)
        databases.mark_again(connection, oid, mark)
        if unlogged:
            mark = mark._replace(unlogged=unlogged)
            connection.execute(databases.comment_statement(site.name, mark))
        _seal(connection, server, site.name)
    except BaseException:
        # What the build raised must come through, also when the server went away under it; the
        # next to want the layer recognises what is left.
        with suppress(psycopg.Error, DatabaseError):
            databases.mark_again(connection, oid, mark)
            databases.drop(connection, site.name)
        raise
    return time.perf_counter() - start


def _fill(server: Server, layer: Layer, name: str) -> int:
    """Build the contents; give the file of an UNLOGGED table that has rows, or 0."""
    with databases.connect(server, name) as building:
        fill_layer(layer, building)
    with databases.connect(server, name) as building:
        tables = building.execute(_TABLES_WITH_ROWS).fetchall()
        if tables:
            # The planner should know the rows; and autovacuum, where it is on, should not find
            # work in a template: it would be in the way of every clone. VACUUM would, too, but
            # it adds two files to each table.
            names = sql.SQL(", ").join(sql.Identifier(*table) for table in tables)
            building.execute(sql.SQL("analyze {}").format(names))
        unlogged = building.execute(_UNLOGGED).fetchone()
        return int(unlogged[0]) if unlogged else 0


def _seal(connection: Connection, server: Server, name: str) -> None:
    prepared = connection.execute(
        "select gid from pg_catalog.pg_prepared_xacts where database = %s", (name,)
    ).fetchone()
    if prepared:
        raise TemplateError(f'a build leaves the transaction "{prepared[0]}" prepared')
    databases.end_backends(connection, name)
    # A first session after the last change leaves the relation cache file, which clones inherit:
    # their first connection is 2 ms cheaper.
    with databases.connect(server, name):
        pass
    databases.wait_for_backends(connection, name)
    database = sql.Identifier(name)
    connection.execute(sql.SQL("alter database {} allow_connections false").format(database))
    connection.execute(sql.SQL("alter database {} is_template true").format(database))


def _digest(facts: Sequence[object]) -> str:
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()
