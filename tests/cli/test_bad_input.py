"""What bad input gets: a line that says what and where, exit code 1, and nothing lost."""

from __future__ import annotations

import os

import pytest

from confiture_core.server import find_server

RUNS_ON_THE_DATABASE = [["build"], ["migrate", "status"], ["migrate", "up"], ["migrate", "down"]]


@pytest.fixture(scope="module")
def walled_server():
    """A server that asks for a password."""
    environ = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    with find_server(environ=environ, listen=True) as server:
        yield server


@pytest.mark.parametrize("command", RUNS_ON_THE_DATABASE, ids=" ".join)
def test_no_server_is_said_with_the_file_that_names_it(confiture, project, command):
    project.write_environment(host="127.0.0.1", port=1, database="x", user="u", password="s3cr3t")

    outcome = confiture(*command)

    assert outcome.code == 1
    assert outcome.out == ""
    assert outcome.err.startswith("error: db/environments/local.yaml: database connection failed")
    assert "postgresql://u@127.0.0.1:1/x" in outcome.err
    assert "hint: " in outcome.err
    assert "s3cr3t" not in outcome.err


@pytest.mark.parametrize("command", RUNS_ON_THE_DATABASE, ids=" ".join)
def test_a_wrong_password_is_said_and_not_shown(confiture, project, walled_server, command):
    place = {"host": "127.0.0.1", "port": walled_server.port, "user": "postgres"}
    project.write_environment(**place, database="x", password="s3cr3t")

    outcome = confiture(*command)

    assert outcome.code == 1
    assert "database connection failed" in outcome.err
    assert "password authentication failed" in outcome.err
    assert "s3cr3t" not in outcome.err


def test_no_server_for_shadows_is_said_with_the_variable_that_names_it(
    confiture, project, monkeypatch
):
    project.write("db/schema/users.sql", "CREATE TABLE users (id INT);\n")
    monkeypatch.setenv("CONFITURE_SERVER_URL", "postgresql://u:s3cr3t@127.0.0.1:1/x")

    outcome = confiture("migrate", "diff", "--generate", "--name", "x")

    assert outcome.code == 1
    assert "the server named by CONFITURE_SERVER_URL cannot be used" in outcome.err
    assert "s3cr3t" not in outcome.err
    assert project.files("db/migrations") == []


def test_an_environment_that_is_missing_is_said_with_those_that_are_not(confiture, project):
    outcome = confiture("migrate", "status", "--env", "prod")

    assert outcome.code == 1
    assert outcome.err.splitlines() == [
        "error: db/environments/prod.yaml: the file does not exist",
        "hint: environments here: local",
    ]


def test_a_configuration_file_that_is_missing_is_said(confiture, project):
    outcome = confiture("migrate", "status", "--config", "gone.yaml")

    assert outcome.code == 1
    assert "gone.yaml: the file does not exist" in outcome.err


def test_one_environment_is_enough(confiture, project):
    outcome = confiture("build", "--env", "local", "--config", "db/environments/local.yaml")

    assert outcome.code == 1
    assert "name one" in outcome.err


def test_where_no_project_is_one_can_be_started(confiture, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    outcome = confiture("migrate", "status")

    assert outcome.code == 1
    assert "confiture init" in outcome.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: local\nincludes: [../schema\n", "db/environments/local.yaml:3: "),
        ("name: local\ndatabse:\n  host: x\n", 'did you mean "database"?'),
        ("- local\n", "db/environments/local.yaml:1: "),
        ("name: local\nincludes: [../nowhere]\n", '"../nowhere" does not exist'),
        ("name: local\n", "the environment names no database"),
    ],
    ids=["malformed", "unknown key", "no mapping", "missing folder", "no database"],
)
def test_a_wrong_environment_is_said_with_its_line(confiture, project, text, said):
    project.write("db/environments/local.yaml", text)

    outcome = confiture("migrate", "status")

    assert outcome.code == 1
    assert said in outcome.err


def test_a_variable_that_is_not_set_is_named_with_its_line(confiture, project, monkeypatch):
    monkeypatch.delenv("DB_HOST", raising=False)
    project.write_environment(host="${DB_HOST}", database="x")

    outcome = confiture("migrate", "status")

    assert outcome.code == 1
    assert "error: db/environments/local.yaml:4: " in outcome.err
    assert "DB_HOST" in outcome.err


def test_what_needs_no_database_needs_no_variable(confiture, project, monkeypatch):
    monkeypatch.delenv("DB_HOST", raising=False)
    project.write_environment(host="${DB_HOST}", database="x")
    project.write("db/schema/users.sql", "CREATE TABLE users (id INT);\n")

    assert confiture("migrate", "diff").code == 0


