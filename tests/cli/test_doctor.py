"""`confiture doctor`."""

from __future__ import annotations

import psycopg
import pytest


def findings(outcome):
    return {one["name"]: one for one in outcome.json if one["is_finding"]}


@pytest.fixture
def role(server):
    """A role that may log in, and nothing else."""
    name = "confiture_doctor"
    with psycopg.connect(server.conninfo(), autocommit=True) as connection:
        connection.execute(f"drop role if exists {name}".encode())
        connection.execute(f"create role {name} login password 'secret'".encode())
        yield name
        connection.execute(f"drop role {name}".encode())


def as_role(project, role):
    server = project.server
    project.write_environment(
        "local",
        host=server.host,
        port=server.port,
        user=role,
        password="secret",
        database=f"{project.database}_local",
    )


def test_nothing_is_in_the_way_of_a_project_that_works(confiture, project):
    project.write("db/schema/00.sql", "CREATE EXTENSION IF NOT EXISTS pg_trgm;\n")

    outcome = confiture("doctor", "--json")

    assert (outcome.code, findings(outcome)) == (0, {})
    said = {one["name"]: one["message"] for one in outcome.json}
    assert said["environment"] == "db/environments/local.yaml"
    assert "pg_trgm" in said["extension"]
    assert "does not exist yet" in said["permissions"]
    assert said["encoding"].startswith("UTF8")
    assert {"version", "pooler", "clock", "disk", "local server", "pg_dump"} <= said.keys()


def test_an_extension_that_the_server_lacks_is_found(confiture, project):
    project.write("db/schema/00.sql", 'CREATE TABLE t (id INT);\nCREATE EXTENSION "no-such";\n')

    outcome = confiture("doctor", "--json")

    assert outcome.code == 3
    assert findings(outcome)["extension"]["message"] == "no-such is not available"
    assert "install the package" in findings(outcome)["extension"]["remedy"]


def test_a_user_who_may_not_make_the_database_is_found(confiture, project, role):
    as_role(project, role)

    outcome = confiture("doctor", "--json")

    assert outcome.code == 3
    assert "ALTER ROLE" in findings(outcome)["permissions"]["remedy"]


@pytest.mark.pg(">= 13")
def test_an_extension_that_the_user_may_not_create_is_found(confiture, project, role):
    as_role(project, role)
    project.write(
        "db/schema/00.sql", "CREATE EXTENSION pg_trgm;\nCREATE EXTENSION pg_stat_statements;\n"
    )

    found = findings(confiture("doctor", "--json"))

    assert "pg_stat_statements" in found["extension"]["message"]
    assert "CREATE EXTENSION" in found["extension"]["remedy"]


def test_a_database_of_another_encoding_is_found(confiture, project):
    with psycopg.connect(project.server.conninfo(), autocommit=True) as connection:
        connection.execute(
            f"create database {project.database}_local template template0"
            " encoding 'LATIN1' lc_collate 'C' lc_ctype 'C'".encode()
        )

    outcome = confiture("doctor", "--json")

    assert outcome.code == 3
    assert findings(outcome)["encoding"]["message"].startswith("LATIN1")


def test_a_server_that_is_not_there_is_found_without_its_password(confiture, project):
    project.write_environment(
        "local", host="127.0.0.1", port=1, user="me", password="secret", database="x"
    )

    outcome = confiture("doctor")

    assert outcome.code == 3
    assert "server" in outcome.out
    assert "check that PostgreSQL is running there" in outcome.out
    assert "secret" not in outcome.out


def test_a_file_that_cannot_be_read_is_found(confiture, project):
    project.write("db/schema/00.sql", "CREATE TABEL t (id INT);\n")

    outcome = confiture("doctor", "--json")

    assert outcome.code == 3
    assert "db/schema/00.sql:1" in findings(outcome)["files"]["message"]


def test_it_says_what_it_can_without_a_project(confiture, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    outcome = confiture("doctor")

    assert outcome.code == 3
    assert "there is no project here" in outcome.out
