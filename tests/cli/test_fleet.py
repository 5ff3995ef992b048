"""`migrate up` on many databases at once, and in many schemas of one."""

from __future__ import annotations

import pytest


@pytest.fixture
def fleet(project, confiture):
    """Four databases that are there and empty."""
    for name in ("one", "two", "three", "four"):
        project.write_environment(name)
        project.write("db/migrations/.keep", "")
        assert confiture("migrate", "up", "--env", name).code == 0
    project.migration("001", "CREATE TABLE users (id INT)", "DROP TABLE users")
    project.migration("002", "CREATE TABLE posts (id INT)", "DROP TABLE posts")
    return project


def url(project, name):
    return project.server.url(f"{project.database}_{name}")


def test_databases_are_named_one_by_one_or_in_a_file(confiture, fleet):
    fleet.write("fleet.txt", f"# ours\n{url(fleet, 'two')}\n\n{url(fleet, 'three')}\n")

    outcome = confiture(
        "migrate", "up", "--database", url(fleet, "one"), "--databases", "fleet.txt", "--jobs", "2"
    )

    assert outcome.code == 0
    lines = outcome.out.splitlines()
    assert [line.rpartition(" (")[0].partition(" done: ")[2] for line in lines[:3]] == [
        "2 applied"
    ] * 3
    assert lines[-1] == "All 3 are up to date"
    for name in ("one", "two", "three"):
        assert fleet.tables(name) == ["posts", "users"]
    assert fleet.tables("four") == []


def names(fleet, *which):
    return [word for name in which for word in ("--database", url(fleet, name))]


def test_after_a_failure_no_other_is_begun(confiture, fleet):
    fleet.query("CREATE TABLE posts ()", "two")

    outcome = confiture(
        "migrate", "up", *names(fleet, "one", "two", "three"), "--jobs", "1", "--json"
    )

    assert outcome.code == 1
    facts = outcome.json
    assert [one["state"] for one in facts["databases"]] == ["done", "failed", "not_begun"]
    assert facts["databases"][1]["error"]["message"] == 'relation "posts" already exists'
    assert (facts["done"], facts["failed"], facts["not_begun"]) == (1, 1, 1)


def test_a_run_can_go_on_with_the_others_and_be_run_again(confiture, fleet):
    fleet.query("CREATE TABLE posts ()", "two")
    arguments = ("migrate", "up", *names(fleet, "one", "two", "three"), "--go-on", "--jobs", "2")

    first = confiture(*arguments)
    fleet.query("DROP TABLE posts", "two")
    second = confiture(*arguments)

    assert (first.code, second.code) == (1, 0)
    assert "2 of 3 are up to date, 1 failed, 0 were not begun" in first.out
    assert second.out.count("nothing pending") == 2


def test_a_database_that_cannot_be_reached_is_one_that_failed(confiture, fleet):
    outcome = confiture("migrate", "up", *names(fleet, "one", "nowhere"), "--go-on")

    assert outcome.code == 1
    assert f"{fleet.database}_nowhere" in outcome.out
    assert fleet.tables("one") == ["posts", "users"]


def test_a_dry_run_of_many_databases_is_refused(confiture, fleet):
    outcome = confiture("migrate", "up", *names(fleet, "one", "two"), "--dry-run")

    assert outcome.code == 1
    assert "a dry run is of one database at a time" in outcome.err
    assert fleet.tables("one") == []


def test_each_schema_has_its_tables_and_its_history(confiture, fleet):
    outcome = confiture(
        "migrate", "up", "--env", "one", "--schemas", "acme,Big Corp", "--jobs", "2"
    )
    again = confiture("migrate", "up", "--env", "one", "--schemas", "acme,Big Corp")

    assert (outcome.code, again.code) == (0, 0)
    rows = fleet.query(
        "select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = relnamespace"
        " where relkind = 'r' and nspname in ('public', 'acme', 'Big Corp') order by 1, 2",
        "one",
    )
    tables = ["confiture_migrations", "posts", "users"]
    expected = [(schema, table) for schema in ("Big Corp", "acme") for table in tables]
    assert rows == expected
