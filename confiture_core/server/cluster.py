"""Data directories: initdb run once, its result kept, copies handed out."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from subprocess import DEVNULL, PIPE
from typing import TYPE_CHECKING

from confiture_core.errors import ServerError
from confiture_core.server.account import start_as
from confiture_core.server.binaries import read_major_version
from confiture_core.server.cache import prune_unused

if TYPE_CHECKING:
    from confiture_core.server.account import Account
    from confiture_core.server.binaries import Binaries

# Nothing on our servers survives them, so nothing is written for a crash; background work
# that a test would notice at random is off; limits leave room for many workers and databases.
# Shared memory in files of the data directory is gone with it, also when the server was killed,
# and does not end at the 64 MB of a container's /dev/shm.
SETTINGS = """
wal_level = logical
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
bgwriter_lru_maxpages = 0
checkpoint_timeout = 1h
max_wal_size = 512MB
log_checkpoints = off
jit = off
huge_pages = off
dynamic_shared_memory_type = mmap
shared_buffers = 48MB
max_connections = 200
max_locks_per_transaction = 256
max_prepared_transactions = 20
password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'
cluster_name = 'confiture'
confiture.ephemeral = on
"""

# Settings that exist from a version on.
_SETTINGS_FROM = {18: "io_method = sync\n"}

# The socket lies in a directory of the server's user alone; the machine's address is used
# only when asked for, and open to all its users.
_ACCESS = """
local all all trust
local replication all trust
host all all 127.0.0.1/32 scram-sha-256
host replication all 127.0.0.1/32 scram-sha-256
"""

_INITDB = (
    "--username=postgres",
    "--encoding=UTF8",
    "--auth=trust",
    "--no-sync",
    # Sixteen megabytes less to copy at each start.
    "--wal-segsize=1",
)


def make_cluster(binaries: Binaries, account: Account, data: Path, *, cache: Path | None) -> None:
    """Fill `data` with a fresh cluster, copied from the cache or made and kept there."""
    image = cache / "clusters" / image_name(binaries) if cache else None
    try:
        if image is not None and _is_complete(image):
            os.utime(image)
            copy_cluster(image / "data", data, account)
            return
        _initialise(binaries, account, data)
    except OSError as exc:
        raise ServerError(
            f'the data of a server cannot be written to "{data}": {exc.strerror}',
            hint="make room there, or set CONFITURE_SERVER_URL to use a server that runs",
        ) from exc
    if image is not None:
        _keep(data, image)


def copy_cluster(source: Path, data: Path, account: Account | None = None) -> None:
    """Copy the files of a stopped cluster, giving them to `account`."""
    owner = (account.uid, account.gid) if account is not None and account.is_other else None
    files: list[tuple[str, str]] = []
    for folder, _, names in os.walk(source):
        target = f"{data}{folder[len(str(source)) :]}"
        Path(target).mkdir(mode=0o700)
        if owner is not None:
            os.chown(target, *owner)
        files.extend((f"{folder}/{name}", f"{target}/{name}") for name in names)
    # Two, as the kernel does the work and the machines that matter have two processors.
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda half: _copy_files(half, owner), (files[::2], files[1::2])))


def image_name(binaries: Binaries) -> str:
    """Return a name that changes with all that initdb's result depends on."""
    program = (binaries.directory / "postgres").resolve()
    status = program.stat()
    # Collations are imported from the system by initdb, with their versions.
    libc = os.confstr("CS_GNU_LIBC_VERSION") if "CS_GNU_LIBC_VERSION" in os.confstr_names else ""
    ours = (_INITDB, SETTINGS, _SETTINGS_FROM, _ACCESS)
    identity = (str(program), status.st_size, status.st_mtime_ns, libc, ours)
    return hashlib.sha256(repr(identity).encode()).hexdigest()[:24]


def _initialise(binaries: Binaries, account: Account, data: Path) -> None:
    version = read_major_version(binaries)
    flags = [*_INITDB, *(["--no-data-checksums"] if version >= 18 else [])]
    # C.UTF-8 sorts by code point everywhere, but not every system has it.
    for locale in ("C.UTF-8", "C"):
        command = [binaries.program("initdb"), *flags, f"--locale={locale}", f"--pgdata={data}"]
        process = start_as(account, command, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE)
        message = process.communicate()[1].decode(errors="replace").strip()
        if process.returncode == 0:
            break
    else:
        raise ServerError(f'"{command[0]}" failed', detail=message or None)
    newer = [text for since, text in _SETTINGS_FROM.items() if version >= since]
    with (data / "postgresql.conf").open("a") as configuration:
        configuration.writelines([SETTINGS, *newer])
    (data / "pg_hba.conf").write_text(_ACCESS)


def _is_complete(image: Path) -> bool:
    """Whether the image has all its files: sweepers of old files take them one by one."""
    try:
        number = int((image / "files").read_text())
    except (OSError, ValueError):
        return False
    return number == _count_files(image / "data")


def _count_files(data: Path) -> int:
    return sum(len(names) for _, _, names in os.walk(data))


def _keep(data: Path, image: Path) -> None:
    """Copy a cluster into the cache, where there is one that can be written."""
    # What fails is a home that cannot be written, a full disk, another process that was first:
    # half a second is lost at the next start.
    with suppress(OSError):
        image.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        prune_unused(image.parent.iterdir())
        shutil.rmtree(image, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix="unfinished-", dir=image.parent) as folder:
            made = Path(folder) / "image"
            made.mkdir(mode=0o700)
            copy_cluster(data, made / "data")
            (made / "files").write_text(str(_count_files(data)))
            made.rename(image)


def _copy_files(files: list[tuple[str, str]], owner: tuple[int, int] | None) -> None:
    for source, target in files:
        reading = os.open(source, os.O_RDONLY)
        writing = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            if owner is not None:
                os.fchown(writing, *owner)
            _copy_contents(reading, writing, target)
        finally:
            os.close(reading)
            os.close(writing)


def _copy_contents(reading: int, writing: int, target: str) -> None:
    # Elsewhere than on Linux, this only sends to sockets.
    if sys.platform == "linux":
        while os.sendfile(writing, reading, None, 1 << 30):
            pass
        return
    while chunk := os.read(reading, 1 << 20):
        if os.write(writing, chunk) < len(chunk):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), target)
