"""`migrate baseline --detect` and `migrate squash`."""

from __future__ import annotations

import pytest


@pytest.fixture
def shop(project):
    project.migration("001", "CREATE TABLE users (id INT PRIMARY KEY)", "DROP TABLE users")
    project.migration(
        "002", "ALTER TABLE users ADD name TEXT NOT NULL DEFAULT 'x'", "ALTER TABLE users DROP name"
    )
    project.migration("003", "CREATE INDEX by_name ON users (lower(name))", "DROP INDEX by_name")
    return project


def versions(shop):
    return [row[0] for row in shop.query("select version from confiture_migrations order by 1")]


def lose_history(confiture, shop, through):
    assert confiture("migrate", "up", "--to", through).code == 0
    shop.query("DROP TABLE confiture_migrations")


def test_the_version_of_a_database_is_detected(confiture, shop):
    lose_history(confiture, shop, "002")

    outcome = confiture("migrate", "baseline", "--detect")

    assert (outcome.code, outcome.err) == (0, "")
    assert versions(shop) == ["001", "002"]
    assert confiture("migrate", "up").code == 0


def test_versions_that_differ_only_in_rows_are_for_the_user_to_choose(confiture, shop):
    shop.migration("004", "INSERT INTO users VALUES (1)")
    lose_history(confiture, shop, "004")

    outcome = confiture("migrate", "baseline", "--detect")
    chosen = confiture("migrate", "baseline", "--detect", "--through", "3")

    assert outcome.code == 1
    assert "as after 003_step or 004_step: they differ only in rows" in outcome.err
    assert (chosen.code, versions(shop)) == (0, ["001", "002", "003"])


def test_a_database_that_is_at_no_version_is_shown_beside_the_nearest(confiture, shop):
    lose_history(confiture, shop, "002")
    shop.query("ALTER TABLE users ADD by_hand INT")

    outcome = confiture("migrate", "baseline", "--detect")

    assert outcome.code == 1
    assert "as after none of the migrations; 002_step is nearest" in outcome.err
    assert "not in 002_step: column public.users.by_hand" in outcome.err


def test_squashed_migrations_are_one(confiture, shop):
    outcome = confiture("migrate", "squash", "--through", "002")

    assert outcome.code == 0
    assert outcome.out.splitlines()[:2] == [
        "Created db/migrations/002_squashed.up.sql",
        "Created db/migrations/002_squashed.down.sql",
    ]
    assert shop.files("db/migrations") == [
        "002_squashed.down.sql",
        "002_squashed.up.sql",
        "003_step.down.sql",
        "003_step.up.sql",
        "squashed_002",
    ]
    assert len(shop.files("db/migrations/squashed_002")) == 4
    assert confiture("migrate", "up").code == 0
    assert versions(shop) == ["002", "003"]
    assert confiture("migrate", "down", "--to", "0").code == 0
    assert shop.tables() == []


@pytest.mark.parametrize("before", ["002", "003"])
def test_a_database_that_has_them_all_runs_nothing(confiture, shop, before):
    assert confiture("migrate", "up", "--to", before).code == 0
    assert confiture("migrate", "squash", "--through", "002").code == 0

    outcome = confiture("migrate", "up")

    assert outcome.code == 0
    assert "002_squashed stands for 2 that were applied" in outcome.err
    assert versions(shop) == ["002", "003"]
    assert confiture("migrate", "up").err == ""
    assert confiture("migrate", "status", "--check").code == 0


def test_a_database_that_has_some_of_them_is_refused(confiture, shop):
    assert confiture("migrate", "up", "--to", "001").code == 0
    assert confiture("migrate", "squash", "--through", "002").code == 0

    refused = confiture("migrate", "up")
    folder = "db/migrations/squashed_002"
    finished = confiture("migrate", "up", "--migrations-dir", folder)
    outcome = confiture("migrate", "up")

    assert refused.code == 1
    assert "made from 2 migrations, of which this database has only 1" in refused.err
    assert (finished.code, outcome.code) == (0, 0)
    assert versions(shop) == ["002", "003"]


def test_migrations_that_write_rows_are_named(confiture, shop):
    shop.migration("004", "INSERT INTO users VALUES (1)")

    outcome = confiture("migrate", "squash", "--through", "4")

    assert "note: 004_step writes rows" in outcome.err
