"""After whatever ends a run, the next one is right, and nothing of ours is left over."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from confiture_core.factory.inventory import list_databases

if TYPE_CHECKING:
    from collections.abc import Callable

    from confiture_core.factory.databases import Connection

pytest_plugins = ["pytester"]


def own(maintenance: Connection, pantry: pytest.Pytester) -> dict[str, bool]:
    """List the databases of a project: whether each is a layer that is complete."""
    return {
        database.name: database.mark.kind == "layer" and database.is_complete
        for database in list_databases(maintenance)
        if pantry.path.name in database.mark.shown
    }


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def start(pantry: pytest.Pytester) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"],
        cwd=pantry.path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


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
        from confiture_core.factory import databases

        def test_drop(seeded_db, confiture_server):
            seeded_db.execute("create table more ()")
            databases.drop_database(confiture_server, seeded_db.clone.template.name)

        def test_again(seeded_db):
            assert seeded_db.execute("select count(*) from jam").fetchone() == (2,)
            seeded_db.execute("create table more ()")
        """
    )

    pantry.runpytest_subprocess().assert_outcomes(passed=2)


def test_a_server_that_ends_in_the_middle_fails_the_run_at_once(
    pantry: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CONFITURE_SERVER_URL")
    pantry.makepyfile(
        """
        import os, signal

        def test_end(seeded_db):
            pid = seeded_db.execute("select pg_read_file('postmaster.pid')").fetchone()[0]
            os.kill(int(pid.split()[0]), signal.SIGQUIT)

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
