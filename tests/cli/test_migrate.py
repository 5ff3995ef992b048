"""`confiture migrate` on databases: status, up, down and their kin."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

MIGRATE = [sys.executable, "-m", "confiture", "migrate"]


@pytest.fixture
def shop(project):
    project.migration("001", "CREATE TABLE users (id INT)", "DROP TABLE users")
    project.migration("002", "CREATE TABLE posts (id INT)", "DROP TABLE posts")
    project.migration("003", "CREATE TABLE tags (id INT)", "DROP TABLE tags")
    return project


def states(confiture):
    facts = confiture("migrate", "status", "--json").json
    return {one["version"]: one["status"] for one in facts["migrations"]}


def test_in_a_database_that_is_missing_everything_is_pending(confiture, shop):
    outcome = confiture("migrate", "status")

    assert outcome.code == 0
    assert outcome.out.splitlines() == [
        "Migrations",
        "Version  Name  Status",
        "001      step  pending",
        "002      step  pending",
        "003      step  pending",
        "",
        "Total: 3 migrations (0 applied, 3 pending)",
        "",
        f'Database "{shop.database}_local" does not exist yet: "confiture migrate up" or'
        ' "confiture build" makes it',
    ]
    assert not shop.exists()


def test_up_makes_the_database_and_applies_everything(confiture, shop):
    outcome = confiture("migrate", "up")

    assert outcome.code == 0
    assert outcome.out.splitlines() == [
        f'Created database "{shop.database}_local"',
        "",
        "Found 3 pending migration(s)",
        "",
        "Applying 001_step... done",
        "Applying 002_step... done",
        "Applying 003_step... done",
        "",
        "Successfully applied 3 migration(s)!",
    ]
    assert shop.tables() == ["posts", "tags", "users"]


def test_up_with_nothing_pending_does_nothing(confiture, shop):
    confiture("migrate", "up")

    outcome = confiture("migrate", "up")

    assert (outcome.code, outcome.out) == (0, "Nothing to apply: no migration is pending\n")


def test_the_status_counts(confiture, shop):
    confiture("migrate", "up", "--steps", "2")

    facts = confiture("migrate", "status", "--json").json

    applied_at = [one.pop("applied_at") for one in facts["migrations"]]
    assert [at is not None for at in applied_at] == [True, True, False]
    assert facts == {
        "database": f"{shop.database}_local",
        "database_exists": True,
        "total": 3,
        "applied": 2,
        "pending": 1,
        "migrations": [
            {"version": "001", "name": "step", "status": "applied", "note": None},
            {"version": "002", "name": "step", "status": "applied", "note": None},
            {"version": "003", "name": "step", "status": "pending", "note": None},
        ],
    }


def test_pending_migrations_can_be_an_exit_code(confiture, shop):
    pending = confiture("migrate", "status", "--check")
    confiture("migrate", "up")
    applied = confiture("migrate", "status", "--check")

    assert (pending.code, applied.code) == (3, 0)


def test_up_goes_as_far_as_it_is_told(confiture, shop):
    confiture("migrate", "up", "--to", "2")

    assert states(confiture) == {"001": "applied", "002": "applied", "003": "pending"}


def test_up_reports_as_json(confiture, shop):
    facts = confiture("migrate", "up", "--json").json

    assert facts["created"] is True
    assert [(one["version"], one["name"]) for one in facts["applied"]] == [
        ("001", "step"),
        ("002", "step"),
        ("003", "step"),
    ]
    assert all(one["duration_s"] > 0 for one in facts["applied"])


def test_down_rolls_back_the_newest(confiture, shop):
    confiture("migrate", "up")

    outcome = confiture("migrate", "down")

    assert outcome.out.splitlines() == [
        "Rolling back 1 migration(s)",
        "",
        "Rolling back 003_step... done",
        "",
        "Successfully rolled back 1 migration(s)!",
    ]
    assert shop.tables() == ["posts", "users"]


def test_down_goes_as_far_as_it_is_told(confiture, shop):
    confiture("migrate", "up")

    to_first = confiture("migrate", "down", "--to", "001", "--json").json
    to_none = confiture("migrate", "down", "--to", "0", "--json").json

    assert [one["version"] for one in to_first["rolled_back"]] == ["003", "002"]
    assert [one["version"] for one in to_none["rolled_back"]] == ["001"]
    assert shop.tables() == []


def test_down_in_a_database_that_is_missing_is_an_error(confiture, shop):
    outcome = confiture("migrate", "down")

    assert outcome.code == 1
    assert "does not exist" in outcome.err
    assert not shop.exists()


def test_what_cannot_be_rolled_back_is_forgotten_on_demand(confiture, shop):
    shop.write("db/migrations/004_step.up.sql", "CREATE TABLE likes (id INT);\n")
    confiture("migrate", "up")

    refused = confiture("migrate", "down")
    forced = confiture("migrate", "down", "--force")

    assert (refused.code, forced.code) == (1, 0)
    assert "--force" in refused.err
    assert states(confiture)["004"] == "pending"


def test_redo_takes_the_file_as_it_is_now(confiture, shop):
    confiture("migrate", "up")
    shop.migration("003", "CREATE TABLE labels (id INT)", "DROP TABLE IF EXISTS tags, labels")

    outcome = confiture("migrate", "redo")

    assert outcome.out.splitlines() == [
        "Rolling back 1 migration(s)",
        "",
        "Rolling back 003_step... done",
        "",
        "Successfully rolled back 1 migration(s)!",
        "",
        "Found 1 pending migration(s)",
        "",
        "Applying 003_step... done",
        "",
        "Successfully applied 1 migration(s)!",
    ]
    assert shop.tables() == ["labels", "posts", "users"]


def test_a_baseline_records_without_running(confiture, shop):
    confiture("migrate", "up", "--steps", "1")

    outcome = confiture("migrate", "baseline", "--to", "002", "--json")

    assert outcome.json["recorded"] == [{"version": "002", "name": "step"}]
    assert states(confiture) == {"001": "applied", "002": "applied", "003": "pending"}
    assert shop.tables() == ["users"]


def test_an_edited_migration_is_shown_and_can_be_accepted(confiture, shop):
    confiture("migrate", "up")
    shop.migration("002", "CREATE TABLE posts (id BIGINT)", "DROP TABLE posts")

    refused = confiture("migrate", "up")
    edited = states(confiture)["002"]
    accepted = confiture("migrate", "accept", "2")

    assert refused.code == 1
    assert "db/migrations/002_step.up.sql: it was edited after it was applied" in refused.err
    assert "+CREATE TABLE posts (id BIGINT);" in refused.err
    assert (edited, accepted.code, states(confiture)["002"]) == ("edited", 0, "applied")


def test_the_history_says_who_and_when(confiture, shop):
    confiture("migrate", "up")
    confiture("migrate", "generate", "more")
    confiture("migrate", "baseline")

    rows = confiture("migrate", "history", "--json").json
    text = confiture("migrate", "history").out

    assert [(row["version"], row["duration_ms"] is None) for row in rows] == [
        ("001", False),
        ("002", False),
        ("003", False),
        ("004", True),
    ]
    assert len(text.splitlines()) == 6
    assert rows[0]["applied_by"] in text


def test_what_fits_is_valid(confiture, shop):
    outcome = confiture("migrate", "validate")

    assert (outcome.code, outcome.out) == (0, "Nothing is wrong with 3 migration(s)\n")


def test_every_problem_is_said_at_once(confiture, shop):
    confiture("migrate", "up")
    shop.migration("001", "SELECT 'edited'")
    shop.write("db/migrations/004_broken.py", "x = 1\n")
    shop.write("db/migrations/005_lonely.down.sql", "SELECT 1;\n")

    outcome = confiture("migrate", "validate", "--json")
    offline = confiture("migrate", "validate", "--json", "--offline")

    assert (outcome.code, offline.code) == (3, 3)
    assert {one["path"] for one in outcome.json if one["is_error"]} == {
        "db/migrations/001_step.up.sql",
        "db/migrations/004_broken.py",
        "db/migrations/005_lonely.down.sql",
    }
    assert len([one for one in offline.json if one["is_error"]]) == 2


def test_a_dry_run_writes_sql_and_runs_none(confiture, shop):
    outcome = confiture("migrate", "up", "--steps", "2", "--dry-run")

    assert outcome.out.splitlines() == [
        "-- 001_step up",
        "CREATE TABLE users (id INT);",
        "",
        "-- 002_step up",
        "CREATE TABLE posts (id INT);",
        "",
    ]
    assert not shop.exists()


def test_a_trial_says_which_locks_are_taken_and_leaves_nothing(confiture, shop):
    confiture("migrate", "up")
    shop.migration("004", "ALTER TABLE users ADD COLUMN name TEXT")

    shop.migration("005", "VACUUM users")
    shop.migration("006", "SELECT 1")

    shown = confiture("migrate", "up", "--dry-run-execute")
    text = shown.out
    facts = confiture("migrate", "up", "--dry-run-execute", "--json").json

    assert "-- locks users: AccessExclusiveLock" in text.replace("public.", "")
    assert [one["version"] for one in facts] == ["004", "005"]
    assert shown.err.splitlines() == [
        "note: 005_step commits in steps: it was not run",
        "note: 1 more after it were not tried",
    ]
    assert facts[0]["locks"][0]["mode"] == "AccessExclusiveLock"
    assert states(confiture)["004"] == "pending"


def test_a_way_down_can_be_tried(confiture, shop):
    confiture("migrate", "up")

    outcome = confiture("migrate", "down", "--dry-run")

    assert outcome.out.splitlines() == ["-- 003_step down", "DROP TABLE tags;", ""]


def test_an_older_migration_is_applied_on_demand(confiture, shop):
    (shop.root / "db/migrations/002_step.up.sql").rename(shop.root / "away.sql")
    (shop.root / "db/migrations/002_step.down.sql").unlink()
    confiture("migrate", "up")
    (shop.root / "away.sql").rename(shop.root / "db/migrations/002_step.up.sql")

    refused = confiture("migrate", "up")
    applied = confiture("migrate", "up", "--out-of-order")

    assert (refused.code, applied.code) == (1, 0)
    assert "--out-of-order" in refused.err


def test_migrations_can_be_elsewhere(confiture, shop):
    (shop.root / "db/migrations").rename(shop.root / "steps")

    confiture("migrate", "up", "--migrations-dir", "steps")

    assert shop.tables() == ["posts", "tags", "users"]


def test_a_migration_that_fails_leaves_nothing_and_the_earlier_ones_stay(confiture, shop):
    shop.migration("002", "CREATE TABLE posts (id INT);\nCREATE TABLE broken (id txt)")

    failed = confiture("migrate", "up")
    after = (shop.tables(), states(confiture))
    shop.migration("002", "CREATE TABLE posts (id INT)", "DROP TABLE posts")
    fixed = confiture("migrate", "up")

    assert failed.code == 1
    assert failed.out.splitlines()[-2:] == [
        "Applying 001_step... done",
        "Applying 002_step... failed",
    ]
    assert 'db/migrations/002_step.up.sql:2: type "txt" does not exist' in failed.err
    assert after == (["users"], {"001": "applied", "002": "pending", "003": "pending"})
    assert fixed.code == 0
    assert shop.tables() == ["posts", "tags", "users"]


def test_two_at_once_apply_everything_once(shop, server):
    shop.migration("004", "SELECT pg_sleep(0.3)")
    environ = {**os.environ, "CONFITURE_SERVER_URL": server.url()}
    command = [*MIGRATE, "up", "--json"]

    runs = [subprocess.Popen(command, env=environ, stdout=subprocess.PIPE) for _ in range(2)]
    outs = [run.communicate(timeout=60)[0].decode() for run in runs]

    assert [run.returncode for run in runs] == [0, 0]
    assert sum(out.count('"version"') for out in outs) == 4
    assert shop.tables() == ["posts", "tags", "users"]


def test_who_holds_the_lock_is_named(confiture, shop):
    confiture("migrate", "up", "--steps", "1")
    shop.migration("002", "SELECT pg_sleep(20)")
    with shop.start("migrate", "up"):
        outcome = confiture("migrate", "up", "--wait", "0.1")

        shop.query(
            "select pg_terminate_backend(pid) from pg_stat_activity where query ~ 'pg_sleep'"
            " and datname = current_database() and pid <> pg_backend_pid()"
        )
    assert outcome.code == 1
    assert "another runner holds the migration lock: pid" in outcome.err
    assert "waiting for another runner to end" in outcome.err


def test_what_would_be_refused_is_invalid(confiture, shop):
    shop.write("db/migrations/009_more.up.sql", "CREATE TABLE a (i int);\nCOMMIT;\nSELECT 1;\n")
    shop.write("db/migrations/009_more.down.sql", "DROP TABLE a;\nDROP TABEL b;\n")

    outcome = confiture("migrate", "validate", "--offline")

    assert outcome.code == 3
    assert "db/migrations/009_more.up.sql:2: COMMIT inside a migration" in outcome.out
    assert 'db/migrations/009_more.down.sql:2: syntax error at or near "TABEL"' in outcome.out
