"""The inventory: what is on a server with our mark, and what of it can go."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import psycopg

from confiture_core.errors import DatabaseError
from confiture_core.factory import databases, marks
from confiture_core.factory.layers import BUILD_LOCKS, USE_LOCKS, lock_key
from confiture_core.factory.owners import held_owner_locks, is_here, is_known_dead

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confiture_core.factory.databases import Connection
    from confiture_core.factory.marks import Mark

_MARKED = """
select d.datname, shobj_description(d.oid, 'pg_database'), d.datistemplate,
  pg_catalog.pg_stat_get_db_numbackends(d.oid)
from pg_catalog.pg_database d
where shobj_description(d.oid, 'pg_database') like 'confiture:%'
order by d.datname
"""

_UNMARKED = """
select datname, datconnlimit from pg_catalog.pg_database d
where shobj_description(d.oid, 'pg_database') is null
"""

# After which time the silence of a process on another host is taken for its death.
_SILENCE = timedelta(hours=1)


class Marked(NamedTuple):
    """A database of ours."""

    name: str
    mark: Mark
    is_complete: bool  # of layers: sealed
    sessions: int
    size: int | None = None  # bytes


def list_databases(connection: Connection, *, sizes: bool = False) -> tuple[Marked, ...]:
    """List the databases of ours on the server, by name."""
    found = tuple(_marked(connection))
    if not sizes:
        return found
    return tuple(_with_size(connection, database) for database in found)


def reap(connection: Connection) -> tuple[str, ...]:
    """Drop what dead processes left behind: clones, shadows, half-built layers."""
    candidates = [database for database in _marked(connection) if _is_temporary(database)]
    half_made = [
        (name, limit)
        for name, limit in connection.execute(_UNMARKED).fetchall()
        if marks.is_half_made(name, None, limit)
    ]
    if not candidates and not half_made:
        return ()
    held = held_owner_locks(connection)
    left = [database for database in candidates if _is_left_behind(database, held)]
    dropped = [database.name for database in left if _drop(connection, database)]
    making = {marks.making_limit(key) for key in held}
    for name, limit in half_made:
        if limit not in making:
            with suppress(psycopg.Error, DatabaseError):
                databases.drop(connection, name)
                dropped.append(name)
    return tuple(dropped)


def prune(
    connection: Connection,
    *,
    older_than: timedelta | None = None,
    keep: int | None = None,
    max_bytes: int | None = None,
) -> tuple[str, ...]:
    """Drop layers and kept clones, the least recently used first, until all limits are met.

    What a living process uses stays whatever the limits.
    """
    candidates = sorted(
        (
            database
            for database in list_databases(connection, sizes=True)
            if database.mark.kept or (database.mark.kind == "layer" and database.is_complete)
        ),
        key=_last_use,
        reverse=True,
    )
    dropped: list[str] = []
    kept_bytes = 0
    oldest = datetime.now(UTC) - older_than if older_than is not None else None
    for number, database in enumerate(candidates):
        kept_bytes += database.size or 0
        too_many = keep is not None and number - len(dropped) >= keep
        too_big = max_bytes is not None and kept_bytes > max_bytes
        too_old = oldest is not None and _last_use(database) < oldest
        if (too_many or too_big or too_old) and drop_unused(connection, database):
            dropped.append(database.name)
            kept_bytes -= database.size or 0
    return tuple(dropped)


def drop_unused(connection: Connection, database: Marked) -> bool:
    """Drop a database of ours unless a living process uses it; say whether it is gone."""
    if database.mark.kind != "layer":
        return database.sessions == 0 and _drop(connection, database)
    key = lock_key(database.name)
    locked = connection.execute(
        "select pg_catalog.pg_try_advisory_lock(%s::int, %s::int)", (USE_LOCKS, key)
    ).fetchone()
    if locked != (True,):
        return False
    try:
        return _drop(connection, database)
    finally:
        connection.execute(
            "select pg_catalog.pg_advisory_unlock(%s::int, %s::int)", (USE_LOCKS, key)
        )


def _marked(connection: Connection) -> Iterator[Marked]:
    for name, comment, is_template, sessions in connection.execute(_MARKED).fetchall():
        mark = marks.parse_mark(comment)
        if mark is not None:
            yield Marked(name=name, mark=mark, is_complete=is_template, sessions=sessions)


def _with_size(connection: Connection, database: Marked) -> Marked:
    row = connection.execute(
        "select pg_catalog.pg_database_size(oid) from pg_catalog.pg_database where datname = %s",
        (database.name,),
    ).fetchone()
    return Marked(
        name=database.name,
        mark=database.mark,
        is_complete=database.is_complete,
        sessions=database.sessions,
        size=int(row[0]) if row else 0,
    )


def _is_temporary(database: Marked) -> bool:
    if database.mark.kind == "layer":
        return not database.is_complete
    return not database.mark.kept


def _is_left_behind(database: Marked, held: frozenset[int]) -> bool:
    owner = database.mark.owner
    if owner.lock_key in held:
        return False
    if is_here(owner):
        return is_known_dead(owner)
    # On another host only its lock tells. A restart of the server takes the lock away from a
    # living owner, too, until it connects again.
    made_at = datetime.fromisoformat(database.mark.made_at)
    return database.sessions == 0 and datetime.now(UTC) - made_at > _SILENCE


def _last_use(database: Marked) -> datetime:
    return datetime.fromisoformat(database.mark.used_at or database.mark.made_at)


def _drop(connection: Connection, database: Marked) -> bool:
    is_layer = database.mark.kind == "layer"
    key = lock_key(database.name)
    if is_layer and connection.execute(
        "select pg_catalog.pg_try_advisory_lock(%s::int, %s::int)", (BUILD_LOCKS, key)
    ).fetchone() != (True,):
        return False
    try:
        # Another process may be reaping the same, or the database may be held by a slot.
        with suppress(psycopg.Error, DatabaseError):
            databases.drop(connection, database.name)
            return True
        return False
    finally:
        if is_layer:
            connection.execute(
                "select pg_catalog.pg_advisory_unlock(%s::int, %s::int)", (BUILD_LOCKS, key)
            )
