"""A server of our own, for as long as its owner lives.

The owner starts a watchdog, the watchdog starts postgres, and the owner keeps the end of a pipe
that the watchdog reads. The kernel closes the pipe however the owner ends, `kill -9` included,
so that stopping is the same one thing in every case.
"""

from __future__ import annotations

import os
import secrets
import select
import socket
import subprocess
import time
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import IO, TYPE_CHECKING

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from confiture_core.errors import ServerError
from confiture_core.server.account import reachable_binaries, server_account, start_as
from confiture_core.server.binaries import find_binaries
from confiture_core.server.cache import cache_directory
from confiture_core.server.cluster import make_cluster
from confiture_core.server.image import (
    has_news,
    image_path,
    keep_image,
    note_layers,
    start_from,
)
from confiture_core.server.run_directory import reap_run_directories, run_directory
from confiture_core.server.server import Server, read_server

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from confiture_core.server.account import Account
    from confiture_core.server.binaries import Binaries
    from confiture_core.server.run_directory import RunDirectory

# Waits for the end of the owner, or a line from it, then ends the server and removes its files,
# unless its owner wants to keep them.
# As the parent of postgres it cannot take another process for it. It lets go of its standard
# output, whose end then means that the server has ended, for whatever reason. A server that was
# killed leaves its postmaster.pid, with the number of its segment of shared memory in line 7,
# and for a moment backends that still write.
_WATCHDOG = """\
run=$1; shift
"$@" </dev/null 2>>"$run/log" &
exec >/dev/null 2>&1
read -r line
[ "$line" = keep ] && { kill -INT $!; wait $!; exit; }
kill -QUIT $!
wait $!
segment=$(sed -n '7s/.* //p' "$run/data/postmaster.pid") && [ "$segment" ] && ipcrm -m "$segment"
rm -rf "$run" || { sleep 1; rm -rf "$run"; }
"""

_PORT_OF_SOCKET = 5432
_START_TIMEOUT_S = 60.0
_POLL_MS = 2


@contextmanager
def ephemeral_server(
    *,
    environ: Mapping[str, str],
    pg_ctl: Path | None = None,
    listen: bool = False,
    settings: Mapping[str, str] | None = None,
    project: Path | None = None,
) -> Iterator[Server]:
    """Start a server; it ends with the block, or with this process.

    It is reached through a unix socket, with `listen` at 127.0.0.1 by password. `settings` go
    before ours. It starts with the layers that the last one for the `project` had.
    """
    account = server_account()
    cache = cache_directory(environ)
    found = find_binaries(environ=environ, given=pg_ctl)
    binaries = reachable_binaries(found, account, cache=cache)
    reap_run_directories(account)
    port = _free_port() if listen else _PORT_OF_SOCKET
    image = image_path(binaries, cache, project) if cache and project else None
    with run_directory(account) as run:
        if image is None or not start_from(image, run.data, account):
            make_cluster(binaries, account, run.data, cache=cache)
        ours = {
            "port": str(port),
            "listen_addresses": "127.0.0.1" if listen else "",
            "unix_socket_directories": str(run.path),
        }
        command = _postgres_command(binaries, run, {**(settings or {}), **ours})
        with _postmaster(command, run, account) as watchdog:
            conninfo = make_conninfo("", host=str(run.path), port=port, user="postgres")
            server = read_server(conninfo, source=f"ephemeral {found.directory}")
            yield _listening(server) if listen else server
            is_kept = image is not None and has_news(server, image)
            if is_kept:
                note_layers(server, run.data)
                _stop(watchdog, "keep")
        if image is not None and is_kept:
            keep_image(run.data, image, binaries)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _postgres_command(
    binaries: Binaries, run: RunDirectory, settings: Mapping[str, str]
) -> list[str]:
    command = [binaries.program("postgres"), "-D", str(run.data)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    return command


@contextmanager
def _postmaster(
    command: list[str], run: RunDirectory, account: Account
) -> Iterator[subprocess.Popen[bytes]]:
    watchdog = start_as(
        account,
        ["/bin/sh", "-c", _WATCHDOG, "confiture", str(run.path), *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    owner = os.getpid()
    try:
        _await_ready(watchdog, run)
        yield watchdog
    finally:
        # A fork of the owner that leaves through here must not end the owner's server.
        if os.getpid() == owner:
            _stop(watchdog, "stop")


def _await_ready(watchdog: subprocess.Popen[bytes], run: RunDirectory) -> None:
    """Wait until the server takes connections; a ServerError with its log if it does not."""
    end_of_output = select.poll()
    end_of_output.register(_output(watchdog))
    deadline = time.monotonic() + _START_TIMEOUT_S
    failure = f"did not start within {_START_TIMEOUT_S:.0f} seconds"
    while time.monotonic() < deadline:
        if end_of_output.poll(_POLL_MS):
            failure = "ended as soon as it was started"
            break
        if _is_ready(run):
            return
    log = run.log.read_text(errors="replace").strip() if run.log.exists() else ""
    raise ServerError(f"the server of our own {failure}", detail=log or None)


def _is_ready(run: RunDirectory) -> bool:
    # The eighth line of the file is what pg_ctl waits for as well; to connect instead would
    # cost a process at each try.
    try:
        lines = (run.data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) >= 8 and lines[7].strip() == "ready"


def _stop(watchdog: subprocess.Popen[bytes], line: str) -> None:
    """Return when the server has ended and its files are gone, or kept."""
    # The line is for where a fork of ours holds the pipe open. A watchdog that was killed
    # cannot read it: then the end of the run directory ends the server.
    if watchdog.stdin is None or watchdog.stdin.closed:
        return
    with suppress(BrokenPipeError):
        os.write(watchdog.stdin.fileno(), f"{line}\n".encode())
    watchdog.stdin.close()
    watchdog.wait()
    _output(watchdog).close()


def _output(watchdog: subprocess.Popen[bytes]) -> IO[bytes]:
    if watchdog.stdout is None:
        raise AssertionError("a watchdog is started with a pipe")
    return watchdog.stdout


def _listening(server: Server) -> Server:
    password = secrets.token_urlsafe(18)
    with psycopg.connect(server.conninfo(), autocommit=True) as connection:
        connection.execute(
            sql.SQL("alter role {} password {}").format(
                sql.Identifier(server.user), sql.Literal(password)
            )
        )
    return replace(server, host="127.0.0.1", password=password)
