"""Owners: which process a database was made for, and whether that process still runs."""

from __future__ import annotations

import functools
import hashlib
import os
import socket
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import psycopg

# The first key of the advisory locks by which owners show on the server that they live.
OWNER_LOCKS = 0x0C0F17

_HELD = """
select objid::bigint from pg_catalog.pg_locks
where locktype = 'advisory' and classid = %s and objsubid = 2 and granted
  and database = (select oid from pg_catalog.pg_database where datname = current_database())
"""


class Owner(NamedTuple):
    """One process, told apart from a later one that got the same number."""

    host: str
    pid: int
    started: str  # boot, process start and pid namespace: "c0ffee12-184467-4026531836"

    @property
    def lock_key(self) -> int:
        """The second key of this owner's advisory lock."""
        text = f"{self.host} {self.pid} {self.started}"
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big", signed=True)


def this_process() -> Owner:
    """Name the process that runs this."""
    return _owner(os.getpid())


def hold_owner_lock(maintenance: psycopg.Connection[tuple[object, ...]]) -> None:
    """Show on the server that this process lives, for as long as the connection does.

    Held in the database of the connection: advisory locks belong to one.
    """
    key = this_process().lock_key
    maintenance.execute(
        "select pg_catalog.pg_advisory_lock_shared(%s::int, %s::int)", (OWNER_LOCKS, key)
    )


def held_owner_locks(maintenance: psycopg.Connection[tuple[object, ...]]) -> frozenset[int]:
    """Read the lock keys of all owners connected to the server, from any host."""
    rows = maintenance.execute(_HELD, (OWNER_LOCKS,)).fetchall()
    # pg_locks shows the signed key as an unsigned oid.
    return frozenset(_signed(int(str(row[0]))) for row in rows)


def is_known_dead(owner: Owner) -> bool:
    """Say whether the process is surely gone; False when this machine cannot know."""
    here = this_process()
    if owner.host != here.host or _namespace(owner.started) != _namespace(here.started):
        return False
    return _started(owner.pid) != owner.started


def is_here(owner: Owner) -> bool:
    """Say whether the process would be seen from this one if it lived."""
    here = this_process()
    return owner.host == here.host and _namespace(owner.started) == _namespace(here.started)


@functools.lru_cache(maxsize=2)
def _owner(pid: int) -> Owner:
    return Owner(host=socket.gethostname(), pid=pid, started=_started(pid) or "unknown")


def _started(pid: int) -> str | None:
    """Read when a process started, None if there is none with this number."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None if Path("/proc/self/stat").exists() else _started_by_ps(pid)
    # The second field is the command in parentheses and may hold anything; starttime is the 22nd.
    fields = stat.rpartition(")")[2].split()
    if fields[0] == "Z":
        return None
    return f"{_boot()}-{fields[19]}-{_pid_namespace()}"


def _started_by_ps(pid: int) -> str | None:
    command = ["ps", "-o", "lstart=", "-p", str(pid)]
    shown = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return f"-{shown.replace('-', ' ')}-" if shown else None


@functools.cache
def _boot() -> str:
    path = Path("/proc/sys/kernel/random/boot_id")
    return path.read_text(encoding="ascii")[:8] if path.exists() else ""


@functools.cache
def _pid_namespace() -> str:
    path = Path("/proc/self/ns/pid")
    return str(path.stat().st_ino) if path.exists() else ""


def _namespace(started: str) -> str:
    return started.rpartition("-")[2]


def _signed(oid: int) -> int:
    return oid - 2**32 if oid >= 2**31 else oid
