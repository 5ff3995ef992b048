"""The reference held against the code: all that is public is there, and nothing else is."""

from __future__ import annotations

import inspect
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

import confiture
import confiture.models.migration
import pytest_confiture
from confiture.cli.app import assemble
from confiture_core.config import environment

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
# A line of a console block, or of the README's indented ones, with the lines it goes on to.
SHOWN = re.compile(r"^(?:\$ | {4})(confiture(?: .*?)?)(?: {2,}#.*)?$", re.MULTILINE)


def shown_commands() -> set[str]:
    texts = [page.read_text(encoding="utf-8").replace("\\\n", " ") for page in PAGES]
    return {command for text in texts for command in SHOWN.findall(text)}


@pytest.mark.parametrize("shown", sorted(shown_commands()))
def test_a_command_that_is_shown_is_one_that_there_is(shown):
    command = typer.main.get_command(assemble())
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


def test_every_key_of_an_environment_is_documented_and_no_other():
    page = (ROOT / "docs" / "reference" / "environments.md").read_text(encoding="utf-8")
    keys, _, database_keys = page.partition("## The database")

    assert set(environment._KEYS) == set(re.findall(r"^\| `(\w+)` \|", keys, re.MULTILINE))
    assert set(environment._DATABASE_KEYS) == set(
        re.findall(r"^\| `([a-z]+)` \|", database_keys, re.MULTILINE)
    )


def test_every_variable_of_the_process_that_is_read_is_documented():
    names = set()
    for package in ("confiture", "confiture_core", "pytest_confiture"):
        for path in (ROOT / package).rglob("*.py"):
            names |= set(re.findall(r'"(CONFITURE_[A-Z_]+)"', path.read_text(encoding="utf-8")))
    page = (ROOT / "docs" / "reference" / "environments.md").read_text(encoding="utf-8")

    assert names
    assert names == set(re.findall(r"^\| `(CONFITURE_[A-Z_]+)`", page, re.MULTILINE))


def test_every_public_name_is_documented_and_no_other():
    page = (ROOT / "docs" / "reference" / "python.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\.\. auto\w+:: \S+\.(\w+)$", page, re.MULTILINE))
    public = {
        name
        for module in (confiture, confiture.models.migration, pytest_confiture)
        for name in module.__all__
        if not name.startswith("__")
    }

    assert documented == public


def test_every_attribute_of_a_migration_is_documented_and_no_other():
    page = (ROOT / "docs" / "reference" / "python.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"^   \.\. autoattribute:: (\w+)$", page, re.MULTILINE))
    (members,) = re.findall(r"Migration\n   :members: (.*)$", page, re.MULTILINE)
    migration = confiture.Migration
    public = {name for name in {*vars(migration), *inspect.get_annotations(migration)}}

    assert {*shown, *members.split(", ")} == {name for name in public if name[0] != "_"}


@pytest.mark.parametrize("name", ["Database", "LeakWarning", "Migration"])
def test_every_public_name_says_what_it_is(name):
    thing = getattr(confiture if name == "Migration" else pytest_confiture, name)
    members = [member for key, member in vars(thing).items() if not key.startswith("_")]
    described = [member for member in members if callable(member) or isinstance(member, property)]

    assert thing.__doc__
    assert all(member.__doc__ for member in described)


def test_the_exit_codes_are_the_same_on_every_page():
    rows = r"^\| (\d+) \| (\w+)"
    pages = [ROOT / "docs" / "reference" / name for name in ("cli.md", "exit-codes.md")]
    short, long = (dict(re.findall(rows, page.read_text("utf-8"), re.MULTILINE)) for page in pages)

    assert set(short) == {"0", "1", "2", "3"}
    assert short.items() <= long.items()
