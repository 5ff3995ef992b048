"""The user that our server runs as: ourselves, or for root, which PostgreSQL refuses, another.

The other user must reach what it runs. Where it cannot, as with a virtual environment below
/root, the programs are copied once to where it can.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

from confiture_core.errors import ServerError
from confiture_core.server.cache import prune_unused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confiture_core.server.binaries import Binaries

# The first that exists; initdb wants a user with an entry in the passwd file.
_ACCOUNTS_FOR_ROOT = ("postgres", "nobody")

# To read a catalog, a new session takes some MB from the system, page by page, and gives them back
# after each query. In large pages that it keeps, a reading takes a quarter less. Other C libraries
# than glibc take no notice.
_MALLOC = ":".join(
    f"glibc.malloc.{name}={value}"
    for name, value in {
        "hugetlb": 1,
        "top_pad": 2**20,
        "trim_threshold": 2**26,
        "mmap_threshold": 2**26,
    }.items()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A user of the operating system."""

    uid: int
    gid: int
    is_other: bool  # not the user of this process, which is then root

    def can_reach(self, path: Path) -> bool:
        """Whether it may read `path`, or if a directory enter it, judged by the mode bits."""
        path = path.resolve()
        wanted = stat.S_IROTH | stat.S_IXOTH if path.is_dir() else stat.S_IROTH
        return self._allows(path, wanted) and all(
            self._allows(parent, stat.S_IXOTH) for parent in path.parents
        )

    def _allows(self, path: Path, wanted: int) -> bool:
        try:
            status = path.stat()
        except OSError:
            return False
        if status.st_uid == self.uid:
            wanted <<= 6
        elif status.st_gid == self.gid:
            wanted <<= 3
        return status.st_mode & wanted == wanted


def server_account() -> Account:
    """Return the user to run a server as."""
    if os.geteuid() != 0:
        return Account(uid=os.geteuid(), gid=os.getegid(), is_other=False)
    for name in _ACCOUNTS_FOR_ROOT:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(uid=entry.pw_uid, gid=entry.pw_gid, is_other=True)
    raise ServerError(
        "PostgreSQL does not run as root, and there is no other user to run it as",
        detail="looked for the users " + ", ".join(_ACCOUNTS_FOR_ROOT),
        hint="add one of them, run as an ordinary user, or set CONFITURE_SERVER_URL",
    )


def start_as(
    account: Account, command: Sequence[str], *, stdin: int, stdout: int, stderr: int | IO[bytes]
) -> subprocess.Popen[bytes]:
    """Start `command` as `account`, out of reach of the terminal's signals and of PG*."""
    try:
        return subprocess.Popen(
            command,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            cwd="/",
            env=_environment(),
            user=account.uid if account.is_other else None,
            group=account.gid if account.is_other else None,
            extra_groups=[] if account.is_other else None,
            start_new_session=True,
        )
    except OSError as exc:
        raise ServerError(
            f'"{command[0]}" cannot be started: {exc.strerror}',
            detail=f"as the user with the number {account.uid}",
            hint="set CONFITURE_SERVER_URL to use a server that runs",
        ) from exc


def reachable_binaries(binaries: Binaries, account: Account, *, cache: Path | None) -> Binaries:
    """Return binaries that `account` can run: the same, or a copy of them."""
    if not account.is_other or _can_run(account, binaries.directory):
        return binaries
    prefix = binaries.directory.parent
    home = _home_of_copies(account, cache) / f"binaries-{_digest(binaries)}"
    if home.exists():
        os.utime(home)
    else:
        prune_unused(home.parent.glob("binaries-*"))
        _copy_binaries(prefix, home)
    return replace(
        binaries, directory=home / prefix.parent.name / prefix.name / binaries.directory.name
    )


def _environment() -> dict[str, str]:
    # PGDATA, PGPORT and the like would change what initdb and postgres do; messages are read
    # by people who report them, and by us.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {"GLIBC_TUNABLES": _MALLOC, **kept, "LC_ALL": "C", "TZ": "UTC"}


def _can_run(account: Account, directory: Path) -> bool:
    prefix = directory.parent
    return all(
        account.can_reach(path)
        for path in (directory / "postgres", directory / "initdb", prefix / "share", prefix / "lib")
        if path.exists()
    )


def _home_of_copies(account: Account, cache: Path | None) -> Path:
    homes = [*([cache] if cache else []), Path("/var/cache/confiture"), Path("/var/tmp/confiture")]
    for home in homes:
        with suppress(OSError):
            _make_open(home)
            # What the server runs must be out of the reach of other users, who may have made
            # the directory, or a link in its place.
            status = home.lstat()
            is_ours = status.st_uid == os.geteuid() and not status.st_mode & 0o022
            if is_ours and stat.S_ISDIR(status.st_mode) and account.can_reach(home):
                return home
    raise ServerError(
        "the user that the server runs as cannot reach PostgreSQL's programs",
        detail="no place for a copy of them in " + ", ".join(str(home) for home in homes),
        hint="install PostgreSQL for all users, or set CONFITURE_SERVER_URL",
    )


def _make_open(directory: Path) -> None:
    if not directory.exists():
        directory.mkdir(parents=True)
        # The umask may have kept others out.
        directory.chmod(0o755)


def _copy_binaries(prefix: Path, home: Path) -> None:
    # Packages repaired for any Linux keep libraries beside them: <package>/pginstall/bin needs
    # <package>.libs.
    package = prefix.parent
    libraries = package.with_name(f"{package.name}.libs")
    with tempfile.TemporaryDirectory(dir=home.parent, prefix="binaries-") as unfinished:
        made = Path(unfinished) / "made"
        _copy_readable(prefix, made / package.name / prefix.name)
        if libraries.is_dir():
            _copy_readable(libraries, made / libraries.name)
        for directory in (made, made / package.name):
            directory.chmod(0o755)
        _rename_unless_there(made, home)


def _digest(binaries: Binaries) -> str:
    status = (binaries.directory / "postgres").stat()
    identity = f"{binaries.directory.resolve()} {status.st_size} {status.st_mtime_ns}"
    return hashlib.sha256(identity.encode()).hexdigest()[:16]


def _copy_readable(source: Path, destination: Path) -> None:
    ignored = shutil.ignore_patterns("include")
    shutil.copytree(source, destination, symlinks=True, ignore=ignored)
    for path in (destination, *destination.rglob("*")):
        if not path.is_symlink():
            is_run = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if is_run else 0o644)


def _rename_unless_there(made: Path, home: Path) -> None:
    try:
        made.rename(home)
    except OSError:
        # Another process was first; the copy is the same.
        if not home.exists():
            raise
