"""`confiture migrate diff`, `migrate generate` and `schema dump`."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time

import pytest

from confiture_core.factory.databases import connect

USERS = "CREATE TABLE users (\n    id SERIAL PRIMARY KEY,\n    name TEXT NOT NULL\n);\n"
WITH_BIO = USERS.replace("NOT NULL\n", "NOT NULL,\n    bio TEXT\n")


@pytest.fixture
def plain(tmp_path, monkeypatch):
    """A folder outside any project, with two files."""
    (tmp_path / "old.sql").write_text(WITH_BIO)
    (tmp_path / "new.sql").write_text(USERS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_two_files_are_compared_without_a_project(confiture, plain):
    outcome = confiture("migrate", "diff", "new.sql", "old.sql")

    assert outcome.code == 0
    assert outcome.out == "ALTER TABLE users ADD COLUMN bio TEXT;\n"


def test_the_migrations_are_compared_with_the_schema_files(confiture, project):
    project.migration("001", USERS)
    project.write("db/schema/users.sql", WITH_BIO)

    assert confiture("migrate", "diff").out == "ALTER TABLE users ADD COLUMN bio TEXT;\n"


def test_an_equal_state_is_no_difference(confiture, plain):
    outcome = confiture(
        *("migrate", "diff", "new.sql", "new.sql", "--check"),
        *("--generate", "--name", "x", "--migrations-dir", "m"),
    )

    assert outcome.code == 0
    assert outcome.err == "No difference.\n"
    assert not (plain / "m").exists()


def test_what_no_migration_carries_is_told(confiture, plain):
    role = "ALTER ROLE CURRENT_USER RESET search_path;\n"
    (plain / "old.sql").write_text(role)
    (plain / "new.sql").write_text(
        f"{role}\nALTER ROLE CURRENT_USER\n  RESET work_mem;\n"
        "COMMENT ON TYPE int4 IS 'x';\nCOMMENT ON FUNCTION now() IS 'of day';\n"
    )

    outcome = confiture("migrate", "diff", "old.sql", "new.sql")

    assert outcome.err.splitlines() == [
        "No difference.",
        "note: not carried, as it is not about the schema of a database:"
        " new.sql:3: ALTER ROLE CURRENT_USER RESET work_mem",
        "note: not carried, as it is about PostgreSQL's own objects:"
        " the comment on function now(): 'of day', only in new.sql:6",
        "note: not carried, as it is about PostgreSQL's own objects:"
        " the comment on type integer: 'x', only in new.sql:5",
    ]


def test_a_difference_can_be_an_exit_code(confiture, plain):
    assert confiture("migrate", "diff", "new.sql", "old.sql", "--check").code == 3


def test_a_migration_is_written_as_python(confiture, project):
    project.write("db/schema/users.sql", USERS)

    outcome = confiture("migrate", "diff", "--generate", "--name", "Create users")

    assert outcome.code == 0
    assert outcome.out == "Created db/migrations/001_create_users.py\n"
    assert USERS.rstrip(";\n") in outcome.err
    assert "class CreateUsers(Migration):" in (
        project.root / "db/migrations/001_create_users.py"
    ).read_text(encoding="utf-8")


def test_a_migration_is_written_as_sql_and_next_to_the_others(confiture, project):
    project.migration("007", "SELECT 1")
    project.write("db/schema/users.sql", USERS)

    outcome = confiture("migrate", "diff", "--generate", "--name", "users", "--format", "sql", "-q")

    assert outcome.err == ""
    assert outcome.out.splitlines() == [
        "Created db/migrations/008_users.up.sql",
        "Created db/migrations/008_users.down.sql",
    ]


def test_what_is_generated_closes_the_gap(confiture, project):
    project.write("db/schema/users.sql", USERS)
    confiture("migrate", "diff", "--generate", "--name", "one")
    project.write("db/schema/users.sql", WITH_BIO)
    confiture("migrate", "diff", "--generate", "--name", "two")

    assert project.files("db/migrations") == ["001_one.py", "002_two.py"]
    assert confiture("migrate", "diff", "--check").code == 0


def test_a_plan_that_loses_data_is_shown_with_its_hazard(confiture, plain):
    outcome = confiture("migrate", "diff", "old.sql", "new.sql")

    assert outcome.code == 0
    assert outcome.out.splitlines()[0].startswith("-- data lost: ")
    assert outcome.out.splitlines()[-1] == "ALTER TABLE users DROP COLUMN bio;"


def test_a_migration_that_loses_data_is_not_written_without_consent(confiture, plain):
    outcome = confiture(
        *("migrate", "diff", "old.sql", "new.sql"),
        *("--generate", "--name", "x", "--migrations-dir", "m"),
    )

    assert outcome.code == 1
    assert "would lose data: it is not written" in outcome.err
    assert "--allow-data-loss" in outcome.err
    assert not (plain / "m").exists()


def test_a_migration_that_loses_data_is_written_with_consent(confiture, plain):
    outcome = confiture(
        *("migrate", "diff", "old.sql", "new.sql", "--allow-data-loss"),
        *("--generate", "--name", "x", "--migrations-dir", "m"),
    )

    assert outcome.code == 0
    assert outcome.out == "Created m/001_x.py\n"


@pytest.mark.parametrize(("answer", "is_written"), [("y", True), ("n", False), ("", False)])
def test_on_a_terminal_consent_is_asked_for(plain, server, answer, is_written):
    own, theirs = pty.openpty()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "confiture", "migrate", "diff", "old.sql", "new.sql"),
            *("--generate", "--name", "x", "--migrations-dir", "m"),
        ],
        env={**os.environ, "CONFITURE_SERVER_URL": server.url()},
        stdin=theirs,
        stderr=theirs,
        stdout=subprocess.DEVNULL,
    )
    os.close(theirs)
    os.write(own, f"{answer}\n".encode())

    code = process.wait(30)

    os.close(own)
    assert code == (0 if is_written else 1)
    assert (plain / "m").exists() == is_written


@pytest.mark.parametrize("files", [("new.sql", "slow.sql"), ("slow.sql", "new.sql")])
def test_an_interrupt_ends_what_runs_on_either_side(plain, server, files):
    (plain / "slow.sql").write_text("SELECT pg_sleep(60);\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "confiture", "migrate", "diff", *files],
        env={**os.environ, "CONFITURE_SERVER_URL": server.url()},
        stderr=subprocess.PIPE,
    )
    with connect(server) as connection:
        own = f"confiture_shadow_{process.pid}_%"
        while not connection.execute(_SLEEPING, [own]).fetchone():
            assert process.poll() is None
            time.sleep(0.05)

        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)

        assert process.returncode == 130
        assert b"Traceback" not in err
        left = connection.execute("select 1 from pg_database where datname like %s", [own])
        assert left.fetchone() is None


_SLEEPING = "select 1 from pg_stat_activity where datname like %s and wait_event = 'PgSleep'"


def test_the_json_has_both_directions(confiture, plain):
    facts = confiture("migrate", "diff", "new.sql", "old.sql", "--json").json

    assert facts == {
        "is_empty": False,
        "transactional": True,
        "up": [
            {
                "sql": "ALTER TABLE users ADD COLUMN bio TEXT",
                "object": "column public.users.bio",
                "hazards": [],
            }
        ],
        "down": [
            {
                "sql": "ALTER TABLE users DROP COLUMN bio",
                "object": "column public.users.bio",
                "hazards": facts["down"][0]["hazards"],
            }
        ],
        "notes": [],
        "files": [],
    }
    assert [one["kind"] for one in facts["down"][0]["hazards"]] == ["data lost"]


def test_the_json_has_the_files(confiture, plain):
    outcome = confiture(
        *("migrate", "diff", "new.sql", "old.sql", "--json"),
        *("--generate", "--name", "x", "--migrations-dir", "m"),
    )

    assert outcome.json["files"] == ["m/001_x.py"]


def test_one_schema_file_stands_for_what_it_defines(confiture, project):
    project.write("db/schema/10_users.sql", USERS)
    project.write(
        "db/schema/20_posts.sql", "CREATE TABLE posts (author_id INT REFERENCES users);\n"
    )
    project.write("old.sql", f"{USERS}CREATE TABLE tags (id INT);\n")

    outcome = confiture("migrate", "diff", "old.sql", "db/schema/20_posts.sql")

    assert outcome.out == "CREATE TABLE posts (author_id INT REFERENCES users);\n"
    assert "note: left alone" in outcome.err
    assert "tags" in outcome.err


def test_what_no_schema_file_defines_is_dropped_on_demand(confiture, project):
    project.write("db/schema/users.sql", USERS)
    project.write("old.sql", f"{USERS}CREATE TABLE tags (id INT);\n")

    outcome = confiture("migrate", "diff", "old.sql", "db/schema/users.sql", "--drop")

    assert "DROP TABLE tags;" in outcome.out


def test_a_live_database_is_a_source(confiture, project):
    project.write("db/schema/users.sql", USERS)
    confiture("build")
    project.write("new.sql", WITH_BIO)
    url = project.server.url(f"{project.database}_local")

    outcome = confiture("migrate", "diff", url, "new.sql")

    assert outcome.out == "ALTER TABLE users ADD COLUMN bio TEXT;\n"


def test_the_server_for_shadows_can_be_named(confiture, plain, server, monkeypatch):
    monkeypatch.setenv("CONFITURE_SERVER_URL", "postgresql://127.0.0.1:1/postgres")

    outcome = confiture("migrate", "diff", "new.sql", "old.sql", "--server-url", server.url())

    assert outcome.code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["--generate"],
        ["--name", "x"],
        ["old.sql"],
        ["old.sql", "new.sql", "--format", "xml"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_told_from_an_error(confiture, plain, arguments):
    assert confiture("migrate", "diff", *arguments).code == 2


def test_outside_a_project_a_migration_needs_a_directory(confiture, plain):
    outcome = confiture("migrate", "diff", "new.sql", "old.sql", "--generate", "--name", "x")

    assert outcome.code == 1
    assert "--migrations-dir" in outcome.err
    assert sorted(path.name for path in plain.iterdir()) == ["new.sql", "old.sql"]


def test_a_source_that_is_not_there_is_named(confiture, plain):
    outcome = confiture("migrate", "diff", "new.sql", "gone.sql")

    assert outcome.code == 1
    assert 'error: "gone.sql" is no file, directory, environment or database URL' in outcome.err


@pytest.mark.parametrize(("format", "files"), [("py", 1), ("sql", 2)])
def test_an_empty_migration_is_written_to_be_filled_in(confiture, project, format, files):
    project.migration("001", "SELECT 1")

    outcome = confiture("migrate", "generate", "move data", "--format", format, "--json")

    assert len(outcome.json["files"]) == files
    assert outcome.json["files"][0].startswith("db/migrations/002_move_data.")
    assert confiture("migrate", "validate", "--offline").code == 0


def test_a_schema_is_dumped_in_an_order_that_works(confiture, project):
    project.write("db/schema/00_view.sql", "CREATE TABLE t (id INT);\nCREATE VIEW v AS TABLE t;\n")
    project.write("dump.sql", confiture("schema", "dump").out)

    outcome = confiture("migrate", "diff", "dump.sql", "db/schema", "--check")

    assert outcome.code == 0
    steps = confiture("schema", "dump", "dump.sql", "--json").json["steps"]
    assert {"table public.t", "view public.v"} <= {step["object"] for step in steps}
