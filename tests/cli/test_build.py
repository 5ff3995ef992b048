"""`confiture build`."""

from __future__ import annotations

import pytest


@pytest.fixture
def shop(project):
    project.write("db/schema/users.sql", "CREATE TABLE users (id INT PRIMARY KEY, name TEXT);\n")
    project.write("db/seeds/common/users.sql", "INSERT INTO users VALUES (1, 'ada');\n")
    return project


def test_a_database_is_built_from_schema_and_seeds(confiture, shop):
    outcome = confiture("build")

    assert outcome.code == 0
    assert shop.query("select * from users") == [(1, "ada")]
    assert "from 1 schema file(s), 1 seed file(s)" in outcome.out


def test_seeds_are_left_out_on_demand(confiture, shop):
    confiture("build", "--schema-only")

    assert shop.query("select * from users") == []


def test_the_environment_is_named_or_its_file_given(confiture, shop):
    shop.write_environment("staging")

    by_name = confiture("build", "--env", "staging", "--schema-only", "--json")
    by_file = confiture("build", "--config", "db/environments/staging.yaml", "--json")

    assert by_name.json["database"] == by_file.json["database"] == f"{shop.database}_staging"
    assert not shop.exists("local")


def test_the_json_has_what_was_done(confiture, shop):
    shop.migration("001", "CREATE TABLE users (id INT PRIMARY KEY, name TEXT)")

    facts = confiture("build", "--json").json

    assert facts.pop("duration_s") > 0
    assert facts == {
        "database": f"{shop.database}_local",
        "schema_files": 1,
        "seed_files": 1,
        "replaced": False,
        "migrations": 1,
    }


def test_the_migrations_on_disk_count_as_applied_and_only_new_ones_are_run(confiture, shop):
    shop.migration("001", "CREATE TABLE users (id INT PRIMARY KEY, name TEXT)")
    confiture("build")
    shop.migration("002", "CREATE TABLE posts (id INT)")

    status = confiture("migrate", "status", "--json").json
    up = confiture("migrate", "up", "--json").json

    assert [one["status"] for one in status["migrations"]] == ["applied", "pending"]
    assert [one["version"] for one in up["applied"]] == ["002"]
    assert shop.tables() == ["posts", "users"]


def test_a_database_that_holds_rows_is_kept(confiture, shop):
    confiture("build")
    shop.query("insert into users values (2, 'grace')")

    outcome = confiture("build")

    assert outcome.code == 1
    assert f'database "{shop.database}_local" holds rows in public.users' in outcome.err
    assert "--recreate" in outcome.err
    assert shop.query("select count(*) from users") == [(2,)]


def test_a_database_that_holds_rows_is_replaced_on_demand(confiture, shop):
    confiture("build")
    shop.query("insert into users values (2, 'grace')")

    outcome = confiture("build", "--recreate")

    assert outcome.code == 0
    assert shop.query("select * from users") == [(1, "ada")]


def test_an_empty_database_that_was_built_is_built_again(confiture, project):
    project.write("db/schema/users.sql", "CREATE TABLE users (id INT);\n")
    confiture("build")
    project.write("db/schema/users.sql", "CREATE TABLE users (id BIGINT);\n")

    assert confiture("build").code == 0


def test_a_protected_database_is_never_replaced(confiture, shop):
    shop.write_environment("production", more="protected: true\n")
    first = confiture("build", "--env", "production", "--schema-only")

    second = confiture("build", "--env", "production", "--schema-only", "--recreate")

    assert (first.code, second.code) == (0, 1)
    assert "protected" in second.err


def test_a_build_that_fails_leaves_what_was_there(confiture, shop):
    confiture("build")
    shop.write("db/schema/users.sql", "CREATE TABLE users (\n    id INT,\n    name txt\n);\n")

    outcome = confiture("build", "--recreate")

    assert outcome.code == 1
    assert 'db/schema/users.sql:3: type "txt" does not exist' in outcome.err
    assert shop.query("select * from users") == [(1, "ada")]


def test_a_dump_in_the_schema_is_named_together_with_what_it_repeats(confiture, shop):
    dump = "SELECT pg_catalog.set_config('search_path', '', false);\n"
    shop.write("db/schema/current.sql", f"{dump}CREATE TABLE public.users (id integer);\n")

    outcome = confiture("build")

    assert outcome.code == 1
    assert "db/schema/current.sql" in outcome.err
    assert "db/schema/users.sql" in outcome.err
    assert "is a pg_dump" in outcome.err


def test_a_wrong_migration_is_said_before_anything_is_built(confiture, shop):
    shop.write("db/migrations/001_broken.py", "x = 1\n")

    outcome = confiture("build")

    assert outcome.code == 1
    assert "No Migration class found" in outcome.err
    assert not shop.exists()
