"""Connections to the database of an environment, and to the server it is on."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import psycopg

from confiture_core.errors import DatabaseError

if TYPE_CHECKING:
    from confiture_core.config import DatabaseSettings

Connection = psycopg.Connection[tuple[Any, ...]]

# Where CREATE DATABASE can be said from; a server need not have the first.
_MAINTENANCE_DATABASES = ("postgres", "template1")
_CONNECT_TIMEOUT_S = 10


def connect(settings: DatabaseSettings, dbname: str | None = None) -> Connection:
    """Connect, with autocommit, to the environment's database or another of its server."""
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
            f"cannot connect to {settings.shown}",
            detail=settings.redacted(str(exc)).strip(),
            hint="check that PostgreSQL is running, and the database block of the environment",
        ) from None


def connect_maintenance(settings: DatabaseSettings) -> Connection:
    """Connect to the server, in a database that is there whether the environment's is or not."""
    for dbname in _MAINTENANCE_DATABASES[:-1]:
        with suppress(DatabaseError):
            return connect(settings, dbname)
    return connect(settings, _MAINTENANCE_DATABASES[-1])


def database_exists(settings: DatabaseSettings) -> bool:
    """Ask the server whether it has the environment's database."""
    with connect_maintenance(settings) as connection:
        found = connection.execute(
            "select 1 from pg_catalog.pg_database where datname = %s", (settings.database_name(),)
        )
        return found.fetchone() is not None
