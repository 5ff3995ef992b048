"""The README's two commands, and the files it names."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def command(name: str) -> str:
    """Return the command in the block after the comment, as .ci/run takes it."""
    block = re.search(rf"<!-- {name} -->\n```sh\n(.*?)\n```", README, re.DOTALL)
    assert block
    return block[1]


@pytest.mark.parametrize("name", ["main job", "tests"])
def test_a_command_sets_up_an_environment_of_its_own(name):
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "optional-dependencies"
    ]
    (wanted,) = re.findall(r"-e '\.\[(.+?)\]'", command(name))

    assert command(name).startswith("python3 -m venv .venv && ")
    assert set(wanted.split(",")) <= set(extras)


def test_the_main_job_runs_a_project_that_is_there():
    (project,) = re.findall(r"pytest .*?(docs/\S+)", command("main job"))

    assert (ROOT / project / "pytest.ini").is_file()


def test_the_readme_is_short():
    assert len(README.splitlines()) <= 150


@pytest.mark.parametrize("path", re.findall(r"\]\((?!http)([^)#]+)", README))
def test_a_link_leads_somewhere(path):
    assert (ROOT / path).is_file()
