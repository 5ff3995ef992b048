"""Owners of servers in processes of their own, and directories open to all users."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from confiture_core.server import find_binaries
from confiture_core.server.account import Account

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

# Everything is imported before the user is changed, for whom our sources may be out of reach.
_OWNER = """
import concurrent.futures.thread, os, sys
from confiture_core.server import ephemeral_server
uid = int(sys.argv[1])
if uid != os.geteuid():
    os.setgroups([]); os.setresgid(uid, uid, uid); os.setresuid(uid, uid, uid)
with ephemeral_server(environ=os.environ) as server:
    print(server.url(), flush=True)
    sys.stdin.read()
"""


class Owner:
    """A process that holds a server until its standard input ends."""

    def __init__(self, *, uid: int, environ: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _OWNER, str(uid)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=dict(environ),
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()
        assert self.url, "the owner could not start its server"
        self.run = Path(self.url.partition("host=")[2].partition("&")[0])
        self.postmaster = int((self.run / "data" / "postmaster.pid").read_text().split()[0])
        status = Path(f"/proc/{self.postmaster}/status").read_text()
        self.watchdog = int(status.partition("PPid:")[2].split()[0])

    @property
    def has_server(self) -> bool:
        return _is_alive(self.postmaster)

    def end(self) -> None:
        self.process.communicate()

    def wait_until_nothing_is_left(self, *, timeout_s: float = 10.0) -> None:
        deadline = time.monotonic() + timeout_s
        while self.has_server or _is_alive(self.watchdog) or self.run.exists():
            assert time.monotonic() < deadline, f"{self.run} or its server is left"
            time.sleep(0.005)


@pytest.fixture(scope="session")
def cache_of_others() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(dir="/tmp", prefix="cache-"))
    path.chmod(0o777)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def start_owner(cache_of_others: Path) -> Iterator[Callable[..., Owner]]:
    """Start processes that own a server each, as this or another user."""
    owners: list[Owner] = []

    def start(*, uid: int = os.geteuid()) -> Owner:
        is_other = uid != os.geteuid()
        if is_other and not _reaches_postgresql(uid):
            pytest.skip("the other user does not reach PostgreSQL's programs")
        environ = {"XDG_CACHE_HOME": str(cache_of_others)} if is_other else {}
        owners.append(Owner(uid=uid, environ={**os.environ, **environ}))
        return owners[-1]

    yield start
    for owner in owners:
        owner.end()


@pytest.fixture
def open_directory() -> Iterator[Path]:
    """A directory that other users may enter, as pytest's own below root's is not."""
    path = Path(tempfile.mkdtemp(dir="/tmp", prefix="open-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


def _reaches_postgresql(uid: int) -> bool:
    programs = find_binaries(environ=os.environ).directory
    return Account(uid=uid, gid=uid, is_other=True).can_reach(programs / "postgres")


def _is_alive(pid: int) -> bool:
    """Whether the process runs; one that has ended and waits for its parent does not."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    return False
