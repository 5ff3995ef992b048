"""The contents of a template: its tables and sequences, and the rows to restore them from.

The numbers of relations are the same in a template and all of its clones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg
from psycopg import sql
from psycopg.pq import ExecStatus

if TYPE_CHECKING:
    from confiture_core.factory.clones import Clone
    from confiture_core.factory.databases import Connection

# Larger tables are not restored: a new clone is cheaper.
MAX_TABLE_BYTES = 1 << 20
_MAX_CACHED_BYTES = 16 << 20

# The first number that is not of the system's own.
_FIRST_OID = 16384

_TABLES = """
select c.oid::bigint, n.nspname, c.relname, c.reltoastrelid::bigint,
  pg_catalog.pg_table_size(c.oid), c.relpersistence = 'u',
  array(
    select a.attname::text from pg_catalog.pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    order by a.attnum
  ),
  c.relkind = 'r'
  and not exists (select from pg_catalog.pg_trigger t
                  where t.tgrelid = c.oid and t.tgenabled in ('A', 'R'))
  and not exists (select from pg_catalog.pg_rewrite r
                  where r.ev_class = c.oid and r.ev_enabled in ('A', 'R'))
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'm') and c.oid >= %s
order by c.oid
"""

_SEQUENCES = """
select c.oid::bigint, n.nspname, c.relname, c.relpersistence = 'u'
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'S' order by c.oid
"""

# The number of the file, of the relation it is of, and of the table that this belongs to.
_FILES = """
select pg_catalog.pg_relation_filenode(c.oid)::bigint, c.oid::bigint,
  coalesce(i.indrelid, t.oid, c.oid)::bigint
from pg_catalog.pg_class c
left join pg_catalog.pg_index i on i.indexrelid = c.oid
left join pg_catalog.pg_class t on c.relkind = 't' and t.reltoastrelid = c.oid
where c.relkind in ('r', 'm', 'S', 't', 'i')
"""

_CATALOGS = """
select c.oid::bigint, c.oid::regclass::text from pg_catalog.pg_class c
where c.relkind = 'r' and c.oid < %s
"""

# What is written in place, under no transaction's number, when indexes are made and by ANALYZE.
_WRITTEN_IN_PLACE = b"""
select sum(pg_catalog.hash_record_extended(
  row(oid, relhasindex, relhasrules, relhastriggers, relpages, reltuples, relallvisible), 0))
from pg_catalog.pg_class where oid >= 16384
"""

# What of relations is not in which file they are stored, nor what the planner knows of it.
_DECLARED = b"""
select sum(pg_catalog.hash_record_extended(
  row(oid, relname, relnamespace, reltype, reloftype, relowner, relam, reltablespace,
      reltoastrelid, relhasindex, relpersistence, relkind, relnatts, relchecks, relhasrules,
      relhastriggers, relhassubclass, relrowsecurity, relforcerowsecurity, relispopulated,
      relreplident, relispartition, relacl::text, reloptions::text, relpartbound::text), 0))
