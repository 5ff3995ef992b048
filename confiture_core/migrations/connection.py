"""The connection that migrations run on, and the database if it is not there yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from confiture_core import names
from confiture_core.errors import DatabaseError
from confiture_core.migrations.history import HistoryTable, keep_history_in, parse_history_table
from confiture_core.reach import (
    database_settings,
    open_connection,
    open_maintenance,
    unreachable,
)

if TYPE_CHECKING:
    from confiture_core.config import DatabaseSettings, Environment
    from confiture_core.reach import Connection


def connect_environment(environment: Environment) -> Connection:
    """Connect to an environment's database, in autocommit mode; the caller closes."""
    settings = database_settings(environment)
    try:
        return _connect_to_history(environment, settings)
    except psycopg.OperationalError as exc:
        if _exists(settings) is False:
            raise _missing(settings) from None
        raise unreachable(settings, exc, environment=environment) from None


def connect_if_exists(environment: Environment) -> Connection | None:
    """Connect to an environment's database; None if the server has no such database."""
    settings = database_settings(environment)
    try:
        return _connect_to_history(environment, settings)
    except psycopg.OperationalError as exc:
        if _exists(settings) is False:
            return None
        raise unreachable(settings, exc, environment=environment) from None


def connect_member(
    settings: DatabaseSettings, history: HistoryTable, schema: str | None
) -> Connection:
    """Connect to one of many databases; a schema comes first in its search path, then public."""
    options = ""
    if schema is not None:
        path = f"{names.quote(schema)},public"
        # libpq splits the options at spaces that have no backslash.
        options = "-c search_path=" + path.replace("\\", "\\\\").replace(" ", "\\ ")
    try:
        connection = open_connection(_with_options(settings.conninfo(), options))
    except psycopg.OperationalError as exc:
        raise unreachable(settings, exc) from None
    keep_history_in(connection, history)
    return connection


def connect_or_create(environment: Environment) -> tuple[Connection, bool]:
    """Connect to an environment's database, which is made if the server has none of that name.

    Tells whether it was made; the caller closes.
    """
    settings = database_settings(environment)
    try:
        return _connect_to_history(environment, settings), False
    except psycopg.OperationalError as exc:
        exists = _exists(settings)
        if exists is None:
            raise unreachable(settings, exc, environment=environment) from None
    # Where it is there after all, another runner has made it in between; or it does not let us
    # in, which is said now.
    is_created = not exists and _create(settings)
    return connect_environment(environment), is_created


def _create(settings: DatabaseSettings) -> bool:
    name = settings.database_name()
    with open_maintenance(settings) as connection:
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


def _connect_to_history(environment: Environment, settings: DatabaseSettings) -> Connection:
    connection = open_connection(settings.conninfo())
    keep_history_in(connection, parse_history_table(environment.history_table))
    return connection


def _with_options(conninfo: str, options: str) -> str:
    if not options:
        return conninfo
    own = str(conninfo_to_dict(conninfo).get("options") or "")
    return make_conninfo(conninfo, options=f"{own} {options}".strip())


def _exists(settings: DatabaseSettings) -> bool | None:
    """Ask the server for the database; None if it does not let us ask.

    What libpq says when a connection fails is in the server's language: no text to go by.
    """
    try:
        with open_maintenance(settings) as connection:
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
