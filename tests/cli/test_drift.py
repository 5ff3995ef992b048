"""`confiture drift`: a database beside its schema files, or beside its own history."""

from __future__ import annotations

import pytest


@pytest.fixture
def shop(project, confiture):
    project.write("db/schema/users.sql", "CREATE TABLE users (id INT, name TEXT DEFAULT 'x');\n")
    project.migration("001", "CREATE TABLE users (id INT, name TEXT DEFAULT 'x')")
    assert confiture("migrate", "up").code == 0
    return project


@pytest.mark.parametrize("history", [[], ["--history"]])
def test_a_database_that_is_as_it_should_be_has_not_drifted(confiture, shop, history):
    outcome = confiture("drift", *history)

    against = "its history" if history else "db/schema"
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == f'Database "{shop.database}_local" is what {against} makes\n'


@pytest.mark.parametrize("history", [[], ["--history"]])
def test_what_was_changed_by_hand_is_found(confiture, shop, history):
    shop.query("ALTER TABLE users ALTER id TYPE bigint")
    shop.query("ALTER TABLE users DROP name")
    shop.query("CREATE INDEX by_hand ON users (id)")

    outcome = confiture("drift", *history)

    against = "its history" if history else "db/schema"
    assert outcome.code == 3
    assert outcome.out.splitlines() == [
        "changed: column public.users.id (type bigint instead of integer)",
        "missing: column public.users.name",
        f"not in {against}: index public.by_hand",
    ]
    assert "DROP INDEX by_hand;" in outcome.err


def test_the_json_has_the_findings_and_what_would_mend_them(confiture, shop):
    shop.query("DROP TABLE users")

    outcome = confiture("drift", "--json")

    assert outcome.code == 3
    facts = outcome.json
    repair = facts.pop("repair")
    finding: dict[str, object] = {
        "kind": "missing",
        "object": "table public.users",
        "facts": [],
        "detail": None,
    }
    assert facts == {
        "database": f"{shop.database}_local",
        "against": "db/schema",
        "has_drifted": True,
        "findings": [finding],
    }
    assert len(repair) == 1
    assert repair[0].startswith("CREATE TABLE users")


def test_the_history_is_what_was_applied_whatever_the_files_say_now(confiture, shop):
    """A file that was deleted is known from the history, an edited one by what it was."""
    shop.migration("002", "CREATE TABLE posts (id INT)")
    assert confiture("migrate", "up").code == 0
    for path in (shop.root / "db/migrations").glob("002_*"):
        path.unlink()
    shop.migration("001", "CREATE TABLE users (id BIGINT)")

    assert confiture("drift", "--history").code == 0


def test_the_history_may_have_a_name_of_its_own(confiture, shop):
    """It belongs to no catalog, wherever it is kept."""
    shop.write_environment("staging", more="history_table: ops.applied\n")
    shop.write("db/schema/ops.sql", "CREATE SCHEMA ops;\n")

    assert confiture("migrate", "up", "--env", "staging").code == 0
    outcome = confiture("drift", "--env", "staging")
    status = confiture("migrate", "status", "--check", "--env", "staging")

    assert (outcome.code, status.code) == (0, 0)
    assert shop.query("select version from ops.applied", "staging") == [("001",)]
    assert shop.query("select to_regclass('confiture_migrations')", "staging") == [(None,)]
