"""What the server of an environment says of itself."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from confiture_core.doctor.check import Check
from confiture_core.doctor.machine import room

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from confiture_core.config import DatabaseSettings
    from confiture_core.reach import Connection

_OLDEST = 120000
_MOST_SECONDS_APART = 5.0
_CREATES_A_FILE_COPY = 1 << 30


def examine_server(connection: Connection, settings: DatabaseSettings) -> Iterator[Check]:
    """Look at a server through a connection to any of its databases."""
    yield _version(connection, settings)
    yield _pooler(connection)
    yield _permissions(connection, settings.database_name())
    yield _clock(connection)
    yield from _encoding(connection, settings.database_name())
    yield from _disk(connection)


def examine_extensions(connection: Connection, needed: Iterable[str]) -> Iterator[Check]:
    """Look whether what the schema files create can be created."""
    rows = connection.execute(
        "select name::text, default_version, installed_version is not null"
        " from pg_catalog.pg_available_extensions"
    ).fetchall()
    available = {name: (version, installed) for name, version, installed in rows}
    allowed = _may_create(connection)
    for name in sorted(needed):
        if name not in available:
            remedy = f"install the package that brings {name} on the server's machine"
            yield Check(name="extension", message=f"{name} is not available", remedy=remedy)
            continue
        version, is_installed = available[name]
        is_refused = allowed is not None and name not in allowed and not is_installed
        yield Check(
            name="extension",
            message=f"{name} {version} is available"
            + (", but this user may not create it" if is_refused else ""),
            remedy=f'let a superuser run: CREATE EXTENSION "{name}"' if is_refused else None,
        )


def _version(connection: Connection, settings: DatabaseSettings) -> Check:
    number = connection.info.server_version
    shown = f"{number // 10000}.{number % 10000}"
    return Check(
        name="version",
        message=f"PostgreSQL {shown} at {settings.shown}",
        remedy="confiture needs PostgreSQL 12 or later" if number < _OLDEST else None,
    )


def _pooler(connection: Connection) -> Check:
    (own,) = _row(connection, "select pg_catalog.pg_backend_pid()")
    # A pooler answers for the server with a process number of its own.
    if own == connection.info.backend_pid:
        return Check(name="pooler", message="none between here and the server")
    return Check(
        name="pooler",
        message="the connection goes through a pooler",
        remedy="give migrations the address of the server itself, or of a pool in session mode",
    )


def _permissions(connection: Connection, database: str) -> Check:
    user, is_superuser, may_create = _row(
        connection,
        "select rolname::text, rolsuper, rolcreatedb from pg_catalog.pg_roles"
        " where rolname = current_user",
    )
    found = connection.execute(
        "select pg_catalog.has_database_privilege(oid, 'CREATE')"
        " from pg_catalog.pg_database where datname = %s",
        (database,),
    ).fetchone()
    what = [
        "superuser" if is_superuser else "no superuser",
        "may create databases" if may_create or is_superuser else "may not create databases",
    ]
    if found is None:
        what.append(f'database "{database}" does not exist yet')
    elif not found[0]:
        what.append(f'may make nothing in database "{database}"')
    remedy = None
    if found is None and not (may_create or is_superuser):
        remedy = f'let a superuser run: ALTER ROLE "{user}" CREATEDB, or create the database'
    elif found is not None and not found[0]:
        remedy = f'let its owner run: GRANT CREATE ON DATABASE "{database}" TO "{user}"'
    return Check(name="permissions", message=f"{user}: {', '.join(what)}", remedy=remedy)


def _clock(connection: Connection) -> Check:
    start = time.time()
    (theirs,) = _row(connection, "select clock_timestamp()")
    ours = datetime.fromtimestamp((start + time.time()) / 2, UTC)
    apart_s = abs((theirs - ours).total_seconds())
    remedy = "set both clocks by NTP: the history says when migrations were applied"
    return Check(
        name="clock",
        message=f"{apart_s:.1f} s apart from this machine's",
        remedy=remedy if apart_s > _MOST_SECONDS_APART else None,
    )


def _encoding(connection: Connection, database: str) -> Iterator[Check]:
    row = connection.execute(
        "select datname::text, pg_catalog.pg_encoding_to_char(encoding), datcollate::text"
        " from pg_catalog.pg_database where datname in (%s, 'template1')"
        " order by datname = 'template1' limit 1",
        (database,),
    ).fetchone()
    assert row is not None  # template1 is on every server
    name, encoding, collation = row
    yield Check(
        name="encoding",
        message=f'{encoding}, collation {collation} (database "{name}")',
        remedy="create the database with ENCODING 'UTF8': SQL files are UTF-8"
        if encoding not in ("UTF8", "SQL_ASCII")
        else None,
    )
    if connection.info.server_version >= 150000:
        yield from _collation_versions(connection)


def _collation_versions(connection: Connection) -> Iterator[Check]:
    rows = connection.execute(
        "select datname::text, datcollversion, pg_catalog.pg_database_collation_actual_version(oid)"
        " from pg_catalog.pg_database where datallowconn and datcollversion is not null"
        " and datcollversion <> pg_catalog.pg_database_collation_actual_version(oid) order by 1"
    ).fetchall()
    for name, was, now in rows:
        yield Check(
            name="collation",
            message=f'database "{name}" was made with version {was}, the system has {now}',
            remedy=f'reindex it, then: ALTER DATABASE "{name}" REFRESH COLLATION VERSION',
        )


def _disk(connection: Connection) -> Iterator[Check]:
    """Look at the server's disk, if it is one of this machine's and the server says where."""
    try:
        (directory,) = _row(connection, "select pg_catalog.current_setting('data_directory')")
    except psycopg.errors.InsufficientPrivilege:
        return
    path = Path(directory)
    try:
        is_here = (path / "PG_VERSION").is_file()
    except PermissionError:
        return
    if is_here:
        (largest,) = _row(
            connection,
            "select coalesce(max(pg_catalog.pg_database_size(oid)), 0)::bigint"
            " from pg_catalog.pg_database where datallowconn",
        )
        # A template and a clone of it.
        yield room("server's disk", path, least=max(_CREATES_A_FILE_COPY, 2 * largest))


def _may_create(connection: Connection) -> frozenset[str] | None:
    """Name the extensions that this user may create; None: all."""
    (is_superuser,) = _row(
        connection, "select rolsuper from pg_catalog.pg_roles where rolname = current_user"
    )
    if is_superuser:
        return None
    if connection.info.server_version < 130000:
        return frozenset()
    rows = connection.execute(
        "select distinct name::text from pg_catalog.pg_available_extension_versions where trusted"
    ).fetchall()
    return frozenset(name for (name,) in rows)


def _row(connection: Connection, query: str) -> Any:
    row = connection.execute(query).fetchone()
    assert row is not None  # the queries are about what is always there
    return row
