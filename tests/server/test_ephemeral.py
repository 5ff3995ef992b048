"""Servers of our own: what they are, and that they end with their owner, however it ends."""

from __future__ import annotations

import json
import os
import pwd
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from confiture_core.errors import ServerError
from confiture_core.server import ephemeral_server, read_server
from confiture_core.server.account import server_account
from confiture_core.server.run_directory import MARK, PREFIX, reap_run_directories

if TYPE_CHECKING:
    from collections.abc import Callable

    from confiture_core.server import Server

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
AS_ROOT = os.geteuid() == 0
USERS = [os.geteuid(), *([pwd.getpwnam("nobody").pw_uid] if AS_ROOT else [])]


def ask(server: Server, query: str) -> object:
    with psycopg.connect(server.conninfo()) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def test_a_server_of_our_own_is_there_for_the_block_and_leaves_nothing():
    with ephemeral_server(environ=os.environ) as server:
        run = Path(server.host)
        answer = ask(server, "select 'answered'")

    assert answer == "answered"
    assert not run.exists()
    with pytest.raises(ServerError):
        read_server(server.conninfo(), source="a url")


def test_it_is_reached_by_its_user_and_through_its_socket_only():
    with ephemeral_server(environ=os.environ) as server:
        status = Path(server.host).stat()
        addresses = ask(server, "show listen_addresses")
        listening = listening_ports_of(ask(server, "select pg_read_file('postmaster.pid')"))

    assert stat.S_IMODE(status.st_mode) == 0o700
    assert status.st_uid == server_account().uid
    assert addresses == ""
    assert listening == []


def listening_ports_of(note: object) -> list[int]:
    """Return the TCP ports that a server listens at, as the kernel has them."""
    process = Path("/proc") / str(note).split()[0]
    sockets = {str(link.readlink()) for link in (process / "fd").iterdir()}
    rows = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in (process / "net" / table).read_text().splitlines()[1:]
    ]
    return [int(row[1].split(":")[1], 16) for row in rows if f"socket:[{row[9]}]" in sockets]


def test_it_is_known_as_ours_by_whoever_gets_its_url():
    with ephemeral_server(environ=os.environ) as server:
        found = read_server(server.url(), source="a worker")

    assert server.is_ephemeral
    assert found.is_ephemeral
    assert found.host == server.host


def test_it_does_not_pay_for_durability_and_sorts_the_same_everywhere():
    with ephemeral_server(environ=os.environ) as server:
        wanted = "fsync synchronous_commit full_page_writes autovacuum timezone server_encoding"
        settings = [ask(server, f"show {name}") for name in wanted.split()]
        in_order = ask(server, "select array_agg(x order by x) from unnest('{b,a,B,ä}'::text[]) x")

    assert settings == ["off", "off", "off", "off", "UTC", "UTF8"]
    assert in_order == ["B", "a", "b", "ä"]


def test_settings_of_the_caller_go_before_ours():
    with ephemeral_server(environ=os.environ, settings={"max_connections": "31"}) as server:
        limit = ask(server, "show max_connections")

    assert limit == "31"


def test_a_setting_that_postgres_refuses_is_shown_in_its_words():
    with (
        pytest.raises(ServerError) as caught,
        ephemeral_server(environ=os.environ, settings={"fsync": "perhaps"}),
    ):
        pass

    assert 'parameter "fsync" requires a Boolean value' in str(caught.value.detail)


def test_at_an_address_of_the_machine_it_wants_its_password():
    with ephemeral_server(environ=os.environ, listen=True) as server:
        answer = ask(server, "select host(inet_server_addr())")
        wrong = server.url().replace(f":{server.password}@", ":guessed@")
        with pytest.raises(ServerError) as caught:
            read_server(wrong, source="CONFITURE_SERVER_URL")

    assert answer == server.host == "127.0.0.1"
    assert "password authentication failed" in str(caught.value.detail)
    assert server.password is not None
    assert server.password not in f"{server!r} {server.shown}"


@pytest.mark.parametrize("uid", USERS, ids=lambda uid: pwd.getpwuid(uid).pw_name)
def test_it_is_started_by_root_and_by_an_ordinary_user(uid: int, start_owner: Callable[..., Any]):
    owner = start_owner(uid=uid)

    runs_as = owner.run.stat().st_uid
    owner.end()

    assert runs_as == (server_account().uid if uid == 0 else uid)
    assert runs_as != 0
    owner.wait_until_nothing_is_left()


@pytest.mark.parametrize("uid", USERS, ids=lambda uid: pwd.getpwuid(uid).pw_name)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_it_ends_when_its_owner_is_ended(
    number: signal.Signals, uid: int, start_owner: Callable[..., Any]
):
    owner = start_owner(uid=uid)

    owner.process.send_signal(number)

    owner.wait_until_nothing_is_left()


def test_what_a_killed_owner_and_watchdog_left_is_reaped_by_the_next_start(
    start_owner: Callable[..., Any],
):
    owner = start_owner()
    os.kill(owner.watchdog, signal.SIGKILL)
    owner.process.kill()
    owner.process.wait()
    assert owner.has_server

    with ephemeral_server(environ=os.environ):
        owner.wait_until_nothing_is_left(timeout_s=0)


def test_a_killed_watchdog_does_not_keep_its_owner_from_ending_the_server(
    start_owner: Callable[..., Any],
):
    owner = start_owner()

    os.kill(owner.watchdog, signal.SIGKILL)
    owner.end()

    owner.wait_until_nothing_is_left(timeout_s=0)


