"""`confiture schema dump`, and what it wrote as a source."""

from __future__ import annotations

import json

import pytest

SCHEMA = "CREATE VIEW v AS SELECT 1 AS a;\nCREATE TABLE users (\n    id INT\n);\n"
DUMP = """\
CREATE TABLE public.users (
    id integer
);

CREATE VIEW public.v AS
 SELECT 1 AS a;

"""


@pytest.fixture
def schema(project):
    project.write("db/schema/all.sql", SCHEMA)
    return project


def test_a_schema_is_dumped_in_words_of_its_own(confiture, schema):
    assert confiture("schema", "dump").out == DUMP


def test_a_saved_catalog_is_a_source_on_both_sides(confiture, schema):
    outcome = confiture("schema", "dump", "--format", "json")
    schema.write("saved.json", outcome.out)

    assert json.loads(outcome.out)["confiture catalog"] == 1
    assert confiture("migrate", "diff", "saved.json", "db/schema", "--check").code == 0
    assert confiture("migrate", "diff", "db/schema", "saved.json", "--check").code == 0
    assert confiture("schema", "dump", "saved.json").out == DUMP


def test_an_environment_is_a_source(confiture, schema):
    schema.write_environment("other")
    assert confiture("build", "--env", "other").code == 0

    assert confiture("schema", "dump", "other").out == DUMP
    assert confiture("migrate", "diff", "other", "db/schema", "--check").code == 0


def test_a_file_that_is_no_saved_catalog_is_refused(confiture, schema):
    schema.write("saved.json", "{}")

    outcome = confiture("schema", "dump", "saved.json")

    assert outcome.code == 1
    assert "saved.json: no saved catalog of format 1" in outcome.err
