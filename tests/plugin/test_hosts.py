"""Runs on several machines share one server: what one uses, no other takes for left behind."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.plugin.conftest import own, start, wait_until

if TYPE_CHECKING:
    from confiture_core.factory.databases import Connection

pytest_plugins = ["pytester"]

# Another name of the host, and other numbers of processes: all by which machines are told apart.
ELSEWHERE = (
    *("unshare", "--uts", "--pid", "--fork", "--mount-proc", "--kill-child"),
    *("sh", "-c", 'hostname elsewhere; exec "$@"', "sh"),
)
SLOW = """
import time
from pathlib import Path

def test(seeded_db):
    seeded_db.execute("insert into jam (fruit) values ('pear')")
    Path("paused").touch()
    while Path("paused").exists():
        time.sleep(0.01)
    assert seeded_db.execute("select count(*) from jam").fetchone() == (3,)
    seeded_db.execute("create table more ()")

def test_next(seeded_db):
    assert seeded_db.execute("select count(*) from jam").fetchone() == (2,)
"""
QUICK = """
import pytest

@pytest.mark.parametrize("number", range(6))
def test(seeded_db, number):
    assert seeded_db.execute("select count(*) from jam").fetchone() == (2,)
    seeded_db.execute("insert into jam (fruit) values ('pear')")
"""


@pytest.fixture
def elsewhere() -> tuple[str, ...]:
    """A command that runs another as on another machine."""
    done = subprocess.run([*ELSEWHERE, "true"], capture_output=True, check=False)
    if os.geteuid() != 0 or done.returncode:
        pytest.skip("this user may not pretend to be on another machine")
    return ELSEWHERE


def test_a_run_elsewhere_keeps_its_databases(
    pantry: pytest.Pytester, maintenance: Connection, elsewhere: tuple[str, ...]
) -> None:
    pantry.makepyfile(test_slow=SLOW, test_quick=QUICK)
    paused = pantry.path / "paused"

    with start(pantry, *elsewhere, options=("test_slow.py",)) as there:
        wait_until(lambda: paused.exists() or there.poll() is not None)
        here = pantry.runpytest_subprocess("-n2", "test_quick.py", timeout=120)
        paused.unlink()
        output = there.communicate()[0]

    here.assert_outcomes(passed=6)
    assert there.returncode == 0, output
    # Both asked for the same layers: whoever was first built them.
    assert all(own(maintenance, pantry).values())
    here.stdout.fnmatch_lines(["layer: seeds*, there"])


@pytest.mark.usefixtures("own_cache")
def test_a_worker_that_cannot_ask_for_the_server_says_how_to_name_one(
    pantry: pytest.Pytester,
) -> None:
    # As on a machine where there is no such socket.
    pantry.makeconftest(
        """
        def pytest_configure(config):
            if hasattr(config, "workerinput"):
                config.workerinput["confiture_desk"] = "/nowhere/desk"
        """
    )
    pantry.makepyfile("def test(confiture_db): pass")

    result = pantry.runpytest_subprocess("-n1")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["hint: for workers on other machines*--confiture-server-url"])
