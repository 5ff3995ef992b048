"""Connections to an environment's database, and to the server it is on."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import psycopg

from confiture_core.errors import ConfigError, DatabaseError

if TYPE_CHECKING:
    from confiture_core.config import DatabaseSettings, Environment

Connection = psycopg.Connection[Any]

_CONNECT_TIMEOUT_S = 10


def database_settings(environment: Environment) -> DatabaseSettings:
    """Give where the environment's database is; that none is named there is an error."""
    if environment.database is None:
        raise ConfigError(
            "the environment names no database",
            path=environment.shown,
            hint='add a block "database" with host, port, database, user and password',
        )
    environment.database.database_name()
    return environment.database


def connect(environment: Environment, dbname: str | None = None) -> Connection:
    """Connect, with autocommit, to the environment's database or another of its server."""
    settings = database_settings(environment)
    try:
        return open_connection(settings.conninfo(dbname))
    except psycopg.Error as exc:
        # The chain is cut: the cause's text may hold the url, and with it the password.
        raise unreachable(settings, exc, environment=environment) from None


def connect_maintenance(environment: Environment) -> Connection:
    """Connect to the server, in a database that is there whether the environment's is or not."""
    settings = database_settings(environment)
    try:
        return open_maintenance(settings)
    except psycopg.Error as exc:
        raise unreachable(settings, exc, environment=environment) from None


def open_connection(conninfo: str) -> Connection:
    """Connect in autocommit mode as everything of ours does; errors are those of psycopg."""
    return psycopg.connect(
        conninfo,
        autocommit=True,
        # Poolers do not keep prepared statements, and nothing here is run often enough.
        prepare_threshold=None,
        application_name="confiture",
        client_encoding="utf8",  # as the files are
        connect_timeout=_CONNECT_TIMEOUT_S,
    )


def open_maintenance(settings: DatabaseSettings) -> Connection:
    """Connect to a server, in whichever database of it lets us in; errors are those of psycopg."""
    try:
        return open_connection(settings.conninfo("postgres"))
    except psycopg.OperationalError:
        with suppress(psycopg.OperationalError):
            return open_connection(settings.conninfo("template1"))  # every server has it
        raise


def unreachable(
    settings: DatabaseSettings, exc: psycopg.Error, *, environment: Environment | None = None
) -> DatabaseError:
    """Say that there is no connection, and why, without the password."""
    return DatabaseError(
        f"database connection failed: {settings.shown}",
        path=environment.shown if environment else None,
        detail=settings.redacted(str(exc)).strip(),
        hint="check that PostgreSQL is running there, and host, port, user and password;"
        " tests and migrate diff do without: they start a server of their own",
    )
