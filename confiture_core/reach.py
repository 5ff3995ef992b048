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
_GLANCE_TIMEOUT_S = 2  # for what would be good to know


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


def server_version(environment: Environment) -> int | None:
    """Give the major version that an environment names, or its server; None where neither does."""
    if environment.postgres_version is not None or environment.database is None:
        return environment.postgres_version
    with suppress(ConfigError):  # a variable of it is not set
        settings = database_settings(environment)
        for dbname in (None, "postgres"):  # its own may not be there yet
            with suppress(psycopg.Error):
                conninfo = settings.conninfo(dbname)
                with open_connection(conninfo, timeout_s=_GLANCE_TIMEOUT_S) as connection:
                    return connection.info.server_version // 10000
    return None


def open_connection(conninfo: str, *, timeout_s: int = _CONNECT_TIMEOUT_S) -> Connection:
    """Connect in autocommit mode as everything of ours does; errors are those of psycopg."""
    return psycopg.connect(
        conninfo,
        autocommit=True,
        # Poolers do not keep prepared statements, and nothing here is run often enough.
        prepare_threshold=None,
        application_name="confiture",
        client_encoding="utf8",  # as the files are
        connect_timeout=timeout_s,
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
