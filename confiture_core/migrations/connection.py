"""The connection that migrations run on, and the database if it is not there yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from confiture_core import names
from confiture_core.errors import ConfigError, DatabaseError
from confiture_core.migrations.history import HistoryTable, keep_history_in, parse_history_table

if TYPE_CHECKING:
    from confiture_core.config import DatabaseSettings, Environment

    Connection = psycopg.Connection[Any]

_CONNECT_TIMEOUT_S = 10
# Every server has the second one; the first is what people keep for this.
_MAINTENANCE_DATABASES = ("postgres", "template1")


def connect_environment(environment: Environment) -> Connection:
    """Connect to an environment's database, in autocommit mode; the caller closes."""
    settings = _settings(environment)
    try:
        return _connect_to_history(environment, settings)
    except psycopg.OperationalError as exc:
        if _exists(settings) is False:
            raise _missing(settings) from exc
        raise _unreachable(environment, settings, exc) from exc


def connect_if_exists(environment: Environment) -> Connection | None:
    """Connect to an environment's database; None if the server has no such database."""
    settings = _settings(environment)
    try:
        return _connect_to_history(environment, settings)
    except psycopg.OperationalError as exc:
        if _exists(settings) is False:
            return None
        raise _unreachable(environment, settings, exc) from exc


def connect_member(
    settings: DatabaseSettings, history: HistoryTable, schema: str | None
) -> Connection:
    """Connect to one of many databases; a schema comes first in its search path, then public."""
    options = None
    if schema is not None:
        path = f"{names.quote(schema)},public"
        # libpq splits the options at spaces that have no backslash.
        options = "-c search_path=" + path.replace("\\", "\\\\").replace(" ", "\\ ")
    try:
        connection = _connect(settings.conninfo(), options=options)
    except psycopg.OperationalError as exc:
        raise DatabaseError(
            f"database connection failed: {settings.shown}",
            detail=settings.redacted(str(exc).strip()),
        ) from exc
    keep_history_in(connection, history)
    return connection


def create_if_missing(environment: Environment) -> bool:
    """Make an environment's database if the server has none of that name; tell whether it did."""
    settings = _settings(environment)
    try:
        _connect(settings.conninfo()).close()
    except psycopg.OperationalError as exc:
        exists = _exists(settings)
        if exists is None:
            raise _unreachable(environment, settings, exc) from exc
        # Where it is there after all, another runner has made it in between; or it does not let
        # us in, which is said when it is used.
        return False if exists else _create(settings)
    return False


def _create(settings: DatabaseSettings) -> bool:
    name = settings.database_name()
    with _connect_maintenance(settings) as connection:
        try:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            return False  # another runner was faster, or just as fast
        except psycopg.Error as exc:
            raise DatabaseError(
                f'database "{name}" does not exist and cannot be made',
                detail=exc.diag.message_primary,
                hint=f"make it as a user who may: createdb {name}",
            ) from exc
    return True


def _settings(environment: Environment) -> DatabaseSettings:
    if environment.database is None:
        raise ConfigError(
            "the environment names no database",
            path=environment.shown,
            hint='add a block "database" with host, port, database, user and password',
        )
    environment.database.database_name()
    return environment.database


def _connect_to_history(environment: Environment, settings: DatabaseSettings) -> Connection:
    connection = _connect(settings.conninfo())
    keep_history_in(connection, parse_history_table(environment.history_table))
    return connection


def _connect(conninfo: str, *, options: str | None = None) -> Connection:
    return psycopg.connect(
        conninfo if options is None else _with_options(conninfo, options),
        autocommit=True,
        # Poolers do not keep prepared statements, and a runner gains nothing by them.
        prepare_threshold=None,
        application_name="confiture",
        client_encoding="utf8",  # as the files are
        connect_timeout=_CONNECT_TIMEOUT_S,
    )


def _with_options(conninfo: str, options: str) -> str:
    own = str(conninfo_to_dict(conninfo).get("options") or "")
    return make_conninfo(conninfo, options=f"{own} {options}".strip())


def _connect_maintenance(settings: DatabaseSettings) -> Connection:
    last: psycopg.OperationalError | None = None
    for name in _MAINTENANCE_DATABASES:
        try:
            return _connect(settings.conninfo(name))
        except psycopg.OperationalError as exc:
            last = last or exc
    assert last is not None  # every name was tried
    raise last


def _exists(settings: DatabaseSettings) -> bool | None:
    """Ask the server for the database; None if it does not let us ask.

    What libpq says when a connection fails is in the server's language: no text to go by.
    """
    try:
        with _connect_maintenance(settings) as connection:
            row = connection.execute(
                "select 1 from pg_catalog.pg_database where datname = %s",
                (settings.database_name(),),
            ).fetchone()
            return row is not None
    except psycopg.OperationalError:
        return None


def _missing(settings: DatabaseSettings) -> DatabaseError:
    return DatabaseError(
        f'database "{settings.database_name()}" does not exist',
        detail=settings.shown,
        hint='make it with "confiture migrate up" or "confiture build"',
    )


def _unreachable(
    environment: Environment, settings: DatabaseSettings, exc: psycopg.OperationalError
) -> DatabaseError:
    return DatabaseError(
        f"database connection failed: {settings.shown}",
        path=environment.shown,
        detail=settings.redacted(str(exc).strip()),
        hint="check that PostgreSQL is running there, and host, port, user and password",
    )
