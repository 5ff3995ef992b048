"""What docs/how-to/run-in-ci.md tells a CI to do, done here."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from tests.docs.conftest import Terminal

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how-to" / "run-in-ci.md"


def blocks(language: str) -> list[str]:
    tokens = MarkdownIt("commonmark").parse(PAGE.read_text("utf-8"))
    return [token.content for token in tokens if token.type == "fence" and token.info == language]


def commands(steps: list[dict[str, Any]]) -> list[str]:
    return [step["run"] for step in steps if "run" in step]


@pytest.fixture
def project(terminal: Terminal) -> Terminal:
    """A project in a terminal that has no server, as a CI's runner has none."""
    shutil.copytree(ROOT / "tests" / "projects" / "users", terminal.folder, dirs_exist_ok=True)
    test = "def test_there_are_users(seeded_db):\n    seeded_db.execute('TABLE users')\n"
    terminal.edit("tests/test_users.py", test)
    terminal.is_alone = True
    return terminal


def test_the_steps_of_the_workflow_pass(project: Terminal):
    workflow = yaml.safe_load(blocks("yaml")[0])
    install, *steps = commands(workflow["jobs"]["database"]["steps"])

    shown = [project.type(step) for step in steps]

    assert install.startswith("pip install ")
    assert re.search(r"\d+ passed", shown[2])
    assert (project.folder / ".cache" / "confiture.tar.gz").stat().st_size > 100_000


def test_the_cache_holds_what_the_steps_save():
    workflow = yaml.safe_load(blocks("yaml")[0])
    steps = workflow["jobs"]["database"]["steps"]
    (path,) = [step["with"]["path"] for step in steps if "cache@" in step.get("uses", "")]

    assert any(f"image load {path}" in command for command in commands(steps))
    assert any(f"image save {path}" in command for command in commands(steps))


def test_the_container_runs_tests_that_pass(project: Terminal):
    (found,) = re.findall(r"^CMD (.*)$", blocks("dockerfile")[0], re.MULTILINE)

    shown = project.type(" ".join(json.loads(found)))

    assert re.search(r"\d+ passed", shown)


def test_the_steps_around_a_deployment_pass_when_nobody_interfered(terminal: Terminal):
    shutil.copytree(ROOT / "tests" / "projects" / "users", terminal.folder, dirs_exist_ok=True)
    path = "db/environments/production.yaml"
    terminal.configure(path, (terminal.folder / path).read_text("utf-8"))
    drift, dry_run, up = commands(yaml.safe_load(blocks("yaml")[1]))

    terminal.type(up)
    _, same = terminal.run(drift)
    terminal.type(dry_run)
    terminal.type("psql -q myapp_production -c 'DROP TABLE orders'")
    _, drifted = terminal.run(drift)

    assert (same, drifted) == (0, 3)
