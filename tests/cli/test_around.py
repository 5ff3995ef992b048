"""What stands around the command: completion, hooks of pre-commit, schemas for editors."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

HOOKS = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"


def completed(*words):
    """Ask for what can follow the words, as bash does."""
    environ = {
        **os.environ,
        "_CONFITURE_COMPLETE": "complete_bash",
        "COMP_WORDS": " ".join(words),
        "COMP_CWORD": str(len(words) - 1),
    }
    done = subprocess.run(
        [sys.executable, "-m", "confiture"], env=environ, capture_output=True, text=True
    )
    return done.stdout.split()


def test_the_shell_completes_commands_and_options():
    assert completed("confiture", "mig") == ["migrate"]
    assert completed("confiture", "migrate", "imp") == ["import"]
    assert completed("confiture", "build", "--sch") == ["--schema-only"]


def test_the_shell_completes_environments(project):
    project.write("db/environments/staging.yaml", "name: staging\n")

    assert completed("confiture", "build", "--env", "st") == ["staging"]


@pytest.fixture(params=yaml.safe_load(HOOKS.read_text("utf-8")), ids=lambda hook: hook["id"])
def hook(request):
    return request.param


def test_a_hook_passes_and_fails_as_it_should(confiture, project, hook):
    project.write("db/schema/users.sql", "CREATE TABLE users (id INT PRIMARY KEY);\n")
    project.migration("001", "CREATE TABLE users (id INT PRIMARY KEY)", "DROP TABLE users")
    _, *arguments = shlex.split(hook["entry"])

    passed = confiture(*arguments)
    project.migration("002", "CREATE TABLE more (id INT);\nCREATE INDEX i ON users (id)")
    failed = confiture(*arguments)

    assert (passed.code, failed.code) == (0, 3)


def test_the_hooks_are_those_of_pre_commit():
    subprocess.run(
        [sys.executable, "-m", "pre_commit", "validate-manifest", str(HOOKS)],
        check=True,
        capture_output=True,
    )


def test_the_schema_of_environments_is_written(confiture):
    assert "database" in json.loads(confiture("schema", "environment").out)["properties"]
