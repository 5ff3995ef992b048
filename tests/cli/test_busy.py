"""What is said on a terminal while a command is at work."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys

import pytest

# Longer than the patience of a second.
SLOW = "SELECT pg_sleep(1.5);\n"


@pytest.fixture
def slow(project):
    project.write("db/schema/10_users.sql", "CREATE TABLE users (id INT);\n")
    project.write("db/schema/20_slow.sql", SLOW)
    return project


def said_on_a_terminal(directory, *arguments: str) -> str:
    own, theirs = pty.openpty()
    environ = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    command = [sys.executable, "-m", "confiture", *arguments]
    process = subprocess.Popen(
        command,
        cwd=directory,
        env={**environ, "TERM": "xterm", "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(own, 1000):
            shown += chunk
    except OSError:
        pass  # Linux says so when the other end is closed
    finally:
        os.close(own)
    process.communicate(timeout=60)
    return shown.decode()


def test_what_takes_long_is_said_on_a_terminal_and_taken_away(slow):
    said = said_on_a_terminal(slow.root, "build")

    assert re.search(r"building: 1 of 2 files \(\d s\)", said)
    assert said.endswith("\r\x1b[K")


def test_quiet_says_nothing_of_it(slow):
    assert said_on_a_terminal(slow.root, "build", "--quiet") == ""


def test_a_pipe_is_told_nothing_of_it(slow, confiture):
    outcome = confiture("build")

    assert outcome.err == ""
    assert outcome.out.startswith("Built database")
