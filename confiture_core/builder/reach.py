"""Connections to an environment's database, and to the server it is on."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import psycopg

from confiture_core.errors import ConfigError, DatabaseError

if TYPE_CHECKING:
    from confiture_core.config import DatabaseSettings, Environment

Connection = psycopg.Connection[tuple[Any, ...]]

_CONNECT_TIMEOUT_S = 10


def database_settings(environment: Environment) -> DatabaseSettings:
    """Give where the environment's database is; that there is none is an error."""
    if environment.database is None:
        raise ConfigError(
            "the environment names no database",
            path=environment.shown,
            hint='add a block "database" with host, port, database, user and password',
        )
    return environment.database


def connect(environment: Environment, dbname: str | None = None) -> Connection:
    """Connect, with autocommit, to the environment's database or another of its server."""
    settings = database_settings(environment)
    try:
        return psycopg.connect(
            settings.conninfo(dbname),
            autocommit=True,
            application_name="confiture",
            connect_timeout=_CONNECT_TIMEOUT_S,
        )
    except psycopg.Error as exc:
        # The chain is cut: the cause's text may hold the url, and with it the password.
        raise DatabaseError(
            f"database connection failed: {settings.shown}",
            path=environment.shown,
            detail=settings.redacted(str(exc)).strip(),
            hint="check that PostgreSQL is running there, and host, port, user and password",
        ) from None


def connect_maintenance(environment: Environment) -> Connection:
    """Connect to the server, in a database that is there whether the environment's is or not."""
    with suppress(DatabaseError):
        return connect(environment, "postgres")
    return connect(environment, "template1")  # every server has it
