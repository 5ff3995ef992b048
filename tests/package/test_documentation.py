"""The commands that README and documentation show, held against the command there is."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer.main

from confiture.cli.app import app

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
