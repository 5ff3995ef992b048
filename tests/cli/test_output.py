"""How the command speaks: on a terminal, elsewhere, and when it is stopped."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from confiture.cli.frame import explained

COMMAND = [sys.executable, "-m", "confiture"]


@pytest.fixture
def shop(project, monkeypatch):
    monkeypatch.setenv("CONFITURE_SERVER_URL", project.server.url())
    project.migration("001", "CREATE TABLE users (id INT)", "DROP TABLE users")
    return project


def on_terminal(*arguments, **environ):
    """Run the command on a terminal, both streams, and return what it shows."""
    own, theirs = pty.openpty()
    environ = {**os.environ, "TERM": "xterm-256color", **environ}
    process = subprocess.Popen(
        [*COMMAND, *arguments], env=environ, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    said = b""
    try:
        while chunk := os.read(own, 1000):
            said += chunk
    except OSError:
        pass  # Linux says so when the other end is closed
    os.close(own)
    process.wait(30)
    return said.decode().replace("\r\n", "\n")


def test_a_terminal_shows_the_table_and_the_marks_of_the_guide(shop):
    assert on_terminal("migrate", "status").startswith("""\
          Migrations
┏━━━━━━━━━┳━━━━━━┳━━━━━━━━━━━━┓
┃ Version ┃ Name ┃ Status     ┃
┡━━━━━━━━━╇━━━━━━╇━━━━━━━━━━━━┩
│ 001     │ step │ ⏳ pending │
└─────────┴──────┴────────────┘

📊 Total: 1 migrations (0 applied, 1 pending)
""")
    assert on_terminal("migrate", "up").endswith("""\
📦 Found 1 pending migration(s)

⚡ Applying 001_step... ✅

✅ Successfully applied 1 migration(s)!
""")


@pytest.mark.parametrize("variable", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_a_terminal_without_colour_shows_words_alone(shop, variable):
    said = on_terminal("migrate", "up", **variable)

    assert "Applying 001_step... done\n" in said
    assert said.isascii()
    assert "\x1b" not in said


def test_a_terminal_that_lacks_the_marks_shows_words_alone(shop):
    said = on_terminal("migrate", "up", PYTHONIOENCODING="latin-1", PYTHONUTF8="0")

    assert "Applying 001_step... done\n" in said


def test_an_error_is_red_on_a_terminal(shop):
    assert on_terminal("build", "--env", "x").startswith("\x1b[31merror:\x1b[0m db/environments/x")


def test_without_a_terminal_there_is_neither_colour_nor_mark(confiture, shop):
    shop.write("db/schema/users.sql", "CREATE TABLE posts (id INT);\n")

    said = [
        confiture("migrate", *command)
        for command in (["diff"], ["status"], ["up"], ["down"], ["history"], ["validate"], ["x"])
    ]

    assert all((one.out + one.err).isascii() for one in said)
    assert not any("\x1b" in one.out + one.err for one in said)


def test_quiet_leaves_errors_and_results(confiture, shop):
    up = confiture("migrate", "up", "-q")
    status = confiture("-q", "migrate", "status")
    error = confiture("migrate", "status", "-q", "--env", "x")

    assert (up.code, up.out, up.err) == (0, "", "")
    assert "001      step  applied" in status.out
    assert error.err.startswith("error: ")


def test_verbose_names_the_files_and_passes_on_what_postgresql_says(shop):
    shop.write("db/schema/n.sql", "DO $$ BEGIN RAISE NOTICE 'hello from afar'; END $$;\n")

    quiet = subprocess.run([*COMMAND, "build"], capture_output=True, text=True, check=True)
    loud = subprocess.run([*COMMAND, "build", "-v"], capture_output=True, text=True, check=True)

    assert "hello from afar" not in quiet.stderr
    assert "hello from afar" in loud.stderr
    assert re.search(r"^db/schema/n\.sql: [\d.]+ ms$", loud.stderr, re.MULTILINE)


@pytest.mark.parametrize("before", [True, False])
def test_debug_shows_where_an_error_comes_from(shop, before):
    arguments = ["migrate", "status", "--env", "x"]
    arguments.insert(0 if before else 4, "--debug")

    done = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr.startswith("Traceback")
    assert "error: db/environments/x.yaml: the file does not exist" in done.stderr


def test_what_nobody_thought_of_is_one_line():
    error = explained(KeyError("gone"))

    assert str(error) == "internal error: KeyError: 'gone'"
    assert error.hint == "--debug shows where it comes from"


def test_what_postgresql_refuses_is_no_internal_error(database):
    with pytest.raises(psycopg.Error) as caught:
        database.execute("select 1/0")

    assert str(explained(caught.value)) == "division by zero"


def test_a_file_that_cannot_be_used_is_no_internal_error(tmp_path):
    with pytest.raises(OSError, match="gone") as caught:
        (tmp_path / "gone").read_text()

    assert str(explained(caught.value)) == f"{tmp_path}/gone: No such file or directory"


def test_who_stops_reading_early_gets_no_traceback(shop):
    columns = ", ".join(f"column_number_{number} INT" for number in range(1000))
    shop.write("db/schema/wide.sql", f"CREATE TABLE wide ({columns});\n")
    command = f"{' '.join(COMMAND)} schema dump --json | head -c 1"

    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)

    assert done.stdout == "{"
    assert "Traceback" not in done.stderr
    assert "Error" not in done.stderr


def _is_connected(pid: int) -> bool:
    place = Path("/proc") / str(pid)
    if (place / "cmdline").read_bytes().split(b"\0")[1:3] != [b"-m", b"confiture"]:
        return False  # not ours yet, and still with the sockets of this process
    with suppress(FileNotFoundError):  # it is opening and closing them
        opened = [str(fd.readlink()) for fd in (place / "fd").iterdir()]
        return any(one.startswith("socket:") for one in opened)
    return False


@pytest.mark.parametrize("delay_s", [0.0, 0.05, 0.1, 0.2])
@pytest.mark.parametrize("command", ["build --recreate", "migrate diff", "migrate verify"])
def test_an_interrupt_at_any_moment_leaves_no_database(shop, command, delay_s):
    shop.migration("002", "CREATE TABLE posts (id INT)")
    process = subprocess.Popen(
        [*COMMAND, *command.split()],
        env={**os.environ, "CONFITURE_SERVER_URL": shop.server.url()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    while process.poll() is None and not _is_connected(process.pid):
        time.sleep(0.005)
    time.sleep(delay_s)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)

    # Or done before, or so far that nothing was left to do but to end.
    assert process.returncode in (130, 0, 3, -signal.SIGINT)
    assert b"Traceback" not in err
    assert b"left" not in err
    with psycopg.connect(shop.server.conninfo(), autocommit=True) as connection:
        own = f"_{process.pid}(_|$)"
        left = connection.execute("select datname from pg_database where datname ~ %s", [own])
        assert left.fetchall() == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_rolls_back_and_has_its_exit_code(shop, number, code):
    shop.migration("002", "CREATE TABLE posts (id INT);\nSELECT pg_sleep(20)")
    process = shop.start("migrate", "up")
    time.sleep(0.2)
    process.send_signal(number)
    _, err = process.communicate(timeout=10)

    assert process.returncode == code
    assert b"Traceback" not in err
    assert shop.tables() == ["users"]
