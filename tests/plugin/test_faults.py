"""After whatever ends a run, the next one is right, and nothing of ours is left over."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.plugin.conftest import OwnServer, own, start, wait_until

if TYPE_CHECKING:
    from confiture_core.factory.databases import Connection

pytest_plugins = ["pytester"]


def test_a_kill_in_the_middle_of_a_layer(pantry: pytest.Pytester, maintenance: Connection) -> None:
    (pantry.path / "db/schema/30_slow.sql").write_text("SELECT pg_sleep(1.5);\n")
    pantry.makepyfile("def test(seeded_db): seeded_db.execute('table taste')")

    with start(pantry) as killed:
        wait_until(lambda: own(maintenance, pantry))
        killed.kill()
        killed.communicate()
    result = pantry.runpytest_subprocess()

    result.assert_outcomes(passed=1)
    assert all(own(maintenance, pantry).values())


def test_a_kill_in_the_middle_of_a_test(pantry: pytest.Pytester, maintenance: Connection) -> None:
    pantry.makepyfile(
        """
        import time
        from pathlib import Path

        def test(confiture_db):
            confiture_db.execute("insert into jam (fruit) values ('pear')")
            if not Path("again").exists():
                time.sleep(60)
        """
    )

    with start(pantry) as killed:
        wait_until(lambda: not all(own(maintenance, pantry).values()))
        killed.kill()
        killed.communicate()
    (pantry.path / "again").touch()
    result = pantry.runpytest_subprocess()

    result.assert_outcomes(passed=1)
    assert all(own(maintenance, pantry).values())


def test_a_worker_that_kills_itself(pantry: pytest.Pytester, maintenance: Connection) -> None:
    pantry.makepyfile(
        """
        import os, signal
        import pytest

        @pytest.mark.parametrize("number", range(8))
        def test(seeded_db, number):
            assert seeded_db.execute("select count(*) from jam").fetchone() == (2,)
            seeded_db.execute("insert into jam (fruit) values ('pear')")
            if number == 3:
                os.kill(os.getpid(), signal.SIGKILL)
        """
    )

    pantry.runpytest_subprocess("-n2").assert_outcomes(passed=7, failed=1)
    pantry.runpytest_subprocess("-k", "0").assert_outcomes(passed=1, deselected=7)

    assert all(own(maintenance, pantry).values())


def test_all_connections_lost_between_tests(pantry: pytest.Pytester) -> None:
    pantry.makepyfile(
        """
        import psycopg

        def test_write(seeded_db):
            seeded_db.execute("insert into jam (fruit) values ('pear')")

        def test_lose(seeded_db, confiture_server):
            with psycopg.connect(confiture_server.conninfo(), autocommit=True) as connection:
                connection.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                    " where application_name = 'confiture' and datname like 'confiture_clone%%'"
                    " and datname like %s",
                    (seeded_db.name.rpartition("_")[0] + "%",),
                )

        def test_read(seeded_db):
            assert seeded_db.execute("select count(*) from jam").fetchone() == (2,)
        """
    )

    pantry.runpytest_subprocess().assert_outcomes(passed=3)


def test_a_template_dropped_by_hand_between_tests(pantry: pytest.Pytester) -> None:
    pantry.makepyfile(
        """
        import pytest
        from confiture_core.factory import databases

        def test_drop(seeded_db, confiture_server):
            seeded_db.execute("create table more ()")
            databases.drop_database(confiture_server, seeded_db.clone.template.name)

        @pytest.mark.parametrize("number", range(3))
        def test_again(seeded_db, number):
            assert seeded_db.execute("select count(*) from jam").fetchone() == (2,)
            seeded_db.execute("insert into jam (fruit) values ('pear')")
        """
    )

    pantry.runpytest_subprocess().assert_outcomes(passed=4)


@pytest.mark.usefixtures("own_cache")
def test_a_server_that_ends_in_the_middle_fails_the_run_at_once(pantry: pytest.Pytester) -> None:
    pantry.makepyfile(
        """
        import os, pathlib, signal, time

        def test_end(seeded_db):
            note = seeded_db.execute("select pg_read_file('postmaster.pid')").fetchone()[0]
            pid = note.split()[0]
            os.kill(int(pid), signal.SIGQUIT)
            stat = pathlib.Path("/proc", pid, "stat")
            while stat.exists() and stat.read_text().split()[2] != "Z":
                time.sleep(0.01)

        def test_next(seeded_db):
            pass

        def test_last(seeded_db):
            pass
        """
    )

    result = pantry.runpytest_subprocess(timeout=60)

    outcomes = result.parseoutcomes()
    assert outcomes["passed"] == 1
    assert outcomes["errors"] == 2
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_two_runs_at_once(pantry: pytest.Pytester, maintenance: Connection) -> None:
    pantry.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("number", range(6))
        def test(seeded_db, number):
            assert seeded_db.execute("select count(*) from jam").fetchone() == (2,)
            seeded_db.execute("insert into jam (fruit) values ('pear')")
            seeded_db.execute("create table if not exists more ()" if number == 3 else "select 1")
        """
    )

    with start(pantry) as first, start(pantry) as second:
        outputs = [first.communicate()[0], second.communicate()[0]]

    assert [first.returncode, second.returncode] == [0, 0], outputs
    assert all(own(maintenance, pantry).values())


