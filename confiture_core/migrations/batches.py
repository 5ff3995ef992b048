"""Data steps in batches: ranges of a key, one transaction each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg import sql

from confiture_core import names
from confiture_core.errors import MigrationError
from confiture_core.migrations.sending import send
from confiture_core.statements import Statement

if TYPE_CHECKING:
    from typing import Any

    import psycopg

    from confiture_core.migrations.migration import Cursor

    Connection = psycopg.Connection[Any]

# min() and max() would do, but not for every type that has an order: uuid has had none for long.
_NEXT = """
with batch as materialized (
    select {key} as k from {table} where {condition} order by {key} limit {size}
)
select (select k::text from batch order by batch.k limit 1),
    (select k::text from batch order by batch.k desc limit 1)
"""
_ESTIMATE = """
select case when reltuples > 0 then reltuples::int8 end
from pg_catalog.pg_class where oid = pg_catalog.to_regclass(%s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batches:
    """One statement over all rows of a table, by ranges of a key."""

    sql: str  # with the placeholders %(first)s and %(last)s
    table: tuple[str, ...]  # ("users",) or ("public", "users")
    column: str
    size: int
    pause_s: float = 0.0

    @property
    def position(self) -> str:
        """What a position is one of: it stays the same where the statement is corrected."""
        return f"in batches by {'.'.join((*self.table, self.column))}"

    @property
    def statement(self) -> Statement:
        """The statement as it is sent for each range."""
        return Statement(sql=self.sql, line=1, offset=0)


def parse_batches(text: str, key: str, size: int, pause_s: float) -> Batches:
    """Check what an author says; the key is "users.id" or "public.users.id"."""
    *table, column = key.split(".")
    if not table or not all((*table, column)):
        raise MigrationError(
            f'"{key}" is not a key to go by', hint='name the table and its column: "users.id"'
        )
    if size < 1:
        raise MigrationError(f'"{size}" is not a size of batches')
    for name in ("%(first)s", "%(last)s"):
        if name not in text:
            raise MigrationError(
                f"the statement does not say {name}, where its batch is",
                hint=f"write: WHERE {column} BETWEEN %(first)s AND %(last)s",
            )
    return Batches(sql=text, table=tuple(table), column=column, size=size, pause_s=pause_s)


def refuse_batches() -> MigrationError:
    """Say that batches have no place in one transaction."""
    return MigrationError(
        "in_batches() commits as it goes, and this migration runs in one transaction",
        hint="say `transactional = False` in its class",
    )


def next_range(
    connection: Connection, batches: Batches, after: str | None
) -> tuple[str, str] | None:
    """Find the first and the last key of the next batch; None after the last one."""
    key = sql.Identifier(batches.column)
    condition: sql.Composable = sql.SQL("true")
    if after is not None:
        condition = sql.SQL("{} > {}").format(key, sql.Literal(after))
    query = sql.SQL(_NEXT).format(
        key=key,
        table=sql.Identifier(*batches.table),
        condition=condition,
        size=sql.Literal(batches.size),
    )
    row = connection.execute(query, prepare=False).fetchone()
    return None if row is None or row[0] is None else (row[0], row[1])


def run_range(connection: Connection, batches: Batches, first: str, last: str) -> Cursor:
    """Run the statement on one batch."""
    return send(connection, batches.statement, {"first": first, "last": last})


def estimate_rows(connection: Connection, batches: Batches) -> int | None:
    """Ask how many rows there are, as far as PostgreSQL knows without counting."""
    name = ".".join(map(names.quote, batches.table))
    row = connection.execute(_ESTIMATE, (name,), prepare=False).fetchone()
    return row[0] if row else None
