"""`migrate up` on many databases at once, and in many schemas of one."""

from __future__ import annotations

import json

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


def test_a_number_of_jobs_that_is_none_is_refused(confiture, fleet):
    outcome = confiture("migrate", "up", *names(fleet, "one"), "--jobs", "0")

    assert outcome.code == 2
    assert "0 is no number of databases to work on" in outcome.err


def test_a_dry_run_of_many_databases_is_refused(confiture, fleet):
    outcome = confiture("migrate", "up", *names(fleet, "one", "two"), "--dry-run")

    assert outcome.code == 1
    assert "a dry run is of one database at a time" in outcome.err
    assert fleet.tables("one") == []


def test_each_schema_has_its_tables_and_its_history(confiture, fleet):
    outcome = confiture(
        "migrate", "up", "--env", "one", "--schemas", "acme,Big Corp", "--jobs", "2"
    )
    apart = ("--schemas", "acme", "--schemas", "Big Corp")
    again = confiture("migrate", "up", "--env", "one", *apart)

    assert again.out.endswith("All 2 are up to date\n")
    assert (outcome.code, again.code) == (0, 0)
    rows = fleet.query(
        "select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = relnamespace"
        " where relkind = 'r' and nspname in ('public', 'acme', 'Big Corp') order by 1, 2",
        "one",
    )
    tables = ["confiture_migrations", "posts", "users"]
    expected = [(schema, table) for schema in ("Big Corp", "acme") for table in tables]
    assert rows == expected


def test_a_query_names_the_databases(confiture, fleet):
    fleet.query("CREATE TABLE customers (db TEXT, active BOOL)", "four")
    for name in ("one", "two", "three"):
        fleet.query(
            f"INSERT INTO customers VALUES ('{fleet.database}_{name}', {name != 'two'})", "four"
        )
    query = ("--databases-query", "SELECT db FROM customers WHERE active ORDER BY db")

    outcome = confiture("migrate", "up", "--env", "four", *query)
    elsewhere = confiture("migrate", "status", *query, "--catalog", url(fleet, "four"), "--json")

    assert (outcome.code, elsewhere.code) == (0, 0)
    assert outcome.out.endswith("All 2 are up to date\n")
    assert [fleet.tables(name) for name in ("one", "two")] == [["posts", "users"], []]
    assert [one["applied"] for one in elsewhere.json["databases"]] == [2, 2]


def test_a_query_names_the_schemas(confiture, fleet):
    for schema in ("tenant_a", "tenant_b", "other"):
        fleet.query(f"CREATE SCHEMA {schema}", "one")
    query = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'tenant%' ORDER BY 1"
    with_database = "SELECT NULL::text, nspname FROM pg_namespace WHERE nspname LIKE 'tenant%'"

    outcome = confiture("migrate", "up", "--env", "one", "--schemas-query", query)
    again = confiture("migrate", "up", "--env", "one", "--databases-query", with_database)

    assert (outcome.code, again.code) == (0, 0)
    assert fleet.tables("one") == ["posts", "posts", "users", "users"]
    assert again.out.count("nothing pending") == 2


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT nonsense", "the query is refused by"),
        ("SELECT 1", "the query gives no databases"),
    ],
)
def test_a_query_that_names_none_is_an_error(confiture, fleet, query, message):
    outcome = confiture("migrate", "up", "--env", "one", "--databases-query", query)

    assert outcome.code == 1
    assert message in outcome.err


def test_the_status_of_many_says_who_is_behind(confiture, fleet):
    assert confiture("migrate", "up", "--env", "one").code == 0
    arguments = ("migrate", "status", *names(fleet, "one", "two"))

    shown = confiture(*arguments)
    checked = confiture(*arguments, "--check", "--json")

    assert (shown.code, checked.code) == (0, 3)
    assert "up to date: 2 applied" in shown.out
    assert "behind: 0 applied, 2 pending" in shown.out
    assert shown.out.endswith("\n1 of 2 are up to date, 1 are not, 0 could not be asked\n")
    assert checked.json["behind"] == 1
    behind = checked.json["databases"][1]["migrations"]
    assert [one["status"] for one in behind] == ["pending", "pending"]


def test_many_are_rolled_back_to_a_version(confiture, fleet):
    assert confiture("migrate", "up", *names(fleet, "one", "two")).code == 0

    unclear = confiture("migrate", "down", *names(fleet, "one", "two"))
    outcome = confiture("migrate", "down", *names(fleet, "one", "two"), "--to", "001")
    again = confiture("migrate", "down", *names(fleet, "one", "two"), "--to", "001")

    assert (unclear.code, outcome.code, again.code) == (2, 0, 0)
    assert again.out.count("nothing to roll back") == 2
    assert [fleet.tables(name) for name in ("one", "two")] == [["users"], ["users"]]


def test_the_events_of_a_fleet_say_which_database_they_are_of(confiture, fleet):
    outcome = confiture("migrate", "up", *names(fleet, "one", "two"), "--log-json")

    told = [json.loads(line) for line in outcome.out.splitlines()]
    finished = [one["database"] for one in told if one["event"] == "finished"]
    shown = [url(fleet, name) for name in ("one", "two")]
    assert sorted(finished) == sorted(shown * 2)
    assert sorted(one["database"] for one in told if one["event"] == "database") == sorted(shown)
    assert (told[-1]["event"], told[-1]["done"]) == ("ended", 2)
