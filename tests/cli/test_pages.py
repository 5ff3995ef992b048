"""The commands of how-to pages, typed one after the other as they stand there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

PAGES = Path(__file__).parents[2] / "docs" / "how-to"
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def shown(page):
    """Give each command of a page with what it is shown to say."""
    text = (PAGES / page).read_text(encoding="utf-8")
    for block in BLOCK.findall(text):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, said = part.partition("\n")
            yield command, said.strip()


def told(text, names):
    """Leave out what differs from run to run: urls and times."""
    for name, database in names.items():
        text = re.sub(rf"postgresql://\S*?/{database}(\?\S*)?", f"postgresql://…/{name}", text)
    return re.sub(r"\([\d.]+ s\)", "(… s)", text).strip()


def test_many_databases(project, confiture):
    names = {name: f"{project.database}_{name}" for name in ("acme", "umbra")}
    for name in names:
        project.write_environment(name)
        assert confiture("migrate", "up", "--env", name).code == 0
    project.migration("001", "CREATE TABLE users (id INT)", "DROP TABLE users")
    project.migration("002", "CREATE TABLE posts (id INT)", "DROP TABLE posts")
    assert confiture("migrate", "up").code == 0
    project.query("CREATE TABLE customers (db TEXT, active BOOL); CREATE SCHEMA tenant_a")
    project.query(f"INSERT INTO customers VALUES ('{names['acme']}', true)")
    project.write("fleet.txt", "# ours\n" + "".join(f"{name}\n" for name in names.values()))

    for command, said in shown("many-databases.md"):
        for name, database in names.items():
            command = re.sub(rf"\b{name}\b", database, command)
        outcome = confiture(*shlex.split(command)[1:], *(["--jobs", "1"] if said else []))

        assert outcome.code == 0, (command, outcome.err)
        if said:
            assert told(outcome.out, names) == told(said, {}), command


@pytest.fixture
def production(project, monkeypatch):
    """The environment as the page has it, and a database that is one migration behind."""
    text = (PAGES / "run-in-production.md").read_text(encoding="utf-8")
    (environment,) = re.findall(r"^```yaml\n# db/env\S+\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    project.write_environment("production")  # which names the database, to be dropped
    project.write("db/environments/production.yaml", environment)
    server = project.server
    monkeypatch.setenv("PGPORT", str(server.port))
    monkeypatch.setenv("DB_HOST", server.host)
    monkeypatch.setenv("DB_NAME", f"{project.database}_production")
    monkeypatch.setenv("DB_USER", server.user)
    monkeypatch.setenv("DB_PASSWORD", server.password or "none")
    project.migration("040", "CREATE TABLE users (id INT)", "DROP TABLE users")
    project.migration("041", "CREATE TABLE posts (id INT)", "DROP TABLE posts")
    project.write("db/schema/all.sql", "CREATE TABLE users (id INT); CREATE TABLE posts (id INT);")
    return project


def test_run_in_production(production, confiture):
    codes = {}
    for command, _ in shown("run-in-production.md"):
        if "baseline" in command:
            production.query("DROP TABLE confiture_migrations", "production")
        outcome = confiture(*shlex.split(command)[1:])
        codes[command] = outcome.code
        if "drift" in command:  # up to here the database is not there
            assert "does not exist" in outcome.err

    expected = dict.fromkeys(codes, 0)
    expected["confiture migrate status --env production --check"] = 3
    expected["confiture drift --env production --history"] = 1
    assert codes == expected
    assert production.tables("production") == ["posts", "users"]
