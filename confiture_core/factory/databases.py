"""Databases made, marked and dropped.

Whatever is made here carries our mark from the moment it can be seen, and nothing without the
mark is ever dropped.
"""

from __future__ import annotations

import itertools
import os
import select
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import errors, sql
from psycopg.conninfo import make_conninfo

from confiture_core.errors import DatabaseError
from confiture_core.factory.marks import (
    Mark,
    is_half_made,
    making_limit,
    new_mark,
    parse_mark,
)
from confiture_core.factory.owners import hold_owner_lock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confiture_core.server import Server

Connection = psycopg.Connection[tuple[Any, ...]]

# Advisory locks belong to one database: all of ours are taken in this one.
MAINTENANCE_DATABASE = "postgres"

_BACKEND_TIMEOUT_S = 5.0
_POLL_S = 0.0005

# The last column: whether what outlives sessions holds it. DROP DATABASE would wait 5 s for that.
_FOUND = """
select shobj_description(d.oid, 'pg_database'), d.datconnlimit, d.datistemplate,
  exists (select from pg_catalog.pg_prepared_xact() where dbid = d.oid)
  or exists (select from pg_catalog.pg_get_replication_slots() where datoid = d.oid)
  or exists (select from pg_catalog.pg_subscription where subdbid = d.oid)
from pg_catalog.pg_database d where d.datname = %s
"""

_numbers = itertools.count(1)


def connect(
    server: Server,
    dbname: str = MAINTENANCE_DATABASE,
    *,
    kind: type[Connection] = psycopg.Connection,
    autocommit: bool = True,
    **options: Any,
) -> Connection:
    """Connect to a database of the server; the caller closes."""
    try:
        return kind.connect(
            server.conninfo(dbname),
            autocommit=autocommit,
            **{"application_name": "confiture", **options},
        )
    except psycopg.OperationalError as exc:
        raise DatabaseError(
            f'cannot connect to database "{dbname}" of {server.shown}',
            detail=str(exc).strip(),
        ) from exc


@contextmanager
def maintenance(server: Server) -> Iterator[Connection]:
    """Connect to the maintenance database and show there that this process lives."""
    with connect_maintenance(server) as connection:
        yield connection


def connect_maintenance(server: Server) -> Connection:
    """Connect to the maintenance database and show there that this process lives."""
    try:
        connection = connect(server)
    except DatabaseError:
        # Not every server has it, or lets everyone in. The one that the server was found by is
        # second choice, as all who share the server have to meet in the same one.
        if server.maintenance_dbname == MAINTENANCE_DATABASE:
            raise
        connection = connect(server, server.maintenance_dbname)
    hold_owner_lock(connection)
    return connection


def is_cut_off(connection: Connection) -> bool:
    """Say whether the server ended a connection on which nothing is under way."""
    if connection.closed:
        return True
    # Nothing is awaited: what there is to read is the end, or word of it.
    waiting = select.poll()
    waiting.register(connection.pgconn.socket, select.POLLIN)
    return bool(waiting.poll(0))


def create_database(
    server: Server, name: str, *, template: str = "template0", mark: Mark | None = None
) -> None:
    """Make a database with our mark, as a copy of the template."""
    with maintenance(server) as connection:
        create(connection, name, template=template, mark=mark or new_mark("shadow"))


def drop_database(server: Server, name: str) -> None:
    """Drop a database of ours, ending whoever is connected to it; nothing if there is none."""
    with maintenance(server) as connection:
        drop(connection, name)


@contextmanager
def shadow_database(server: Server, *, template: str | None = None) -> Iterator[str]:
    """Make a temporary database; it is dropped at the end, or by a later run if this one dies."""
    with maintenance(server) as connection:
        name = create_numbered(connection, "shadow", template=template or "template0")
        oid = read_oid(connection, name)
        try:
            yield name
        finally:
            if not connection.closed:
                mark_again(connection, oid, new_mark("shadow"))
            _drop_after(server, connection, name)


def create_numbered(
    connection: Connection,
    kind: str,
    *,
    template: str,
    mark: Mark | None = None,
    tried: set[str] | None = None,
) -> str:
    """Make a database named after its kind, this process and the next free number.

    Names are added to `tried` first: whoever is interrupted does not get to know them otherwise.
    """
    while True:
        name = f"confiture_{kind}_{os.getpid()}_{next(_numbers)}"
        if tried is not None:
            tried.add(name)
        try:
            create(connection, name, template=template, mark=mark or new_mark("shadow"))
        except errors.DuplicateDatabase:
            # A process of another host, or a dead one, has the same number.
            continue
        return name


def create(connection: Connection, name: str, *, template: str, mark: Mark) -> None:
    """Make a database with the mark, as a copy of the template, on a maintenance connection."""
    made = sql.SQL("create database {} template {} connection limit {}{}").format(
        sql.Identifier(name),
        sql.Identifier(template),
        sql.Literal(making_limit(mark.owner.lock_key)),
        _strategy(connection),
    )
    marked = comment_statement(name, mark)
    finished = sql.SQL("alter database {} connection limit -1").format(sql.Identifier(name))
    copied = None
    try:
        # All leave this process in one message: a kill between them leaves nothing half-made.
        with connection.pipeline():
            copied = connection.execute(made)
            connection.execute(marked)
            connection.execute(finished)
    except errors.ObjectInUse:
        # Someone was just leaving the template; PostgreSQL itself has waited 5 s already.
        end_backends(connection, template)
        for statement in (made, marked, finished):
            connection.execute(statement)
    except errors.Error:
        # Without its mark, on a full disk for one, nobody would ever drop it.
        if copied is not None and copied.statusmessage == "CREATE DATABASE":
            connection.execute(sql.SQL("drop database {}").format(sql.Identifier(name)))
        raise


