"""How far a migration has come that commits in steps.

Kept in a table of its own, which is there only while such a migration is unfinished: a row of the
history means applied, and half applied is not applied.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from confiture_core import names
from confiture_core.migrations.history import MARK, history_table
from confiture_core.migrations.meaning import sql_tokens

if TYPE_CHECKING:
    import psycopg

    from confiture_core.migrations.loader import Direction
    from confiture_core.migrations.script import Unit

    Connection = psycopg.Connection[Any]

_CREATE = """
create table if not exists {table} (
    version text not null,
    direction text not null,
    done integer not null,
    chain text not null,
    running jsonb,
    started_at timestamptz not null default clock_timestamp(),
    primary key (version, direction)
)
"""
_SAVE = """
insert into {table} (version, direction, done, chain, running)
values (%s, %s, %s, %s, %s)
on conflict (version, direction) do update
set done = excluded.done, chain = excluded.chain, running = excluded.running
"""


class Running(NamedTuple):
    """A statement that was begun outside a transaction, and what was there before it.

    Or, with `last`, a statement in batches, of which that key was the last one done.
    """

    sql: str
    indexes: tuple[int, ...] = ()  # the oids of the indexes it could be mistaken for
    last: str | None = None
    rows: int = 0  # that the batches have hit so far


class Progress(NamedTuple):
    """The steps that are committed, and the one that may be."""

    version: str
    direction: Direction
    done: int = 0
    chain: str = ""  # the digest of the steps done, so that others are not passed over for them
    running: Running | None = None


def ensure_progress(connection: Connection) -> None:
    """Make the table if it is not there."""
    if not _exists(connection):
        table = history_table(connection).progress
        connection.execute(
            f"{_CREATE.format(table=table)}; comment on table {table} is {names.literal(MARK)}",
            prepare=False,
        )


def read_progress(connection: Connection) -> tuple[Progress, ...]:
    """Read which migrations are unfinished; none where there is no table."""
    if not _exists(connection):
        return ()
    rows = connection.execute(
        "select version, direction, done, chain, running"
        f" from {history_table(connection).progress} order by version",
        prepare=False,
    ).fetchall()
    return tuple(
        Progress(
            version=version,
            direction=direction,
            done=done,
            chain=chain,
            running=Running(**{**running, "indexes": tuple(running["indexes"])})
            if running
            else None,
        )
        for version, direction, done, chain, running in rows
    )


def save_progress(connection: Connection, progress: Progress) -> None:
    """Write how far it has come, and commit that."""
    # The role a migration has set for its statements need not have a right to our table.
    with connection.transaction():
        connection.execute(
            "set local session authorization default; set local role none", prepare=False
        )
        save_within(connection, progress)


def save_within(connection: Connection, progress: Progress) -> None:
    """Write how far it has come, in the transaction that is open."""
    running = progress.running
    values = (
        progress.version,
        progress.direction,
        progress.done,
        progress.chain,
        json.dumps(running._asdict()) if running else None,
    )
    table = history_table(connection).progress.replace("%", "%%")
    connection.execute(_SAVE.format(table=table), values, prepare=False)


def end_progress(connection: Connection, version: str, direction: Direction) -> None:
    """Forget a migration that is finished, and the table with the last one."""
    table = history_table(connection).progress
    connection.execute(
        f"delete from {table} where version = {names.literal(version)}"
        f" and direction = '{direction}'",
        prepare=False,
    )
    left = connection.execute(f"select 1 from {table} limit 1", prepare=False).fetchone()
    if left is None:
        connection.execute(f"drop table {table}", prepare=False)


def chained(chain: str, unit: Unit) -> str:
    """Digest a step together with all before it."""
    parts = [chain, repr(unit.params)]
    for statement in unit.statements:
        parts += [*sql_tokens(statement.sql), statement.copy_rows or ""]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _exists(connection: Connection) -> bool:
    row = connection.execute(
        "select pg_catalog.to_regclass(%s) is not null",
        (history_table(connection).progress,),
        prepare=False,
    ).fetchone()
    return row is not None and row[0]
