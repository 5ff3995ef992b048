"""A server of our own that stays until it is stopped, so that runs start warm.

A process apart owns it, as a run of the tests owns an ephemeral one: when that process ends, by
whatever means, so does the server. A record in the cache says where it is.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from confiture_core.errors import ServerError
from confiture_core.server.cache import cache_directory
from confiture_core.server.ephemeral import ephemeral_server
from confiture_core.server.run_directory import read_boot_id
from confiture_core.server.server import Server, read_server

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SOURCE = "confiture server start"
_TIMEOUT_S = 70.0
_POLL_S = 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """Where the server is, and who owns it."""

    url: str
    pid: int
    boot: str
    pg_ctl: str = ""  # by which it was started, where one was given
    error: str = ""  # why it did not start


def standing_server(environ: Mapping[str, str]) -> Server | None:
    """Return the server that was started to stay, if it runs."""
    path = _path(environ)
    record = _read(path) if path is not None else None
    if record is None or not record.url:
        return None
    try:
        server = read_server(record.url, source=_SOURCE)
    except ServerError:
        # It was killed: what it left, the next server of ours removes.
        return None
    return replace(server, source=f'"{_SOURCE}"')


def start_standing(environ: Mapping[str, str], *, pg_ctl: Path | None = None) -> Server:
    """Start a server that stays, unless one runs; return it."""
    path = _needed_path(environ)
    with _locked(path):
        running = standing_server(environ)
        if running is not None:
            _refuse_another(path, running, pg_ctl)
            return running
        path.unlink(missing_ok=True)
        owner = subprocess.Popen(
            [sys.executable, "-m", __name__, str(path), *([str(pg_ctl)] if pg_ctl else [])],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            start_new_session=True,
        )
        record = _await(path, owner)
        # Whoever waits for the end of this process must not be told that a child is left.
        owner.returncode = 0
    if record is None or record.error:
        raise ServerError(
            "the server did not start", detail=record.error if record is not None else None
        )
    return replace(read_server(record.url, source=_SOURCE), source=f'"{_SOURCE}"')


def _refuse_another(path: Path, running: Server, pg_ctl: Path | None) -> None:
    record = _read(path)
    if pg_ctl is not None and record is not None and record.pg_ctl != str(pg_ctl):
        raise ServerError(
            f'"{pg_ctl}" is to start a server, and one that stays runs by another',
            detail=f"it is PostgreSQL {running.version_num // 10000}, {record.pg_ctl or 'found'}",
            hint='end it with "confiture server stop"',
        )


def stop_standing(environ: Mapping[str, str]) -> bool:
    """Stop the server that was started to stay; False if none runs."""
    path = _path(environ)
    if path is None or not path.parent.is_dir():
        return False
    with _locked(path):
        record = _read(path)
        if record is None:
            return False
        with suppress(ProcessLookupError):
            os.kill(record.pid, signal.SIGTERM)
        deadline = time.monotonic() + _TIMEOUT_S
        # The owner removes the record last.
        while _read(path) is not None and time.monotonic() < deadline:
            time.sleep(_POLL_S)
        return _read(path) is None


def own_standing(path: Path, pg_ctl: Path | None) -> None:
    """Own a server until this process is told to end."""
    # What names other servers is not meant for ours.
    environ = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    signals = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    record = _Record(url="", pid=os.getpid(), boot=read_boot_id(), pg_ctl=str(pg_ctl or ""))
    try:
        with ephemeral_server(environ=environ, pg_ctl=pg_ctl) as server:
            _write(path, replace(record, url=server.url()))
            signal.sigwait(signals)
    except ServerError as exc:
        shown = "\n".join(filter(None, (str(exc), exc.detail, exc.hint)))
        _write(path, replace(record, error=shown))
    else:
        path.unlink(missing_ok=True)


def _path(environ: Mapping[str, str]) -> Path | None:
    cache = cache_directory(environ)
    return cache / "server.json" if cache is not None else None


def _needed_path(environ: Mapping[str, str]) -> Path:
    path = _path(environ)
    if path is None:
        raise ServerError(
            "there is no place to note down where the server is",
            hint="set XDG_CACHE_HOME to a directory of yours",
        )
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _read(path: Path) -> _Record | None:
    try:
        record = _Record(**json.loads(path.read_text()))
    except (OSError, ValueError, TypeError):
        return None
    # After a start of the machine the number of a process means another.
    return record if record.boot == read_boot_id() and _lives(record.pid, path) else None


def _lives(pid: int, path: Path) -> bool:
    """Whether the owner lives, and is no later process of the same number."""
    command = Path(f"/proc/{pid}/cmdline")
    if Path("/proc/self").exists():
        try:
            return os.fsencode(path) in command.read_bytes()
        except OSError:
            return False
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def _write(path: Path, record: _Record) -> None:
    facts = {name: getattr(record, name) for name in _Record.__slots__}
    unfinished = path.with_suffix(f".{os.getpid()}")
    unfinished.write_text(json.dumps(facts))
    unfinished.replace(path)


def _await(path: Path, owner: subprocess.Popen[bytes]) -> _Record | None:
    deadline = time.monotonic() + _TIMEOUT_S
    while time.monotonic() < deadline:
        if path.exists():
            facts = json.loads(path.read_text())
            return _Record(**facts)
        if owner.poll() is not None:
            return None
        time.sleep(_POLL_S)
    return None


if __name__ == "__main__":
    own_standing(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