def test_a_killed_postmaster_leaves_nothing_either(start_owner: Callable[..., Any]):
    owner = start_owner()
    segment = (owner.run / "data" / "postmaster.pid").read_text().splitlines()[6].split()[1]
    in_memory = set(Path("/dev/shm").glob("PostgreSQL.*"))

    connection = psycopg.connect(owner.url)
    os.kill(owner.postmaster, signal.SIGKILL)
    owner.end()
    connection.close()

    assert owner.process.returncode == 0
    owner.wait_until_nothing_is_left()
    segments = Path("/proc/sysvipc/shm").read_text().splitlines()[1:]
    assert segment not in [line.split()[1] for line in segments]
    # Those of other servers, which start beside this test, come and go.
    deadline = time.monotonic() + 10
    while not set(Path("/dev/shm").glob("PostgreSQL.*")) <= in_memory:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_two_owners_have_a_server_each_and_neither_reaps_the_other(
    start_owner: Callable[..., Any],
):
    first, second = start_owner(), start_owner()

    second.end()

    assert first.run != second.run
    assert read_server(first.url, source="the first owner").is_ephemeral


def test_a_fork_of_the_owner_does_not_end_its_server():
    script = """
import os, sys
from confiture_core.server import ephemeral_server, read_server
with ephemeral_server(environ=os.environ) as server:
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        print(read_server(server.url(), source="the parent").is_ephemeral)
"""

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert done.stdout == "True\n"


SHOW_PLACE = """
import os
from confiture_core.errors import ServerError
from confiture_core.server import ephemeral_server
try:
    with ephemeral_server(environ=os.environ) as server:
        print(server.host)
except ServerError as exc:
    print(exc)
"""


@pytest.mark.skipif(not AS_ROOT, reason="only root can mount")
@pytest.mark.parametrize(
    ("mounts", "expected"),
    [
        ("", "/dev/shm/confiture-"),
        ("mount -t tmpfs -o size=64m tmpfs /dev/shm", "$TMPDIR/confiture-"),
        (
            "mount -t tmpfs -o size=64m tmpfs /dev/shm; mount -t tmpfs -o size=4m tmpfs $TMPDIR",
            "No space left on device",
        ),
    ],
    ids=["room in memory", "a container's memory", "no room anywhere"],
)
def test_the_data_lies_in_memory_where_there_is_room(
    mounts: str, expected: str, open_directory: Path
):
    elsewhere = ["unshare", "--mount", "sh", "-ec", f'{mounts}\nexec "$@"', "sh"]
    done = subprocess.run(
        [*elsewhere, sys.executable, "-c", SHOW_PLACE],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "TMPDIR": str(open_directory)},
    )
    if "unshare failed" in done.stderr or "mount:" in done.stderr:
        pytest.skip("this container may not mount")

    assert expected.replace("$TMPDIR", str(open_directory)) in done.stdout, done.stderr


@pytest.fixture
def stale(tmp_path: Path) -> Path:
    """A run directory whose owner is gone, with the process number of this living test."""
    path = tmp_path / f"{PREFIX}stale"
    (path / "data").mkdir(parents=True)
    (path / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n")
    (path / MARK).write_text(
        json.dumps({"confiture": 1, "owner": 1, "boot": BOOT_ID.read_text().strip()})
    )
    return path


def test_a_process_with_the_number_of_a_server_of_the_past_is_left_alone(
    stale: Path, tmp_path: Path
):
    reap_run_directories(server_account(), places=(tmp_path,))

    assert not stale.exists()


def test_a_directory_from_before_a_reboot_is_discarded(stale: Path, tmp_path: Path):
    # Its command line names the directory, as that of the server did which ran before.
    innocent = subprocess.Popen(["sh", "-c", "read line", str(stale / "data")], stdin=-1)
    (stale / "data" / "postmaster.pid").write_text(f"{innocent.pid}\n")
    (stale / MARK).write_text(json.dumps({"confiture": 1, "owner": 1, "boot": "another"}))

    reap_run_directories(server_account(), places=(tmp_path,))

    assert not stale.exists()
    assert innocent.poll() is None
    innocent.communicate()


@pytest.mark.parametrize("mark", [None, "", "not ours", "{}", "[1]"])
def test_a_directory_without_our_mark_is_never_touched(
    mark: str | None, stale: Path, tmp_path: Path
):
    (stale / MARK).unlink()
    if mark is not None:
        (stale / MARK).write_text(mark)

    reap_run_directories(server_account(), places=(tmp_path,))

    assert (stale / "data" / "postmaster.pid").exists()


def test_a_link_to_a_directory_of_ours_is_not_followed(stale: Path, tmp_path: Path):
    elsewhere = tmp_path / "elsewhere"
    stale.rename(elsewhere)
    stale.symlink_to(elsewhere)

    reap_run_directories(server_account(), places=(tmp_path,))

    assert (elsewhere / "data" / "postmaster.pid").exists()


@pytest.mark.skipif(not AS_ROOT, reason="only root can make a directory of another user")
def test_a_directory_that_another_user_marked_is_not_touched(stale: Path, tmp_path: Path):
    os.chown(stale, 12345, 12345)

    reap_run_directories(server_account(), places=(tmp_path,))

    assert stale.exists()
