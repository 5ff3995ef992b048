"""`confiture init`."""

from __future__ import annotations

import pytest

from confiture.scaffold import database_name

FILES = {
    "db/schema/00_common/extensions.sql",
    "db/schema/10_tables/example.sql",
    "db/seeds/common/.gitkeep",
    "db/seeds/development/.gitkeep",
    "db/seeds/test/.gitkeep",
    "db/migrations/.gitkeep",
    "db/environments/local.yaml",
    "db/environments/test.yaml",
    "db/environments/production.yaml",
}
EXAMPLE_FILES = (FILES - {"db/seeds/common/.gitkeep", "db/migrations/.gitkeep"}) | {
    "db/migrations/001_create_example.py",
    "db/seeds/common/00_example.sql",
    "tests/test_example.py",
}


@pytest.fixture
def here(tmp_path, monkeypatch):
    folder = tmp_path / "My Shop"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def files_in(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_it_makes_the_tree_of_the_guide_and_says_so(confiture, here):
    outcome = confiture("init")

    assert outcome.code == 0
    assert files_in(here) == FILES
    assert all(f"Created {file}" in outcome.out for file in FILES)


def test_the_databases_are_named_after_the_folder(confiture, here):
    confiture("init")

    assert "database: my_shop_local\n" in (here / "db/environments/local.yaml").read_text()
    assert "database: my_shop_test\n" in (here / "db/environments/test.yaml").read_text()


@pytest.mark.parametrize(
    ("folder", "name"),
    [("myapp", "myapp"), ("My App!", "my_app"), ("2fast", "app_2fast"), ("été", "t"), ("…", "app")],
)
def test_a_database_needs_no_quotes(folder, name):
    assert database_name(folder) == name


def test_nothing_that_is_there_is_overwritten(confiture, here):
    mine = here / "db" / "environments" / "local.yaml"
    mine.parent.mkdir(parents=True)
    mine.write_text("name: mine\n")

    outcome = confiture("init")

    assert outcome.code == 0
    assert mine.read_text() == "name: mine\n"
    assert "Kept db/environments/local.yaml" in outcome.out
    assert files_in(here) == FILES


def test_a_schema_that_is_there_gets_no_example(confiture, here):
    (here / "db" / "schema").mkdir(parents=True)
    (here / "db" / "schema" / "users.sql").write_text("CREATE TABLE users (id INT);\n")

    confiture("init")

    assert not (here / "db/schema/10_tables").exists()


def test_a_second_time_makes_nothing(confiture, here):
    confiture("init")

    assert confiture("init", "--json").json["created"] == []


def test_it_can_be_told_where(confiture, here):
    outcome = confiture("init", "shop", "--json")

    assert set(outcome.json["created"]) == FILES == files_in(here / "shop")


def test_production_is_protected_and_has_no_seeds(confiture, here):
    confiture("init")

    text = (here / "db/environments/production.yaml").read_text()
    assert "protected: true" in text
    assert "- ../seeds" not in text


def test_what_it_makes_is_compared_without_a_difference(confiture, here):
    confiture("init")

    assert confiture("migrate", "diff", "--check").code == 0


def test_the_example_is_whole_and_nothing_is_missing_from_its_migration(confiture, here):
    outcome = confiture("init", "--example")

    checked = confiture("migrate", "diff", "--check")
    verified = confiture("migrate", "verify")

    assert outcome.code == 0
    assert files_in(here) == EXAMPLE_FILES
    assert (checked.code, verified.code) == (0, 0)


def test_an_example_is_not_put_into_a_schema_that_is_there(confiture, here):
    (here / "db" / "schema").mkdir(parents=True)
    (here / "db" / "schema" / "users.sql").write_text("CREATE TABLE users (id INT);\n")

    outcome = confiture("init", "--example")

    assert outcome.code == 1
    assert "there is a schema already" in outcome.err
    assert files_in(here) == {"db/schema/users.sql"}