@pytest.mark.parametrize("command", [["build"], ["migrate", "diff"]], ids=" ".join)
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("CREATE TABLE users (\n    id INT,,\n);\n", 'users.sql:2: syntax error at or near ","'),
        ("CREATE TABLE users (\n    id\n    txt\n);\n", 'users.sql:3: type "txt" does not exist'),
        ("SELECT 1;\n\nSELECT 1/0;\n", "users.sql:3: division by zero"),
        ("SELECT 'caf\udce9';\n", "users.sql:1: the file is not UTF-8"),
    ],
    ids=["syntax", "type", "at run time", "encoding"],
)
def test_wrong_sql_is_said_with_its_line(confiture, project, command, text, said):
    file = project.root / "db" / "schema" / "users.sql"
    file.write_text(text, encoding="utf-8", errors="surrogateescape")

    outcome = confiture(*command)

    assert outcome.code == 1
    assert f"error: db/schema/{said}" in outcome.err
    assert not project.exists()


@pytest.mark.parametrize("command", [["status"], ["up"], ["diff"]], ids=" ".join)
def test_a_version_that_two_files_have_is_said(confiture, project, command):
    project.migration("001", "SELECT 1")
    project.write("db/migrations/001_other.up.sql", "SELECT 1;\n")

    outcome = confiture("migrate", *command)

    assert outcome.code == 1
    assert 'version "001" is taken by db/migrations/001_' in outcome.err
    assert not project.exists()


@pytest.mark.parametrize("command", [["status"], ["up"], ["diff"]], ids=" ".join)
def test_a_file_without_a_migration_class_is_said(confiture, project, command):
    project.write("db/migrations/001_empty.py", "x = 1\n")

    outcome = confiture("migrate", *command)

    assert outcome.code == 1
    assert "error: db/migrations/001_empty.py: No Migration class found" in outcome.err


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("1 / 0", "001_bad.py:5: ZeroDivisionError: division by zero"),
        ("self.execute('SELECT txt')", '001_bad.py:5: column "txt" does not exist'),
        ("self.execute(", "001_bad.py:5: "),
        ("import nowhere", "001_bad.py:5: ModuleNotFoundError"),
    ],
    ids=["Python", "SQL", "syntax", "import"],
)
def test_a_wrong_python_migration_is_said_with_its_line(confiture, project, body, said):
    project.write(
        "db/migrations/001_bad.py",
        "from confiture import Migration\n"
        "class Bad(Migration):\n"
        "    version, name = '001', 'bad'\n"
        "    def up(self):\n"
        f"        {body}\n",
    )

    outcome = confiture("migrate", "up")

    assert outcome.code == 1
    assert f"error: db/migrations/{said}" in outcome.err


def test_a_migration_that_is_not_utf8_is_said_with_its_line(confiture, project):
    (project.root / "db/migrations/001_bad.up.sql").write_bytes(b"SELECT 1;\nSELECT 'caf\xe9';\n")

    outcome = confiture("migrate", "status")

    assert outcome.code == 1
    assert "error: db/migrations/001_bad.up.sql:2: the file is not UTF-8" in outcome.err


@pytest.mark.parametrize("target", [["--steps", "0"], ["--to", "9"], ["--to", "1", "--steps", "1"]])
def test_a_target_that_cannot_be_is_said_before_anything_is_made(confiture, project, target):
    project.migration("001", "SELECT 1")

    outcome = confiture("migrate", "up", *target)

    assert outcome.code == 1
    assert outcome.err.startswith("error: ")


def test_a_file_in_the_way_is_not_overwritten(confiture, project):
    project.write("notes", "mine\n")

    outcome = confiture("migrate", "generate", "x", "--migrations-dir", "notes")

    assert outcome.code == 1
    assert "notes" in outcome.err
    assert (project.root / "notes").read_text() == "mine\n"


def test_an_error_is_json_where_json_is_asked_for(confiture, project):
    outcome = confiture("migrate", "status", "--env", "prod", "--json")

    assert outcome.code == 1
    assert outcome.json == {
        "error": {
            "message": "the file does not exist",
            "path": "db/environments/prod.yaml",
            "line": None,
            "detail": None,
            "hint": "environments here: local",
        }
    }


@pytest.mark.parametrize("command", [["status"], ["up"]], ids=" ".join)
def test_a_file_that_only_looks_like_a_migration_is_named(confiture, project, command):
    project.write("db/migrations/create_users.sql", "CREATE TABLE users (id INT);\n")

    outcome = confiture("migrate", *command)

    assert outcome.code == 0
    assert "note: db/migrations/create_users.sql: not the name of a migration" in outcome.err
    assert "001_name.up.sql" in outcome.err
