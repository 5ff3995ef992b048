"""What the command is before it does anything."""

from __future__ import annotations

import subprocess
import sys

import pytest

COMMANDS = [
    ["init"],
    ["build"],
    ["migrate", "diff"],
    ["migrate", "generate"],
    ["migrate", "status"],
    ["migrate", "up"],
    ["migrate", "down"],
    ["migrate", "redo"],
    ["migrate", "validate"],
    ["migrate", "history"],
    ["migrate", "baseline"],
    ["migrate", "accept"],
    ["schema", "dump"],
]

# What typer may use, and takes longer to import than most commands do to run.
UNUSED = {"rich.console", "pydantic"}


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself_and_each_of_its_options(confiture, command):
    outcome = confiture(*command, "--help")

    assert outcome.code == 0
    assert f"Usage: confiture {' '.join(command)}" in outcome.out
    options = outcome.out.partition("Options:")[2].splitlines()
    assert all(len(line.split()) > 2 for line in options if line.startswith("  -"))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("option", ["--json", "--quiet", "--verbose", "--debug"])
def test_every_command_takes_the_common_options(confiture, command, option):
    assert option in confiture(*command, "--help").out


@pytest.mark.parametrize("command", [c for c in COMMANDS if c != ["init"]], ids=" ".join)
def test_every_command_on_a_project_takes_an_environment(confiture, command):
    outcome = confiture(*command, "--help")

    assert "--env NAME" in outcome.out
    assert "--config FILE" in outcome.out


def test_the_version_is_shown(confiture):
    outcome = confiture("--version")

    assert outcome.code == 0
    assert outcome.out.startswith("confiture 0.")


@pytest.mark.parametrize(
    "arguments",
    [["frobnicate"], ["migrate", "frobnicate"], ["build", "--frobnicate"], ["migrate", "generate"]],
    ids=" ".join,
)
def test_wrong_usage_has_an_exit_code_of_its_own(confiture, arguments):
    outcome = confiture(*arguments)

    assert outcome.code == 2
    assert outcome.out == ""


@pytest.mark.parametrize(
    "arguments", [["--help"], ["migrate", "diff", "--help"], ["--version"]], ids=" ".join
)
def test_help_imports_nothing_that_takes_long(arguments):
    assert imported_by(*arguments).isdisjoint({"psycopg", "pglast", *UNUSED, "yaml"})


def test_a_command_that_works_does_without_rich_and_pydantic(project):
    assert imported_by("migrate", "status").isdisjoint(UNUSED)


def imported_by(*arguments: str) -> set[str]:
    """Return the names of the modules that the command imports."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "confiture", *arguments],
        check=True,
        capture_output=True,
        text=True,
    )
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rsplit("|", 1)[1].strip() for line in lines}
