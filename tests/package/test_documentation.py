"""The commands that README and documentation show, held against the command there is."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from confiture.cli.app import app
from confiture_core.config import Environment

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
# A line of a console block, or of the README's indented ones, with the lines it goes on to.
SHOWN = re.compile(r"^(?:\$ | {4})(confiture(?: .*?)?)(?: {2,}#.*)?$", re.MULTILINE)


def shown_commands() -> set[str]:
    texts = [page.read_text(encoding="utf-8").replace("\\\n", " ") for page in PAGES]
    return {command for text in texts for command in SHOWN.findall(text)}


@pytest.mark.parametrize("shown", sorted(shown_commands()))
def test_a_command_that_is_shown_is_one_that_there_is(shown):
    command = typer.main.get_command(app)
    _, *words = shlex.split(shown)
    while hasattr(command, "commands") and words:
        command = command.commands[words.pop(0)]

    known = {name for parameter in command.params for name in parameter.opts}
    assert {word for word in words if word.startswith("-")} <= known


def test_every_page_is_looked_at():
    assert len(shown_commands()) >= 10


def pytest_says(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
        cwd=ROOT / "docs" / "examples" / "shop",
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def test_every_option_and_ini_key_of_the_plugin_is_documented():
    page = (ROOT / "docs" / "reference" / "pytest.md").read_text(encoding="utf-8")
    said = pytest_says("--help")
    options = set(re.findall(r"--confiture-[a-z-]+", said))
    ini_only = {
        key
        for key in re.findall(r"^  (confiture_[a-z_]+) ", said, re.MULTILINE)
        if f"--{key.replace('_', '-')}" not in options
    }

    assert options
    assert options == set(re.findall(r"^`(--confiture-[a-z-]+)", page, re.MULTILINE))
    assert ini_only == set(re.findall(r"^`(confiture_[a-z_]+)` \(ini key only", page, re.MULTILINE))


def test_every_fixture_of_the_plugin_is_documented():
    page = (ROOT / "docs" / "reference" / "pytest.md").read_text(encoding="utf-8")
    said = re.findall(
        r"^(\w+).* -- \S*pytest_confiture/fixtures.py", pytest_says("--fixtures"), re.M
    )

    assert said
    assert set(said) == set(re.findall(r"^\| `(\w+)` \| (?:session|function) ", page, re.MULTILINE))


def test_every_key_of_an_environment_is_documented():
    page = (ROOT / "docs" / "reference" / "environments.md").read_text(encoding="utf-8")
    fields = {field.removesuffix("_s") for field in Environment.__dataclass_fields__}

    assert fields - {"path", "root"} <= set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
