"""Items: chosen, run and reported as pytest's users expect."""

from __future__ import annotations

import subprocess
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest

from confiture_core.factory import databases
from confiture_core.factory.inventory import list_databases

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from confiture_core.server import Server

    Project = Callable[[dict[str, str]], pytest.Pytester]

pytest_plugins = ["pytester"]

FLAG = "--confiture-verify-migrations"
SOUND = {
    "db/schema/users.sql": "CREATE TABLE users (id int PRIMARY KEY, name text, bio text);\n",
    "db/migrations/001_users.py": """
from confiture.models.migration import Migration


class Users(Migration):
    version = "001"
    name = "users"

    def up(self):
        self.execute("CREATE TABLE users (id int PRIMARY KEY, name text)")

    def down(self):
        self.execute("DROP TABLE users")
""",
    "db/migrations/002_bio.up.sql": "ALTER TABLE users ADD bio text;\n",
    "db/migrations/002_bio.down.sql": "ALTER TABLE users DROP bio;\n",
}
FORGETFUL = {
    **SOUND,
    "db/migrations/002_bio.up.sql": "ALTER TABLE users ADD bio text;\n"
    "CREATE INDEX users_bio_idx ON users (bio);\n",
    "db/migrations/002_bio.down.sql": "DROP INDEX users_bio_idx;\n",
    "db/migrations/003_index.up.sql": "DROP INDEX users_bio_idx;\n",
    "db/migrations/003_index.down.sql": "CREATE INDEX users_bio_idx ON users (bio);\n",
}


def commit(directory: Path) -> None:
    """Keep everything in git, on a branch main."""
    author = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], [*author, "commit", "-qm", "1"]):
        subprocess.run(["git", *arguments], cwd=directory, check=True)


def test_each_law_of_each_migration_is_an_item(project: Project) -> None:
    pytester = project(SOUND)

    result = pytester.runpytest_subprocess(FLAG, "-v", "-p", "no:cacheprovider")

    result.stdout.fnmatch_lines(
        [
            "tests/test_sum.py::test_sum PASSED*",
            "db/migrations/001_users.py::up PASSED*",
            "db/migrations/001_users.py::down-leaves-no-trace PASSED*",
            "db/migrations/001_users.py::again PASSED*",
            "db/migrations/001_users.py::data-survives PASSED*",
            "db/migrations/001_users.py::locks PASSED*",
            "db/migrations/002_bio.up.sql::up PASSED*",
            "db/migrations/002_bio.up.sql::down-leaves-no-trace PASSED*",
            "db/migrations/002_bio.up.sql::again PASSED*",
            "db/migrations/002_bio.up.sql::data-survives PASSED*",
            "db/migrations/002_bio.up.sql::locks PASSED*",
            "db/migrations/002_bio.up.sql::parity PASSED*",
        ]
    )
    assert result.ret == 0


def test_without_the_option_migrations_are_no_tests(project: Project) -> None:
    result = project(SOUND).runpytest_subprocess()

    result.assert_outcomes(passed=1)


