"""A run told line by line, for what collects logs and for people who wait."""

from __future__ import annotations

import json

import psycopg
import pytest


@pytest.fixture
def shop(project):
    project.migration("001", "CREATE TABLE users (id INT)", "DROP TABLE users")
    project.migration(
        "002",
        "CREATE INDEX CONCURRENTLY a ON users (id); CREATE INDEX CONCURRENTLY b ON users (id)",
        "DROP INDEX CONCURRENTLY a; DROP INDEX CONCURRENTLY b",
    )
    return project


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def test_every_step_is_a_line_of_json(confiture, shop):
    outcome = confiture("migrate", "up", "--log-json")

    assert outcome.code == 0
    told = lines(outcome.out)
    assert [(one["event"], one.get("version"), one.get("done")) for one in told] == [
        ("created", None, None),
        ("planned", None, None),
        ("started", "001", None),
        ("finished", "001", None),
        ("started", "002", None),
        ("committed", "002", 1),
        ("committed", "002", 2),
        ("finished", "002", None),
        ("ended", None, None),
    ]
    assert told[-1]["applied"] == 2
    assert all(one["at"].endswith("+00:00") for one in told)


def test_an_error_is_a_line_as_well(confiture, shop):
    shop.migration("003", "CREATE TABLE posts (id txt)")

    outcome = confiture("migrate", "up", "--log-json")

    assert outcome.code == 1
    *_, failed, error = lines(outcome.out)
    assert (failed["event"], failed["version"]) == ("failed", "003")
    assert (error["event"], error["message"]) == ("error", 'type "txt" does not exist')
    assert (error["path"], error["line"]) == ("db/migrations/003_step.up.sql", 1)


def test_beside_the_result_as_json_the_lines_go_to_stderr(confiture, shop):
    outcome = confiture("migrate", "up", "--log-json", "--json")

    assert [one["version"] for one in outcome.json["applied"]] == ["001", "002"]
    assert lines(outcome.err)[-1]["event"] == "ended"


def test_who_waits_is_told_whom_for(confiture, shop, monkeypatch):
    monkeypatch.setattr("confiture_core.migrations.watch._FIRST_TOLD_S", 0.2)
    assert confiture("migrate", "up").code == 0
    shop.migration("003", "CREATE INDEX CONCURRENTLY c ON users (id)")
    conninfo = shop.server.conninfo(f"{shop.database}_local")
    other = psycopg.connect(conninfo, application_name="nightly report")
    other.execute("set idle_in_transaction_session_timeout = '3s'")
    other.execute("lock table users in row exclusive mode")

    outcome = confiture("migrate", "up", "--log-json", "--lock-timeout", "500ms")
    other.close()

    assert outcome.code == 0
    waiting = next(one for one in lines(outcome.out) if one["event"] == "working")
    assert waiting["version"] == "003"
    assert [one["application"] for one in waiting["blockers"]] == ["nightly report"]


def test_errors_are_annotated_where_github_runs_it(confiture, shop, monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    shop.migration("001", "CREATE TABLE users (id txt)")

    outcome = confiture("migrate", "up")

    assert outcome.err.startswith(
        "::error file=db/migrations/001_step.up.sql,line=1,title=confiture::"
        'type "txt" does not exist\n'
    )


def test_what_is_not_applied_is_annotated_on_demand(confiture, shop):
    assert confiture("migrate", "up", "--to", "001").code == 0
    shop.migration("001", "CREATE TABLE users (id BIGINT)")

    status = confiture("migrate", "status", "--check", "--format", "github")
    validated = confiture("migrate", "validate", "--format", "github")

    assert (status.code, validated.code) == (3, 3)
    first = "file=db/migrations/001_step.up.sql,line=1,title=migrations"
    assert status.out.splitlines() == [
        f"::error {first}::001_step is edited",
        "::warning file=db/migrations/002_step.up.sql,line=1,title=migrations::002_step is pending",
    ]
    assert validated.out.startswith(f"::error {first}::it was edited after it was applied; put")