KILL_WHEN = """
import os, signal, threading
import psycopg

def pytest_sessionstart(session):
    is_victim = os.environ.get("PYTEST_XDIST_WORKER", "") == {victim!r}
    if is_victim and not os.path.exists("again"):
        threading.Thread(target=kill_when_at_work, daemon=True).start()

def kill_when_at_work():
    with psycopg.connect(os.environ["CONFITURE_SERVER_URL"], autocommit=True) as connection:
        while not connection.execute(
            "select 1 from pg_stat_activity where application_name = 'confiture'"
            " and query ilike %s", ({statement!r},)
        ).fetchone():
            pass
    os.kill(os.getpid(), signal.SIGKILL)
"""
WRITES = """
import pytest

@pytest.mark.parametrize("number", range(40))
def test(seeded_db, number):
    assert seeded_db.execute("select count(*) from jam").fetchone() == (2,)
    seeded_db.execute("insert into jam (fruit) select 'pear' from generate_series(1, 2000)")
    if number % 2:
        seeded_db.execute("create table more ()")
"""
CLONE, RESTORE, DROP = "create database%clone%", "%session_replication_role%", "drop database%"


@pytest.mark.pg(">= 15")
@pytest.mark.parametrize(
    ("statement", "victim", "options"),
    [
        pytest.param(CLONE, "", (), id="a clone"),
        pytest.param(RESTORE, "", (), id="a restore"),
        pytest.param(DROP, "", (), id="a drop"),
        pytest.param(CLONE, "", ("-n2",), id="a clone, the controller"),
        pytest.param(RESTORE, "gw0", ("-n2",), id="a restore, a worker"),
    ],
)
def test_a_kill_in_the_middle_of(
    pantry: pytest.Pytester,
    maintenance: Connection,
    statement: str,
    victim: str,
    options: tuple[str, ...],
) -> None:
    pantry.makeconftest(KILL_WHEN.format(statement=statement, victim=victim))
    pantry.makepyfile(WRITES)

    killed = pantry.runpytest_subprocess(*options, timeout=60)
    (pantry.path / "again").touch()
    result = pantry.runpytest_subprocess()

    assert killed.ret != pytest.ExitCode.OK
    result.assert_outcomes(passed=40)
    # Workers of a controller that was killed end once they notice.
    wait_until(lambda: all(own(maintenance, pantry).values()))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_full_disk(pantry: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Path(tempfile.mkdtemp(prefix="full-", dir="/tmp"))
    mount = ["mount", "-t", "tmpfs", "-o", "size=64m,mode=1777", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        disk.rmdir()
        pytest.skip("this root may not mount")
    pantry.makepyfile(
        f"""
        import subprocess, time
        import psycopg
        import pytest

        @pytest.mark.parametrize("number", range(3))
        def test(confiture_database, number):
            with confiture_database(), confiture_database(), confiture_database():
                with confiture_database(), confiture_database(), confiture_database():
                    pass

        def test_make_room(confiture_server):
            subprocess.run(["mount", "-o", "remount,size=512m", "{disk}"], check=True)
            # A server whose log found no room ended, and comes back.
            for _ in range(100):
                try:
                    return psycopg.connect(confiture_server.conninfo()).close()
                except psycopg.OperationalError:
                    time.sleep(0.1)

        def test_next(confiture_db):
            confiture_db.execute("insert into jam (fruit) values ('pear')")
        """
    )
    try:
        with OwnServer(disk) as own_server:
            monkeypatch.setenv("CONFITURE_SERVER_URL", own_server.url)
            result = pantry.runpytest_subprocess(timeout=60)
            with psycopg.connect(own_server.url) as connection:
                left = connection.execute(
                    "select datname from pg_database where datname like 'confiture_clone%'"
                ).fetchall()
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)
        disk.rmdir()

    result.assert_outcomes(passed=2, failed=3)
    result.stdout.no_fnmatch_line("*INTERNALERROR*")
    result.stdout.fnmatch_lines(["*No space left on device*"])
    assert left == []
