"""The run directory of a server of ours: its data, its socket, its log, its owner.

It carries our mark, a file that the owner holds locked. The kernel lets go of the lock however
the owner ends, so a mark that can be locked means a dead owner. A directory without a valid
mark is never touched.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from confiture_core.errors import ServerError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confiture_core.server.account import Account

PREFIX = "confiture-"
MARK = "confiture.json"

# A data directory with a few clones of a real schema; the 64 MB of a Docker container's
# /dev/shm would be full at once.
_ROOM_IN_MEMORY_BYTES = 512 << 20

# The address of a unix socket has 107 bytes on Linux and 103 on macOS: what is left for the
# place, beside "/confiture-12345678/.s.PGSQL.65535".
_LONGEST_PLACE_BYTES = 68

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDirectory:
    """What lies where in a run directory."""

    path: Path

    @property
    def data(self) -> Path:
        """The data directory of the server."""
        return self.path / "data"

    @property
    def log(self) -> Path:
        """The file that the server writes its log to."""
        return self.path / "log"


@contextlib.contextmanager
def run_directory(account: Account) -> Iterator[RunDirectory]:
    """Make a run directory for `account`; a server that still runs in it is ended at the end."""
    owner = os.getpid()
    path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=_place(account)))
    lock = os.open(path / MARK, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        mark = {"confiture": 1, "owner": owner, "boot": read_boot_id()}
        os.write(lock, json.dumps(mark).encode())
        _give(path, account)
        yield RunDirectory(path=path)
    finally:
        # A fork of the owner that leaves through here must not end the owner's server.
        if os.getpid() == owner:
            stop_postmaster(path / "data")
            shutil.rmtree(path, ignore_errors=True)
        os.close(lock)


def reap_run_directories(account: Account, *, places: tuple[Path, ...] | None = None) -> None:
    """Stop and remove what owners left that ended without doing so themselves."""
    for place in places or _places():
        for path in sorted(place.glob(f"{PREFIX}*")):
            if _belongs_to(path, account):
                _reap(path)


def stop_postmaster(data: Path, *, patience_s: float = 10.0) -> None:
    """End the server of the data directory, if one runs; it is gone on return."""
    pid = _postmaster_pid(data)
    for number in (signal.SIGQUIT, signal.SIGKILL):
        if pid is None or not _is_postmaster(pid, data):
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        deadline = time.monotonic() + patience_s
        while _is_postmaster(pid, data) and time.monotonic() < deadline:
            time.sleep(0.002)


def _places() -> tuple[Path, ...]:
    places = [Path("/dev/shm"), Path(tempfile.gettempdir()), Path("/tmp")]
    return tuple(dict.fromkeys(place for place in places if place.is_dir()))


def _place(account: Account) -> Path:
    for place in _places():
        if len(os.fsencode(place)) > _LONGEST_PLACE_BYTES or not account.can_reach(place):
            continue
        if not os.access(place, os.W_OK):
            continue
        if place == Path("/dev/shm") and _free_bytes(place) < _ROOM_IN_MEMORY_BYTES:
            continue
        return place
    raise ServerError(
        "there is no directory for a server's data",
        detail="looked at " + ", ".join(str(place) for place in _places()),
        hint="set TMPDIR to a directory with a short name, open to the user the server runs as",
    )


def _free_bytes(place: Path) -> int:
    status = os.statvfs(place)
    return status.f_bavail * status.f_frsize


def _give(path: Path, account: Account) -> None:
    if not account.is_other:
        return
    try:
        os.chown(path, account.uid, account.gid)
    except OSError as exc:
        raise ServerError(
            f"root may not give files to another user here: {exc.strerror}",
            detail="PostgreSQL does not run as root, and this root cannot change users",
            hint="run as an ordinary user, or set CONFITURE_SERVER_URL",
        ) from exc


def _belongs_to(path: Path, account: Account) -> bool:
    """Whether it is a directory that only we, or root for us, can have made."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid in {account.uid, os.geteuid()}


def _reap(path: Path) -> None:
    try:
        lock = os.open(path / MARK, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        boot = json.loads(os.read(lock, 4096))["boot"]
        # After a reboot the numbers of processes mean others.
        if boot == read_boot_id():
            stop_postmaster(path / "data")
        shutil.rmtree(path, ignore_errors=True)
    except (BlockingIOError, ValueError, KeyError, TypeError):
        return
    finally:
        os.close(lock)


def read_boot_id() -> str:
    """Name the present run of the machine; empty where that cannot be told."""
    return _BOOT_ID.read_text().strip() if _BOOT_ID.exists() else ""


def _postmaster_pid(data: Path) -> int | None:
    try:
        return int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def _is_postmaster(pid: int, data: Path) -> bool:
    """Whether process `pid` is the server of `data` and no later one with its number."""
    return os.fsencode(data) in _command_line(pid)


def _command_line(pid: int) -> bytes:
    if not Path("/proc/self").exists():
        return subprocess.run(
            ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, check=False
        ).stdout
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""
