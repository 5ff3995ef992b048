from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from psycopg import sql

from confiture_core.builder.access import SkippedStatement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confiture_core.reach import Connection

    from .conftest import Refused, Run


@pytest.fixture
def role(database: Connection) -> Iterator[str]:
    """A name that is no role of the server, nor afterwards."""
    name = f"confiture_test_role_{os.getpid()}"
    yield name
    database.execute("reset role")
    identifier = sql.Identifier(name)
    if exists(database, name):
        database.execute(sql.SQL("drop owned by {}").format(identifier))
        database.execute(sql.SQL("drop role {}").format(identifier))


def exists(connection: Connection, role: str) -> bool:
    query = "select 1 from pg_roles where rolname = %s and not rolcanlogin"
    return connection.execute(query, (role,)).fetchone() is not None


def test_a_missing_role_is_refused_with_the_way_out(refused: Refused, role: str):
    error = refused(f"CREATE TABLE t (a int);\n\nGRANT SELECT ON t TO {role};")

    assert str(error) == f'a.sql:3: role "{role}" does not exist'
    assert error.hint == f"create it on the server first: CREATE ROLE {role}"


def test_a_missing_type_is_not_taken_for_a_role(refused: Refused):
    error = refused("CREATE TABLE t (a txt);")

    assert error.hint is None


def test_a_missing_role_is_created_without_login(database: Connection, run: Run, role: str):
    skipped = run(
        f"CREATE TABLE t (a int);\nALTER TABLE t OWNER TO {role};",
        f"CREATE POLICY p ON t TO {role} USING (true);",
        on_missing_role="create",
    )

    assert skipped == ()
    assert exists(database, role)


def test_a_role_that_a_file_creates_may_be_there_already(database: Connection, run: Run, role: str):
    text = f"CREATE ROLE {role};\nCREATE SCHEMA s;\nGRANT USAGE ON SCHEMA s TO {role};"

    run(text, on_missing_role="create")
    run(text.replace(" s;", " r;").replace(" s ", " r "), on_missing_role="create")

    assert exists(database, role)


def test_creating_a_role_does_not_run_a_file_twice(database: Connection, run: Run, role: str):
    run(
        "CREATE TABLE t (id serial);",
        f"INSERT INTO t DEFAULT VALUES;\nGRANT SELECT ON t TO {role};",
        on_missing_role="create",
    )

    assert database.execute("select max(id) from t").fetchone() == (1,)


def test_what_is_only_about_a_missing_role_is_skipped_and_told(
    database: Connection, run: Run, role: str
):
    skipped = run(
        f"CREATE TABLE t (a int);\nALTER TABLE t\n  OWNER TO {role};\nGRANT SELECT ON t TO PUBLIC;",
        on_missing_role="skip",
    )

    assert skipped == (
        SkippedStatement(path="a.sql", line=2, sql=f"ALTER TABLE t\n  OWNER TO {role}", role=role),
    )
    assert not exists(database, role)
    granted = database.execute("select has_table_privilege('pg_monitor', 't', 'select')")
    assert granted.fetchone() == (True,)


def test_skipping_changes_no_role_of_the_server(database: Connection, run: Run, role: str):
    skipped = run(
        f"CREATE ROLE {role};\nALTER ROLE {role} SET work_mem = '1MB';\nCREATE TABLE t (a int);\n"
        f"GRANT SELECT ON t TO {role};\nCOMMENT ON ROLE postgres IS 'x';",
        on_missing_role="skip",
    )

    assert [(statement.line, statement.role) for statement in skipped] == [
        (1, role),
        (2, role),
        (4, role),
        (5, "postgres"),
    ]
    assert not exists(database, role)


def test_creating_a_role_twice_is_explained(refused: Refused):
    error = refused("CREATE ROLE postgres;")

    assert str(error) == 'a.sql:1: role "postgres" already exists'
    assert error.hint is not None
    assert error.hint.startswith("roles belong to the server")
