"""What commands write as JSON, held against the schemas of docs/reference/json.md.

Objects are held to them strictly: a key that the page does not have is a failure.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import jsonschema
import pytest
import typer.main

from confiture.cli.app import assemble
from confiture_core.factory import databases, marks
from confiture_core.factory.owners import this_process
from confiture_core.server import stop_standing

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "json.md"


def strict(schema):
    """Forbid keys that are not named, wherever all of an object's are."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: strict(value) for key, value in schema.items()}
    if closed.get("type") == "object" and "properties" in closed and "oneOf" not in closed:
        closed["additionalProperties"] = False
    return closed


def read_schemas():
    sections = PAGE.read_text(encoding="utf-8").split("\n## ")[1:]
    found = {}
    for section in sections:
        heading, _, body = section.partition("\n")
        block = re.search(r"^```json\n(.*?)^```", body, re.MULTILINE | re.DOTALL)
        assert block is not None, heading
        found[heading.replace("`", "")] = strict(json.loads(block[1]))
    shared = found.pop("Shared parts")
    return {heading: {**schema, "$defs": shared} for heading, schema in found.items()}


SCHEMAS = read_schemas()


def check(heading, value):
    schema = SCHEMAS[heading]
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(value, schema, jsonschema.Draft202012Validator)


@pytest.fixture
def shop(project):
    project.write("db/schema/users.sql", "CREATE TABLE users (id INT, bio TEXT);\n")
    project.migration("001", "CREATE TABLE users (id INT)", "DROP TABLE users")
    project.migration("002", "ALTER TABLE users ADD bio TEXT", "ALTER TABLE users DROP bio")
    return project


@pytest.fixture
def holds(confiture):
    """Run a command with --json and hold what it writes against the schema of a heading."""

    def run(heading, *arguments, code=0):
        outcome = confiture(*arguments, "--json")
        assert outcome.code == code, outcome.err
        check(heading, outcome.json)
        return outcome.json

    return run


def commands(command, *path):
    children = getattr(command, "commands", None)
    if children is None:
        if any("--json" in param.opts for param in command.params):
            yield " ".join(("confiture", *path))
        return
    for name, child in children.items():
        yield from commands(child, *path, name)


def test_every_command_with_json_is_documented():
    assert set(commands(typer.main.get_command(assemble()))) <= set(SCHEMAS)


def test_runs(shop, holds):
    holds("confiture migrate status", "migrate", "status")
    holds("confiture migrate up --dry-run", "migrate", "up", "--dry-run")
    assert holds("confiture migrate up", "migrate", "up")["created"]
    holds("confiture migrate status", "migrate", "status")
    holds("confiture migrate redo", "migrate", "redo")
    holds("confiture migrate up --dry-run", "migrate", "down", "--dry-run=execute")
    holds("confiture migrate history", "migrate", "history")
    holds("confiture migrate down", "migrate", "down")
    shop.write("db/migrations/001_step.down.sql", "").unlink()
    assert holds("confiture migrate down", "migrate", "down", "--force")["forgotten"]
    holds("confiture migrate baseline", "migrate", "baseline")
    shop.migration("001", "CREATE TABLE users (id BIGINT)")
    holds("An error", "migrate", "up", code=1)
    holds("confiture migrate validate", "migrate", "validate", code=3)
    holds("confiture migrate status", "migrate", "status", "--check", code=3)
    holds("confiture migrate accept", "migrate", "accept", "001")


def test_runs_over_many_databases(shop, confiture, holds):
    assert confiture("migrate", "up", "--to", "001").code == 0
    name = f"{shop.database}_local"
    many = ("--database", name, "--database", f"{name}_that_is_not_there", "--go-on")
    looked = many[:-1]

    holds("confiture migrate status of many databases", "migrate", "status", *looked, code=1)
    holds("confiture migrate up of many databases", "migrate", "up", *many, code=1)
    down = ("migrate", "down", "--to", "0", *many)
    holds("confiture migrate down of many databases", *down, code=1)


def test_lines_of_a_run(shop, confiture):
    shop.migration("003", "CREATE INDEX CONCURRENTLY a ON users (id); CREATE TABLE b (i txt)")
    name = f"{shop.database}_local"
    runs = [
        ("up",),
        ("up", "--database", name, "--go-on"),
        ("down", "--force"),
        ("redo", "--to", "0"),
    ]

    told = []
    for run in runs:
        outcome = confiture("migrate", *run, "--log-json")
        told += [json.loads(line) for line in outcome.out.splitlines()]

    for line in told:
        check("Lines of --log-json", line)
    assert {"created", "planned", "committed", "resumed", "failed", "database", "error"} <= {
        line["event"] for line in told
    }


def test_writing(shop, holds, confiture):
    holds("confiture init", "init", str(shop.root / "another"))
    holds("confiture migrate generate", "migrate", "generate", "more")
    holds("confiture migrate lint", "migrate", "lint", code=3)
    holds("confiture migrate lint", "migrate", "lint", "--trace", code=3)
    holds("confiture build", "build")
    holds("confiture schema dump", "schema", "dump")


def test_comparing(shop, holds, confiture):
    shop.write("db/schema/users.sql", "CREATE TABLE users (id INT, bio TEXT, age INT);\n")
    holds("confiture migrate diff", "migrate", "diff")
    holds("confiture migrate diff --online", "migrate", "diff", "--online")
    assert confiture("migrate", "up").code == 0
    holds("confiture drift", "drift", code=3)
    holds("confiture migrate verify", "migrate", "verify", code=3)
    holds("confiture migrate squash", "migrate", "squash", "--through", "002")


def test_databases(holds, server):
    mark = marks.Mark(
        kind="clone", owner=this_process(), made_at=marks.now(), shown="a test", kept=True
    )
    with databases.maintenance(server) as connection:
        name = databases.create_numbered(connection, "clone", template="template0", mark=mark)

    holds("confiture db list", "db", "list")
    holds("confiture db drop", "db", "drop", name)
    holds("confiture db prune", "db", "prune", "--older-than", "100000")


def test_servers(holds, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    holds("confiture server status", "server", "status", code=3)
    try:
        holds("confiture server start", "server", "start")
        holds("confiture server status", "server", "status")
    finally:
        stop_standing(os.environ)
