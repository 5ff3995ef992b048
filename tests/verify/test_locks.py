"""The law of locks: measured always, broken only where the project sets a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Project = Callable[[dict[str, str]], pytest.Pytester]

pytest_plugins = ["pytester"]

FLAG = "--confiture-verify-migrations"
FILES = {
    "db/migrations/001_users.up.sql": "CREATE TABLE users (id int PRIMARY KEY, name text);\n",
    "db/migrations/001_users.down.sql": "DROP TABLE users;\n",
    "db/migrations/002_long.up.sql": "COMMENT ON TABLE users IS 'people';\n"
    "DO $$ BEGIN\n  ALTER TABLE users ALTER id TYPE bigint;\nEND $$;\n",
    "db/migrations/002_long.down.sql": "ALTER TABLE users ALTER id TYPE int;\n"
    "COMMENT ON TABLE users IS NULL;\n",
}


def test_without_a_limit_locks_are_only_told(project: Project) -> None:
    result = project(FILES).runpytest_subprocess(FLAG, "-k", "locks")

    result.assert_outcomes(passed=2, deselected=9)
    result.stdout.fnmatch_lines(
        [
            "*confiture locks*",
            "ACCESS EXCLUSIVE: the strongest lock of 1 migration(s)",
            "db/migrations/002_long.up.sql:2: rewrites public.users",
        ]
    )


def test_more_is_told_if_it_is_asked_for(project: Project) -> None:
    result = project(FILES).runpytest_subprocess(FLAG, "-v", "-n1", "db/migrations")

    result.stdout.fnmatch_lines(
        [
            "db/migrations/002_long.up.sql:1: SHARE UPDATE EXCLUSIVE on public.users",
            "db/migrations/002_long.up.sql:2: ACCESS EXCLUSIVE on public.users*;"
            " rewrites public.users; builds public.users_pkey; reads all of public.users 2 times",
        ]
    )


def test_a_stronger_lock_than_allowed_fails_where_it_is_taken(project: Project) -> None:
    pytester = project(FILES)
    pytester.makeini("[pytest]\nconfiture_max_lock = ShareRowExclusiveLock\n")

    result = pytester.runpytest_subprocess(FLAG, "db/migrations")

    result.assert_outcomes(passed=9, failed=1)
    result.stdout.fnmatch_lines(
        [
            "db/migrations/002_long.up.sql:2: locks table public.users in ACCESS EXCLUSIVE mode",
            "  hint: the project allows SHARE ROW EXCLUSIVE",
            "FAILED db/migrations/002_long.up.sql::locks*",
        ]
    )


def test_a_rewrite_fails_where_none_is_allowed(project: Project) -> None:
    result = project(FILES).runpytest_subprocess(
        FLAG, "--confiture-forbid-rewrite", "db/migrations"
    )

    result.assert_outcomes(passed=9, failed=1)
    result.stdout.fnmatch_lines(["db/migrations/002_long.up.sql:2: rewrites public.users"])


def test_a_level_that_there_is_not_is_a_usage_error(project: Project) -> None:
    result = project(FILES).runpytest_subprocess(FLAG, "--confiture-max-lock", "SHARED")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(['*confiture_max_lock: "SHARED" is no lock level*'])


def test_what_is_not_applied_has_no_locks(project: Project) -> None:
    files = {**FILES, "db/migrations/002_long.up.sql": "ALTER TABLE nobody ADD c int;\n"}

    result = project(files).runpytest_subprocess(FLAG, "-k", "002_long and locks", "-rs")

    result.assert_outcomes(skipped=1, deselected=10)
    result.stdout.fnmatch_lines(["SKIPPED*up fails"])


def test_a_statement_whose_locks_are_not_measured_is_named(project: Project) -> None:
    more = {
        "db/migrations/003_index.up.sql": "CREATE INDEX CONCURRENTLY users_name ON users (name);\n",
        "db/migrations/003_index.down.sql": "DROP INDEX CONCURRENTLY users_name;\n",
    }

    result = project({**FILES, **more}).runpytest_subprocess(FLAG, "-k", "003 and locks")

    result.assert_outcomes(passed=1, deselected=15)
    result.stdout.fnmatch_lines(
        [
            "*003_index.up.sql:1: its locks are not measured: it runs outside a transaction",
        ]
    )
