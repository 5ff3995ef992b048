"""Renames by `confiture migrate diff`."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest

OLD = "CREATE TABLE users (id int, name text);\n"
NEW = "CREATE TABLE users (id int, full_name text);\n"
RENAME = "ALTER TABLE users RENAME COLUMN name TO full_name;\n"


@pytest.fixture
def plain(tmp_path, monkeypatch):
    (tmp_path / "old.sql").write_text(OLD)
    (tmp_path / "new.sql").write_text(NEW)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_rename_that_is_given_is_written(confiture, plain):
    outcome = confiture(
        "migrate", "diff", "old.sql", "new.sql", "--rename", "users.name=users.full_name"
    )

    assert (outcome.code, outcome.out, outcome.err) == (0, RENAME, "")


def test_a_rename_that_may_be_is_noted(confiture, plain):
    outcome = confiture("migrate", "diff", "old.sql", "new.sql")

    assert "-- data lost: " in outcome.out
    assert "note: column users.name goes and users.full_name comes;" in outcome.err
    assert "--rename users.name=users.full_name" in outcome.err


def test_a_rename_of_nothing_is_an_error(confiture, plain):
    outcome = confiture("migrate", "diff", "old.sql", "new.sql", "--rename", "users.nmae=full_name")

    assert outcome.code == 1
    assert 'there is no "users.nmae" in the old state' in outcome.err


def test_one_schema_file_tells_of_the_renames_in_it(confiture, project):
    project.migration("001", OLD + "CREATE TABLE left_alone (id int);\n")
    text = NEW.replace("users", "accounts").replace(
        "full_name text", "\nfull_name text -- confiture: renamed from name\n"
    )
    project.write("db/schema/accounts.sql", f"-- confiture: renamed from users\n{text}")

    outcome = confiture("migrate", "diff", "migrations", "db/schema/accounts.sql")

    assert outcome.out == (
        "ALTER TABLE users RENAME TO accounts;\n"
        "ALTER TABLE accounts RENAME COLUMN name TO full_name;\n"
    )
    assert outcome.err == (
        "note: left alone, as accounts.sql does not define it: table public.left_alone\n"
    )


@pytest.mark.parametrize(("answer", "is_renamed"), [("y", True), ("n", False)])
def test_a_terminal_is_asked_whether_it_was_a_rename(plain, server, answer, is_renamed):
    own, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "confiture", "migrate", "diff", "old.sql", "new.sql"],
        env={**os.environ, "CONFITURE_SERVER_URL": server.url()},
        stdin=theirs,
        stderr=theirs,
        stdout=subprocess.PIPE,
        text=True,
    )
    os.close(theirs)
    os.write(own, f"{answer}\n".encode())

    out, _ = process.communicate(timeout=30)

    os.close(own)
    assert process.returncode == 0
    assert (out == RENAME) == is_renamed