def test_what_is_left_over_is_shown_as_sql_and_without_a_traceback(project: Project) -> None:
    result = project(FORGETFUL).runpytest_subprocess(FLAG)

    result.assert_outcomes(passed=15, failed=2)
    result.stdout.fnmatch_lines(
        [
            "*002_bio down-leaves-no-trace*",
            "db/migrations/002_bio.down.sql:1: left over: column public.users.bio",
            "to repair down:",
            "    ALTER TABLE users DROP COLUMN bio;",
            "*002_bio again*",
            'db/migrations/002_bio.up.sql:1: column "bio" of relation "users" already exists',
            "FAILED db/migrations/002_bio.up.sql::down-leaves-no-trace - db/migrations/*",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*Error*")


@pytest.mark.parametrize(
    ("arguments", "passed"),
    [
        (["db/migrations/001_users.py"], 5),
        (["db/migrations/002_bio.up.sql"], 6),
        (["db/migrations/002_bio.up.sql::again"], 1),
        (["db/migrations"], 11),
        (["-k", "002_bio"], 6),
        (["-k", "again"], 2),
        (["tests"], 1),
        (["."], 12),
    ],
    ids=lambda value: "_".join(value) if isinstance(value, list) else "",
)
def test_items_are_chosen_as_tests_are(project: Project, arguments: list[str], passed: int) -> None:
    result = project(SOUND).runpytest_subprocess(FLAG, *arguments)

    result.assert_outcomes(passed=passed, deselected=12 - passed if "-k" in arguments else 0)


def test_items_run_in_any_order(project: Project) -> None:
    result = project(SOUND).runpytest_subprocess(
        FLAG,
        "db/migrations/002_bio.up.sql::again",
        "db/migrations/001_users.py::up",
        "db/migrations/002_bio.up.sql::parity",
        "db/migrations/001_users.py::again",
    )

    result.assert_outcomes(passed=4)


@pytest.mark.parametrize("dist", ["load", "loadfile", "worksteal"])
def test_workers_share_the_items_however_they_are_told_to(project: Project, dist: str) -> None:
    result = project(FORGETFUL).runpytest_subprocess(FLAG, "-n2", "--dist", dist)

    result.assert_outcomes(passed=15, failed=2)


def test_workers_find_what_one_process_finds(project: Project) -> None:
    """A chain in which downs forget, change rows and fail, and ups fail on rows."""
    files = {"db/environments/local.yaml": "name: local\n"}
    for number in range(15):
        place = number % len(_CHAIN)
        for way, text in zip(("up", "down"), _CHAIN[place], strict=True):
            path = f"db/migrations/{number:03}_step.{way}.sql"
            files[path] = text.format(n=number - place)
    pytester = project(files)

    alone, together = (_outcomes(pytester, workers) for workers in ("0", "2"))

    assert alone == together
    assert sum(outcome.startswith("failure") for outcome in alone.values()) == 21


# A table, and what goes wrong about it.
_CHAIN = (
    ("CREATE TABLE t_{n} (id int PRIMARY KEY, name text)", "DROP TABLE t_{n}"),
    ("ALTER TABLE t_{n} ADD kind text NOT NULL", "ALTER TABLE t_{n} DROP kind"),
    ("CREATE INDEX i_{n} ON t_{n} (name)", "SELECT 1"),
    ("UPDATE t_{n} SET name = 'x'", "UPDATE t_{n} SET name = NULL"),
    ("CREATE TABLE u_{n} (id int)", "DROP TABLE nobody_{n}"),
)


def _outcomes(pytester: pytest.Pytester, workers: str) -> dict[tuple[str, str], str]:
    """Give what each item says, in a run that many workers share."""
    report = pytester.path / f"report-{workers}.xml"
    pytester.runpytest(
        FLAG, "-n", workers, "-p", "no:cacheprovider", f"--junitxml={report}", "db/migrations"
    )
    return {
        (case.attrib["classname"], case.attrib["name"]): "\n".join(
            f"{each.tag} {each.attrib.get('message')} {each.text}" for each in case
        )
        for case in ET.parse(report).getroot().iter("testcase")
    }


def test_the_last_so_many_are_verified(project: Project) -> None:
    result = project(FORGETFUL).runpytest_subprocess(f"{FLAG}=1", "db/migrations")

    result.assert_outcomes(passed=6)


def test_the_last_failed_are_run_again(project: Project) -> None:
    pytester = project(FORGETFUL)
    pytester.runpytest_subprocess(FLAG)

    result = pytester.runpytest_subprocess(FLAG, "--lf")

    result.assert_outcomes(failed=2)


def test_the_first_failure_can_end_the_run(project: Project) -> None:
    result = project(FORGETFUL).runpytest_subprocess(FLAG, "-x")

    result.assert_outcomes(passed=7, failed=1)


def test_junit_has_the_migrations(project: Project) -> None:
    pytester = project(FORGETFUL)

    pytester.runpytest_subprocess(FLAG, "--junit-xml=out.xml")

    cases = {
        (case.get("classname"), case.get("name")): case
        for case in ET.parse(pytester.path / "out.xml").iter("testcase")
    }
    failed = cases["db.migrations.002_bio.up.sql", "down-leaves-no-trace"]
    failure = failed.find("failure")
    assert failure is not None
    assert "DROP COLUMN bio" in (failure.text or "")
    assert ("db.migrations.001_users", "up") in cases or (
        "db.migrations.001_users.py",
        "up",
    ) in cases


def test_without_a_server_the_items_fail(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    pytester = project(SOUND)
    monkeypatch.setenv("CONFITURE_SERVER_URL", "postgresql://nobody:secret@127.0.0.1:1/")

    result = pytester.runpytest_subprocess(FLAG, "db/migrations")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(errors=11)
    result.stdout.fnmatch_lines(["the server named by CONFITURE_SERVER_URL cannot be used:*"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_what_is_not_reached_is_said_once(project: Project) -> None:
    files = {
        **SOUND,
        "db/migrations/001_users.py": SOUND["db/migrations/001_users.py"].replace(
            "id int", "id txt"
        ),
    }
    pytester = project(files)

    whole = pytester.runpytest_subprocess(FLAG, "-rs", "db/migrations")
    part = pytester.runpytest_subprocess(FLAG, "db/migrations/002_bio.up.sql")

    whole.assert_outcomes(failed=4, skipped=7)
    whole.stdout.fnmatch_lines(
        ['SKIPPED*not reached: db/migrations/001_users.py:*type "txt" does not exist*']
    )
    part.assert_outcomes(failed=6)
    part.stdout.fnmatch_lines(
        ['not reached: db/migrations/001_users.py:*: type "txt" does not exist']
    )


def test_parity_shows_the_sql_that_closes_the_gap(project: Project) -> None:
    pytester = project(
        {**SOUND, "db/schema/posts.sql": "CREATE TABLE posts (id int PRIMARY KEY, title text);\n"}
    )

    result = pytester.runpytest_subprocess(FLAG, "-k", "parity")

    result.assert_outcomes(failed=1, deselected=11)
    result.stdout.fnmatch_lines(
        [
            "db/schema: the migrations and the schema files do not give the same",
            "  hint: write the migration that is missing: confiture migrate diff --generate *",
            "  missing: table public.posts",
            "to repair the migrations:",
            "    CREATE TABLE posts (id int PRIMARY KEY, title text);",
        ]
    )


def test_without_schema_files_there_is_no_parity(project: Project) -> None:
    files = {name: text for name, text in SOUND.items() if "schema" not in name}

    result = project(files).runpytest_subprocess(FLAG, "db/migrations")

    result.assert_outcomes(passed=10)


def test_what_breaks_nothing_is_reported(project: Project) -> None:
    files = {
        **SOUND,
        "db/migrations/003_name.up.sql": "-- confiture: lossy: users.name\n"
        "ALTER TABLE users DROP name;\n",
        "db/migrations/003_name.down.sql": "ALTER TABLE users ADD name text;\n",
        "db/schema/users.sql": "CREATE TABLE users (id int PRIMARY KEY, bio text);\n",
    }

    result = project(files).runpytest_subprocess(FLAG, "-n1")

    result.assert_outcomes(passed=17)
    result.stdout.fnmatch_lines(
        ["db/migrations/003_name.down.sql:1: columns in another order: table public.users *"]
    )


def test_duplicate_versions_are_a_usage_error(project: Project) -> None:
    result = project({**SOUND, "db/migrations/002_other.up.sql": ""}).runpytest_subprocess(FLAG)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(['*version "002" is taken by db/migrations/002_bio.up.sql*'])


def test_no_database_is_left_behind(project: Project, server: Server) -> None:
    with databases.maintenance(server) as connection:
        before = {each.name for each in list_databases(connection)}
        project(FORGETFUL).runpytest_subprocess(FLAG, "db/migrations")
        after = {each.name for each in list_databases(connection)}

    assert after <= before


def test_files_of_other_runners_are_verified_as_they_are(project: Project) -> None:
    result = project(
        {
            "db/schema/users.sql": "CREATE TABLE users (id int);\n",
            "db/migrations/20240101_users.sql": "-- migrate:up\nCREATE TABLE users (id int);\n"
            "-- migrate:down\nDROP TABLE users;\n",
            "db/migrations/20240102_bio.sql": "-- +goose Up\nALTER TABLE users ADD bio text;\n"
            "-- +goose Down\n\nSELECT 1;\n",
        }
    ).runpytest_subprocess(FLAG, "db/migrations")

    result.assert_outcomes(passed=8, failed=3)
    result.stdout.fnmatch_lines(
        ["db/migrations/20240102_bio.sql:5: left over: column public.users.bio"]
    )


def test_what_has_not_changed_is_remembered_and_said_so(project: Project) -> None:
    pytester = project(FORGETFUL)
    pytester.runpytest_subprocess(FLAG, "db/migrations").assert_outcomes(passed=14, failed=2)
    down = pytester.path / "db/migrations/003_index.down.sql"
    down.write_text("SELECT 1;\n", encoding="utf-8")

    changed = pytester.runpytest_subprocess(FLAG, "db/migrations")
    anew = pytester.runpytest_subprocess(FLAG, "db/migrations", "--cache-clear")

    changed.assert_outcomes(passed=12, failed=4)
    changed.stdout.fnmatch_lines(
        [
            "cached: nothing it depends on has changed; --cache-clear verifies it anew",
            "2 migration(s) cached: nothing they depend on has changed; *",
        ]
    )
    anew.assert_outcomes(passed=12, failed=4)
    anew.stdout.no_fnmatch_line("*cached*")


@pytest.mark.parametrize("arguments", [[f"{FLAG}=changed"], ["--confiture-since", "main"]])
def test_those_that_git_sees_changed_are_verified(project: Project, arguments: list[str]) -> None:
    pytester = project({})
    for name, text in SOUND.items():
        path = pytester.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    commit(pytester.path)
    down = pytester.path / "db/migrations/002_bio.down.sql"
    down.write_text("ALTER TABLE users DROP COLUMN bio;\n", encoding="utf-8")
    new = pytester.path / "db/migrations/003_age.up.sql"
    new.write_text("-- confiture: irreversible: a test\nSELECT 1;\n", encoding="utf-8")

    result = pytester.runpytest_subprocess(*arguments, "-v", "db/migrations")

    result.stdout.fnmatch_lines(
        ["db/migrations/002_bio.up.sql::up PASSED*", "db/migrations/003_age.up.sql::up PASSED*"]
    )
    result.stdout.no_fnmatch_line("*001_users*")


def test_a_commit_that_is_not_there_is_a_usage_error(project: Project) -> None:
    pytester = project(SOUND)
    commit(pytester.path)

    result = pytester.runpytest_subprocess("--confiture-since", "nowhere")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*git cannot say which migrations have changed*"])


@pytest.mark.parametrize(
    ("seed", "migration", "line"),
    [
        ("INSERT INTO users VALUES (1, 'a', NULL);\n", "SELECT 1;\n", None),
        (
            "INSERT INTO users VALUES (1, 'a', NULL);\n",
            "INSERT INTO users VALUES (1, 'b');\n",
            "db/seeds/common/users.sql:1: the seeds do not load after all migrations: duplicate *",
        ),
        (
            "INSERT INTO users SELECT 7, now()::text, 'x';\n",
            "INSERT INTO users VALUES (8, 'b');\n",
            "the seeds give other rows after all migrations: *1 more rows than the 1 there were",
        ),
        ("INSERT INTO users SELECT 7, clock_timestamp()::text, 'x';\n", "SELECT 1;\n", None),
    ],
    ids=["same", "refused", "more rows", "the time"],
)
def test_seeds_load_on_both_and_give_the_same_rows(
    project: Project, seed: str, migration: str, line: str | None
) -> None:
    files = {
        **SOUND,
        "db/environments/local.yaml": "name: local\ninclude_dirs:\n  - db/schema\n  - db/seeds\n",
        "db/seeds/common/users.sql": seed,
        "db/migrations/003_rows.up.sql": "-- confiture: irreversible: rows\n" + migration,
    }

    result = project(files).runpytest_subprocess(FLAG, "-k", "parity")

    result.assert_outcomes(passed=line is None, failed=line is not None, deselected=16)
    result.stdout.fnmatch_lines([line] if line else [])
