"""The user that our server runs as, and whether it reaches what it runs."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from confiture_core.server import find_server
from confiture_core.server.account import Account, server_account
from confiture_core.server.binaries import EMBEDDED_PACKAGES

STRANGER = Account(uid=12345, gid=12345, is_other=True)

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes users")


def test_the_server_never_runs_as_root():
    account = server_account()

    assert account.uid != 0
    assert account.is_other == (os.geteuid() == 0)


@pytest.mark.parametrize(
    ("directory_mode", "file_mode", "expected"),
    [(0o755, 0o644, True), (0o711, 0o644, True), (0o700, 0o644, False), (0o755, 0o640, False)],
)
def test_what_another_user_reaches_is_said_by_the_modes(
    directory_mode: int, file_mode: int, expected: bool, open_directory: Path
):
    file = open_directory / "inner" / "file"
    file.parent.mkdir()
    file.write_text("")
    file.parent.chmod(directory_mode)
    file.chmod(file_mode)

    assert STRANGER.can_reach(file) is expected


@only_root
def test_what_another_user_reaches_is_said_by_owner_and_group(open_directory: Path):
    owned, shared = open_directory / "owned", open_directory / "shared"
    for path, uid, gid in ((owned, STRANGER.uid, 0), (shared, 0, STRANGER.gid)):
        path.write_text("")
        os.chown(path, uid, gid)

    owned.chmod(0o400)
    shared.chmod(0o040)
    assert STRANGER.can_reach(owned)
    assert STRANGER.can_reach(shared)

    owned.chmod(0o044)
    shared.chmod(0o404)
    assert not STRANGER.can_reach(owned)
    assert not STRANGER.can_reach(shared)


@only_root
def test_programs_below_a_home_of_root_are_copied_once_to_where_they_are_reached(
    open_directory: Path,
):
    package = find_embedded_package()
    private, cache = open_directory / "private", open_directory / "cache"
    for path in (package, package.with_name(f"{package.name}.libs")):
        if path.exists():
            shutil.copytree(path, private / path.name, symlinks=True)
    private.chmod(0o700)
    environ = {"PATH": os.environ["PATH"], "XDG_CACHE_HOME": str(cache)}
    programs = private / package.name / "pginstall" / "bin"

    for _ in range(2):
        with find_server(environ=environ, pg_ctl=programs) as server:
            assert server.source == f"ephemeral {programs}"

    assert len(list((cache / "confiture").glob("binaries-*"))) == 1
    assert not list(cache.rglob("include"))


@only_root
def test_a_root_that_may_not_change_users_is_told_so():
    script = """
import os
from confiture_core.errors import ServerError
from confiture_core.server import ephemeral_server
try:
    with ephemeral_server(environ=os.environ):
        pass
except ServerError as exc:
    print(exc)
"""
    alone = ["unshare", "--user", "--map-root-user"]

    done = subprocess.run(
        [*alone, sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    if "unshare failed" in done.stderr:
        pytest.skip("this container may not make users")

    assert "root may not give files to another user here" in done.stdout, done.stderr


def find_embedded_package() -> Path:
    for package in EMBEDDED_PACKAGES:
        # Found, not imported, as these would change users and permissions.
        found = importlib.util.find_spec(package)
        if found is not None and found.submodule_search_locations:
            return Path(found.submodule_search_locations[0])
    pytest.skip("needs the extra embedded")