from pg_catalog.pg_class
"""

_STATISTICS = """
select array_agg(oid), array_agg(relpages), array_agg(reltuples), array_agg(relallvisible)
from pg_catalog.pg_class where oid >= %s
"""

TEMPORARY_SCHEMAS = "^pg_(toast_)?temp_"


class Table(NamedTuple):
    """A table, or a materialized view, with rows of its own."""

    oid: int
    schema: str
    name: str
    toast: int  # 0: it has none
    size: int  # bytes, without indexes
    is_unlogged: bool
    columns: tuple[str, ...]  # those that are stored as given
    is_passive: bool  # nothing fires when session_replication_role is replica

    @property
    def identifier(self) -> sql.Identifier:
        """The qualified name, quoted."""
        return sql.Identifier(self.schema, self.name)

    @property
    def shown(self) -> str:
        """The name as reports give it."""
        return self.name if self.schema == "public" else f"{self.schema}.{self.name}"


class Sequence(NamedTuple):
    """A sequence and where it stands."""

    oid: int
    schema: str
    name: str
    is_unlogged: bool
    last_value: int
    is_called: bool

    @property
    def identifier(self) -> sql.Identifier:
        """The qualified name, quoted."""
        return sql.Identifier(self.schema, self.name)

    @property
    def shown(self) -> str:
        """The name as reports give it."""
        return self.name if self.schema == "public" else f"{self.schema}.{self.name}"


class Contents(NamedTuple):
    """What a template holds that can be written to without changing a catalog."""

    tables: tuple[Table, ...]
    sequences: tuple[Sequence, ...]
    files: dict[int, int]  # which relation each is of: a table also has those of its indexes
    catalogs: dict[int, str]  # as SQL names them
    temporary_schemas: frozenset[str]


def read_sequences(session: Connection) -> tuple[Sequence, ...]:
    """Read the sequences and where they stand."""
    found = session.execute(_SEQUENCES).fetchall()
    if not found:
        return ()
    # Only the sequence itself says whether its last value was given out.
    states = sql.SQL(" union all ").join(
        sql.SQL("select {}::bigint, last_value, is_called from {}").format(
            oid, sql.Identifier(schema, name)
        )
        for oid, schema, name, _ in found
    )
    values = {oid: (value, called) for oid, value, called in session.execute(states)}
    return tuple(
        Sequence(
            oid=oid,
            schema=schema,
            name=name,
            is_unlogged=is_unlogged,
            last_value=values[oid][0],
            is_called=values[oid][1],
        )
        for oid, schema, name, is_unlogged in found
    )


def read_contents(session: Connection, sequences: tuple[Sequence, ...]) -> Contents:
    """Read the contents, but for the sequences, from a clone that no one has written to."""
    tables = tuple(
        Table(
            oid=oid,
            schema=schema,
            name=name,
            toast=toast,
            size=size,
            is_unlogged=is_unlogged,
            columns=tuple(columns),
            is_passive=is_passive,
        )
        for oid, schema, name, toast, size, is_unlogged, columns, is_passive in session.execute(
            _TABLES, (_FIRST_OID,)
        )
    )
    return Contents(
        tables=tables,
        sequences=sequences,
        files=read_files(session),
        catalogs=dict(session.execute(_CATALOGS, (_FIRST_OID,)).fetchall()),
        temporary_schemas=read_temporary_schemas(session),
    )


def read_temporary_schemas(session: Connection) -> frozenset[str]:
    """Read the names of the schemas in which temporary tables are; they stay when these go."""
    rows = session.execute(
        "select nspname from pg_catalog.pg_namespace where nspname ~ %s", (TEMPORARY_SCHEMAS,)
    )
    return frozenset(name for (name,) in rows)


class Original:
    """A clone that stays as the template is, to read rows from; the template lets no one in."""

    def __init__(self, clone: Clone, sequences: tuple[Sequence, ...]) -> None:
        self.clone = clone
        self.contents = read_contents(clone.session, sequences)
        self._rows: dict[int, bytes | None] = {}
        self._numbers: dict[int, int] = {}  # of rows of catalogs
        self._in_place = b""
        self._declared = b""
        self._statistics: tuple[Any, ...] | None = None
        self._cached_bytes = 0
        # Large tables would be read from where another reader is.
        clone.session.execute("set synchronize_seqscans = off")

    def rows(self, table: Table) -> bytes | None:
        """Give the rows of a table as COPY writes them; None if it cannot write them."""
        if table.oid in self._rows:
            return self._rows[table.oid]
        rows = self._read(table)
        if rows is None or self._cached_bytes + len(rows) <= _MAX_CACHED_BYTES:
            self._rows[table.oid] = rows
            self._cached_bytes += len(rows or b"")
        return rows

    def count_rows(self, catalog: int) -> int:
        """Count the rows of a catalog."""
        if catalog not in self._numbers:
            name = self.contents.catalogs[catalog]
            self._numbers[catalog] = count_rows(self.clone.session, name)[0]
        return self._numbers[catalog]

    def read_in_place(self) -> bytes:
        """Read what read_in_place reads."""
        if not self._in_place:
            self._in_place = read_in_place(self.clone.session)
        return self._in_place

    def read_declared(self) -> bytes:
        """Read what read_declared reads."""
        if not self._declared:
            self._declared = read_declared(self.clone.session)
        return self._declared

    def read_statistics(self) -> tuple[Any, ...]:
        """Read what the planner knows of relations as such: four columns, each as a list."""
        if self._statistics is None:
            self._statistics = self.clone.session.execute(_STATISTICS, (_FIRST_OID,)).fetchone()
        return self._statistics or ()

    def refuse(self, table: Table) -> None:
        """Note that what COPY writes of a table it does not read."""
        self._rows[table.oid] = None

    def _read(self, table: Table) -> bytes | None:
        copy = sql.SQL("copy (select {} from only {}) to stdout (format binary)").format(
            columns_of(table), table.identifier
        )
        try:
            with self.clone.session.cursor().copy(copy) as rows:
                return b"".join(bytes(block) for block in rows)
        except psycopg.DatabaseError:
            # Not every type has a binary form.
            if self.clone.session.closed:
                raise
            return None


def count_rows(session: Connection, catalog: str, *, since: int = 0) -> tuple[int, int]:
    """Count the rows of a catalog, and those of them that are of a transaction or of later ones.

    Schemas of temporary tables are left out.
    """
    query = (
        "select count(*), count(*) filter (where pg_catalog.age(xmin) <= pg_catalog.age($1::xid))"
        f" from {catalog}"
    )
    if catalog == "pg_namespace":
        query += f" where nspname !~ '{TEMPORARY_SCHEMAS}'"
    result = session.pgconn.exec_params(query.encode(), [str(since % 2**32).encode()])
    if result.status != ExecStatus.TUPLES_OK:
        raise psycopg.errors.error_from_result(result)
    return int(result.get_value(0, 0) or 0), int(result.get_value(0, 1) or 0)


def read_in_place(session: Connection) -> bytes:
    """Read, as one number, what of the relations is not written by transactions."""
    return _read_number(session, _WRITTEN_IN_PLACE)


def read_declared(session: Connection) -> bytes:
    """Read, as one number, what statements declared of the relations."""
    return _read_number(session, _DECLARED)


def columns_of(table: Table) -> sql.Composed:
    """List the columns that COPY takes."""
    return sql.SQL(", ").join(map(sql.Identifier, table.columns))


def _read_number(session: Connection, query: bytes) -> bytes:
    result = session.pgconn.exec_(query)
    if result.status != ExecStatus.TUPLES_OK:
        raise psycopg.errors.error_from_result(result)
    return result.get_value(0, 0) or b"none"


def read_files(session: Connection) -> dict[int, int]:
    """Read which file is of which relation; those of indexes are the table's."""
    rows = session.execute(_FILES).fetchall()
    tables: dict[int, int] = {relation: table for _, relation, table in rows}
    # An index of the long values of a table: two steps.
    return {file: tables[table] for file, _, table in rows}
