"""`confiture migrate lint`: findings as text and as what other programs read."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def shop(project):
    project.migration("001", "CREATE TABLE users (id INT)", "DROP TABLE users")
    project.migration("002", "CREATE INDEX by_id ON users (id)", "DROP INDEX by_id")
    return project


def test_findings_are_shown_with_a_way_out(confiture, shop):
    outcome = confiture("migrate", "lint")

    assert outcome.code == 3
    assert outcome.out.splitlines() == [
        "db/migrations/002_step.up.sql:1: L01 index-not-concurrent:"
        " nobody can write to the table while the index is built",
        "  hint: CREATE INDEX CONCURRENTLY",
    ]


def test_old_migrations_can_be_left_alone(confiture, shop):
    outcome = confiture("migrate", "lint", "--since", "002")

    assert (outcome.code, outcome.out) == (0, "Nothing found in 0 migration(s)\n")


def test_what_is_applied_can_be_left_alone(confiture, shop):
    confiture("migrate", "up")
    shop.migration("003", "DROP INDEX by_id", "CREATE INDEX by_id ON users (id)")

    outcome = confiture("migrate", "lint", "--pending", "--trace")

    assert outcome.code == 3
    assert [line for line in outcome.out.splitlines() if " L0" in line] == [
        "db/migrations/003_step.up.sql:1: L04 drop-index-not-concurrent:"
        " nobody can use the table while the index is dropped"
    ]


def test_programs_read_json_annotations_and_sarif(confiture, shop):
    (finding,) = confiture("migrate", "lint", "--json").json
    github = confiture("migrate", "lint", "--format", "github").out
    sarif = json.loads(confiture("migrate", "lint", "--format", "sarif").out)

    assert (finding["rule"], finding["line"]) == ("L01", 1)
    assert github.startswith("::warning file=db/migrations/002_step.up.sql,line=1,title=L01 ")
    (result,) = sarif["runs"][0]["results"]
    assert result["ruleId"] == "L01"


def test_the_version_is_that_of_the_option_the_environment_or_its_server(confiture, shop, database):
    shop.migration("002", "SELECT * FROM (SELECT 1)", "SELECT 1")
    shop.migration("003", "ALTER TABLE users ADD NOT NULL id NOT VALID", "SELECT 1")
    major = database.info.server_version // 10000

    def needed(*arguments):
        found = confiture("migrate", "lint", "--json", *arguments).json
        return [(one["line"], one["message"]) for one in found if one["rule"] == "V01"]

    asked = needed()
    told = needed("--postgres-version", "17")
    shop.write(
        "db/environments/old.yaml",
        "postgres_version: 13\ndatabase:\n  host: 127.0.0.1\n  port: 1\n  database: nowhere\n",
    )
    named = needed("--env", "old")
    shop.write(
        "db/environments/nowhere.yaml",
        "database:\n  host: 127.0.0.1\n  port: 1\n  database: nowhere\n",
    )
    unknown = needed("--env", "nowhere")

    assert len(asked) == (major < 16) + (major < 18)
    assert told == [
        (1, "NOT NULL as a constraint of its own needs PostgreSQL 18, and the server is of 17")
    ]
    assert len(named) == 2
    assert all(message.endswith("and the server is of 13") for _, message in named)
    assert unknown == []
