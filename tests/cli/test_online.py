"""`confiture migrate diff --online`."""

from __future__ import annotations

import pytest

OLD = "CREATE TABLE users (id int, name text);\n"
NEW = OLD + "CREATE INDEX by_name ON users (name);\nALTER TABLE users ADD CHECK (id > 0);\n"


@pytest.fixture
def users(project):
    project.migration("001", OLD)
    project.write("db/schema/users.sql", NEW)
    return project


def test_the_migrations_are_shown_one_after_the_other(confiture, users):
    outcome = confiture("migrate", "diff", "--online")

    assert outcome.out == (
        "-- migration 1 of 3\n"
        "ALTER TABLE users ADD CHECK (id > 0) NOT VALID;\n"
        "-- migration 2 of 3\n"
        "-- not in a transaction: runs outside a transaction, and waits for those that are open\n"
        "CREATE INDEX CONCURRENTLY by_name ON users (name);\n"
        "-- migration 3 of 3\n"
        "-- scans table: reads all of public.users, and lets others write meanwhile\n"
        "-- may fail: rows that break constraint users_id_check on public.users stop it\n"
        "ALTER TABLE users VALIDATE CONSTRAINT users_id_check;\n"
    )


@pytest.mark.parametrize("format", ["py", "sql"])
def test_each_migration_has_a_file_of_its_own(confiture, users, format):
    outcome = confiture(
        *("migrate", "diff", "--online", "--generate", "--name", "faster", "--format", format)
    )

    assert outcome.code == 0
    stems = [line.rpartition("/")[2].partition(".")[0] for line in outcome.out.splitlines()]
    assert list(dict.fromkeys(stems)) == ["002_faster_1", "003_faster_2", "004_faster_3"]
    assert confiture("migrate", "up").code == 0
    assert confiture("migrate", "diff", "local", "db/schema", "--check").code == 0
    assert confiture("migrate", "down", "--steps", "3").code == 0
    users.write("old.sql", OLD)
    assert confiture("migrate", "diff", "local", "old.sql", "--check").code == 0


def test_the_json_has_a_list_of_migrations(confiture, users):
    facts = confiture("migrate", "diff", "--online", "--json").json

    assert [one["transactional"] for one in facts["migrations"]] == [True, False, True]
    assert facts["files"] == []
