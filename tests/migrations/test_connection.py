from __future__ import annotations

import os
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from confiture_core.config import DatabaseSettings, Environment
from confiture_core.errors import ConfigError, DatabaseError
from confiture_core.migrations.connection import (
    connect_environment,
    connect_if_exists,
    connect_or_create,
)


def environment(settings: DatabaseSettings | None) -> Environment:
    root = Path("/nowhere")
    return Environment(
        name="local",
        path=root / "db/environments/local.yaml",
        root=root,
        includes=(),
        database=settings,
        protected=False,
        schema_dir=root,
        migrations_dir=root,
    )


@pytest.fixture
def missing(server):
    """An environment whose database is not there yet."""
    name = f"confiture_missing_{os.getpid()}"
    yield environment(
        DatabaseSettings(
            host=server.host,
            port=server.port,
            dbname=name,
            user=server.user,
            password=server.password or "a secret",
        )
    )
    with psycopg.connect(server.conninfo(), autocommit=True) as maintenance:
        maintenance.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(name)))


def test_a_missing_database_is_no_error_for_who_only_looks(missing):
    assert connect_if_exists(missing) is None


def test_a_missing_database_is_an_error_for_who_needs_it(missing):
    with pytest.raises(DatabaseError, match=r'database "confiture_missing_\d+" does not exist'):
        connect_environment(missing)


def test_a_missing_database_is_made_once(missing):
    first, is_created = connect_or_create(missing)
    first.close()
    connection, is_created_again = connect_or_create(missing)

    assert (is_created, is_created_again) == (True, False)
    with connection:
        assert connection.autocommit
        assert connection.execute("show application_name").fetchone() == ("confiture",)


def test_where_no_server_answers_nothing_is_made_and_no_secret_told():
    nobody = environment(
        DatabaseSettings(host="127.0.0.1", port=1, dbname="a", user="u", password="hunter2")
    )

    for connect in (connect_environment, connect_if_exists, connect_or_create):
        with pytest.raises(DatabaseError) as caught:
            connect(nobody)

        assert str(caught.value) == (
            "db/environments/local.yaml: database connection failed: postgresql://u@127.0.0.1:1/a"
        )
        assert "hunter2" not in f"{caught.value.detail} {caught.value.hint}"


def test_an_environment_without_a_database_is_refused():
    with pytest.raises(ConfigError, match="names no database"):
        connect_environment(environment(None))
