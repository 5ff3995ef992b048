"""A protected environment: what may do harm is shown, and nothing is run without consent."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest


@pytest.fixture
def shop(project):
    project.write_environment(more="protected: true\n")
    project.migration("001", "CREATE TABLE users (id INT, bio TEXT)", "DROP TABLE users")
    return project


def test_without_consent_nothing_is_run(confiture, shop):
    refused = confiture("migrate", "up")

    assert refused.code == 1
    assert 'environment "local" is protected: nothing is run without consent' in refused.err
    assert "it would apply 1 migration(s) on database" in refused.err
    assert "hint: look at it with --dry-run, and give your consent with --yes" in refused.err
    assert not shop.exists()


def test_what_may_do_harm_is_named(confiture, shop):
    assert confiture("migrate", "up", "--yes").code == 0
    shop.migration("002", "ALTER TABLE users DROP COLUMN bio", "ALTER TABLE users ADD bio TEXT")

    up = confiture("migrate", "up")
    down = confiture("migrate", "down")

    assert (up.code, down.code) == (1, 1)
    assert "db/migrations/002_step.up.sql:1: L02 drop-column" in up.err
    assert "001_step" not in up.err
    assert "db/migrations/001_step.down.sql:1: L09 drop-table" in down.err
    assert shop.tables() == ["users"]


def test_with_nothing_to_do_nobody_is_asked(confiture, shop):
    assert confiture("migrate", "up", "--yes").code == 0

    outcome = confiture("migrate", "up")

    assert (outcome.code, outcome.out) == (0, "Nothing to apply: no migration is pending\n")


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 1)])
def test_on_a_terminal_it_asks(shop, answer, code):
    own, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "confiture", "migrate", "up"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    said = b""
    while b"Go on? [y/N]" not in said:
        said += os.read(own, 1000)
    os.write(own, f"{answer}\n".encode())
    try:
        while os.read(own, 1000):
            pass
    except OSError:
        pass  # Linux says so when the other end is closed

    assert process.wait(30) == code
    os.close(own)
    assert b"is protected. It would apply 1 migration(s)" in said
    assert shop.exists() == (answer == "y")


def test_the_databases_of_a_fleet_are_asked_what_is_pending(confiture, shop):
    for name in ("one", "two"):
        shop.write_environment(name)
        assert confiture("migrate", "up", "--env", name).code == 0
    shop.migration("002", "ALTER TABLE users DROP COLUMN bio", "ALTER TABLE users ADD bio TEXT")
    assert confiture("migrate", "up", "--env", "one").code == 0
    names = [f"{shop.database}_{name}" for name in ("one", "two")]
    arguments = ("migrate", "up", "--database", names[0], "--database", names[1])

    refused = confiture(*arguments)
    agreed = confiture(*arguments, "--yes")
    again = confiture(*arguments)

    assert (refused.code, agreed.code, again.code) == (1, 0, 0)
    assert "it would apply 1 migration(s) on 2 databases" in refused.err
    assert "L02 drop-column" in refused.err
