"""The contents of a template: its tables and sequences, and the rows to restore them from.

The numbers of relations are the same in a template and all of its clones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

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
  pg_catalog.pg_table_size(c.oid),
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
select c.oid::bigint, n.nspname, c.relname
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'S' order by c.oid
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table, or a materialized view, with rows of its own."""

    oid: int
    schema: str
    name: str
    toast: int  # 0: it has none
    size: int  # bytes, without indexes
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """A sequence and where it stands."""

    oid: int
    schema: str
    name: str
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a template holds that can be written to without changing a catalog."""

    tables: tuple[Table, ...]
    sequences: tuple[Sequence, ...]

    @property
    def relations(self) -> list[int]:
        """The numbers of all that holds rows: tables, and where their long values are."""
        return [n for table in self.tables for n in (table.oid, table.toast) if n]

    @property
    def sequence_numbers(self) -> list[int]:
        """The numbers of the sequences."""
        return [sequence.oid for sequence in self.sequences]


def read_contents(session: Connection) -> Contents:
    """Read the contents from a clone that no one has written to."""
    tables = tuple(
        Table(
            oid=oid,
            schema=schema,
            name=name,
            toast=toast,
            size=size,
            columns=tuple(columns),
            is_passive=is_passive,
        )
        for oid, schema, name, toast, size, columns, is_passive in session.execute(
            _TABLES, (_FIRST_OID,)
        )
    )
    return Contents(tables=tables, sequences=_read_sequences(session))


class Original:
    """A clone that stays as the template is, to read rows from; the template lets no one in."""

    def __init__(self, clone: Clone) -> None:
        self.clone = clone
        self._rows: dict[int, bytes | None] = {}
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


def columns_of(table: Table) -> sql.Composed:
    """List the columns that COPY takes."""
    return sql.SQL(", ").join(map(sql.Identifier, table.columns))


def _read_sequences(session: Connection) -> tuple[Sequence, ...]:
    found = session.execute(_SEQUENCES).fetchall()
    if not found:
        return ()
    # Only the sequence itself says whether its last value was given out.
    states = sql.SQL(" union all ").join(
        sql.SQL("select {}::bigint, last_value, is_called from {}").format(
            oid, sql.Identifier(schema, name)
        )
        for oid, schema, name in found
    )
    values = {oid: (value, called) for oid, value, called in session.execute(states)}
    return tuple(
        Sequence(
            oid=oid,
            schema=schema,
            name=name,
            last_value=values[oid][0],
            is_called=values[oid][1],
        )
        for oid, schema, name in found
    )
