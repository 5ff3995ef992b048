"""Ranges of a key, found one after the other, and a statement run on each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from confiture_core import names
from confiture_core.errors import MigrationError
from confiture_core.migrations.sending import send

if TYPE_CHECKING:
    from confiture_core.migrations.batches import Batches
    from confiture_core.migrations.migration import Cursor
    from confiture_core.reach import Connection

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
_HAS_NULL = "select exists (select from {table} where {key} is null)"


def refuse_missing_keys(connection: Connection, batches: Batches) -> None:
    """Raise an error if rows have no key: they would be in no batch."""
    query = sql.SQL(_HAS_NULL).format(
        table=sql.Identifier(*batches.table), key=sql.Identifier(batches.column)
    )
    row = connection.execute(query, prepare=False).fetchone()
    if row is not None and row[0]:
        raise MigrationError(
            f'"{batches.column}" is NULL in some rows of "{batches.table[-1]}": those are in no'
            " batch",
            path=batches.shown,
            line=batches.line,
            hint="go by a column that is never NULL, as the primary key",
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
    if batches.around is None:
        return send(connection, batches.statement, {"first": first, "last": last})
    return send(connection, batches.between(first, last))


def estimate_rows(connection: Connection, batches: Batches) -> int | None:
    """Ask how many rows there are, as far as PostgreSQL knows without counting."""
    name = ".".join(map(names.quote, batches.table))
    row = connection.execute(_ESTIMATE, (name,), prepare=False).fetchone()
    return row[0] if row else None