def mark_again(connection: Connection, oid: int, mark: Mark) -> None:
    """Give a database that we have made its mark back, if a COMMENT ON DATABASE took its place."""
    row = connection.execute(
        "select datname, pg_catalog.shobj_description(oid, 'pg_database')"
        " from pg_catalog.pg_database where oid = %s",
        (oid,),
    ).fetchone()
    if row and parse_mark(row[1]) is None:
        connection.execute(comment_statement(row[0], mark))


def read_oid(connection: Connection, name: str) -> int:
    """Read the number of a database, 0 if there is none."""
    row = connection.execute(
        "select oid::bigint from pg_catalog.pg_database where datname = %s", (name,)
    ).fetchone()
    return int(row[0]) if row else 0


def drop(connection: Connection, name: str) -> None:
    """Drop a database of ours, on a maintenance connection; nothing if there is none."""
    found = connection.execute(_FOUND, (name,)).fetchone()
    if found is None:
        return
    comment, limit, is_template, is_held = found
    if parse_mark(comment) is None and not is_half_made(name, comment, limit):
        raise DatabaseError(
            f'database "{name}" is not dropped: it does not carry the mark of confiture'
        )
    identifier = sql.Identifier(name)
    if is_template:
        connection.execute(sql.SQL("alter database {} is_template false").format(identifier))
    end_backends(connection, name)
    if is_held:
        _release(connection, name)
    statement = sql.SQL("drop database if exists {}").format(identifier)
    try:
        connection.execute(statement)
    except errors.ObjectInUse:
        # Someone came in meanwhile.
        end_backends(connection, name)
        connection.execute(statement)


def end_backends(
    connection: Connection, name: str, *, timeout_s: float = _BACKEND_TIMEOUT_S
) -> int:
    """End all sessions of a database, wait until they are gone, and say how many there were.

    CREATE and DROP DATABASE poll for them every 100 ms, and so does pg_terminate_backend with a
    timeout: waiting here is faster.
    """
    ended = connection.execute(
        "select count(pg_catalog.pg_terminate_backend(pid)) from pg_catalog.pg_stat_activity"
        " where datname = %s and pid <> pg_catalog.pg_backend_pid()",
        (name,),
    ).fetchone()
    wait_for_backends(connection, name, timeout_s=timeout_s)
    return int(ended[0]) if ended else 0


def wait_for_backends(
    connection: Connection, name: str, *, timeout_s: float = _BACKEND_TIMEOUT_S
) -> bool:
    """Wait until no session of a database is left; False when some still are."""
    deadline = time.monotonic() + timeout_s
    while True:
        rows = connection.execute(
            "select 1 from pg_catalog.pg_stat_activity"
            " where datname = %s and pid <> pg_catalog.pg_backend_pid() limit 1",
            (name,),
        ).fetchall()
        if not rows:
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_S)


def _release(connection: Connection, name: str) -> None:
    """Undo what outlives sessions and holds a database: prepared transactions, slots, and so on."""
    prepared = connection.execute(
        "select gid from pg_catalog.pg_prepared_xacts where database = %s", (name,)
    ).fetchall()
    subscriptions = connection.execute(
        "select subname from pg_catalog.pg_subscription s"
        " join pg_catalog.pg_database d on d.oid = s.subdbid where d.datname = %s",
        (name,),
    ).fetchall()
    if prepared or subscriptions:
        conninfo = make_conninfo(
            connection.info.dsn, password=connection.info.password or None, dbname=name
        )
        with psycopg.connect(conninfo, autocommit=True) as inside:
            for (gid,) in prepared:
                inside.execute(sql.SQL("rollback prepared {}").format(sql.Literal(gid)))
            for (subscription,) in subscriptions:
                _drop_subscription(inside, sql.Identifier(subscription))
    connection.execute(
        "select pg_catalog.pg_drop_replication_slot(slot_name)"
        " from pg_catalog.pg_replication_slots where database = %s",
        (name,),
    )
    end_backends(connection, name)


def _drop_subscription(inside: Connection, name: sql.Identifier) -> None:
    # Without its slot, which is on another server and not ours.
    for action in ("alter subscription {} disable", "alter subscription {} set (slot_name = none)"):
        inside.execute(sql.SQL(action).format(name))
    inside.execute(sql.SQL("drop subscription {}").format(name))


def comment_statement(name: str, mark: Mark) -> sql.Composed:
    """Write the statement that puts a mark on a database."""
    return sql.SQL("comment on database {} is {}").format(
        sql.Identifier(name), sql.Literal(mark.comment)
    )


def _strategy(connection: Connection) -> sql.SQL:
    # Before 15 the files are always copied. With fsync on, copying files waits for the disk twice,
    # and for every dirty page of the whole server: writing them through the log is the lesser cost.
    if connection.info.server_version < 150000:
        return sql.SQL("")
    fsync = connection.execute("show fsync").fetchone()
    return sql.SQL(" strategy wal_log" if fsync and fsync[0] == "on" else " strategy file_copy")


def _drop_after(server: Server, connection: Connection, name: str) -> None:
    if not connection.closed:
        drop(connection, name)
        return
    # The body took our connection down with it. What it raised must come through, not that the
    # server is gone as well; the next run reaps what is left.
    with suppress(DatabaseError):
        drop_database(server, name)
