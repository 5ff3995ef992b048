"""Databases kept for whoever wants to look at them."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from confiture_core.factory.inventory import list_databases
from confiture_core.server import standing_server

if TYPE_CHECKING:
    from confiture_core.factory.databases import Connection

pytest_plugins = ["pytester"]


def opened(output: str, query: str) -> str:
    """Run a query by the line that a report gives."""
    line = re.search(r"^open: (.*)$", output, re.MULTILINE)
    assert line is not None, output
    return subprocess.run(
        f"{line[1]} -XAtc '{query}'", shell=True, capture_output=True, text=True, check=True
    ).stdout


def test_a_failed_test_keeps_its_database_and_says_how_to_open_it(
    pantry: pytest.Pytester, maintenance: Connection
) -> None:
    pantry.makepyfile(
        """
        def test_passes(confiture_db): pass

        def test_fails(confiture_db):
            confiture_db.execute("insert into jam (fruit) values ('pear')")
            assert False
        """
    )

    result = pantry.runpytest_subprocess("--confiture-keep=failed")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["kept: confiture_clone_*", "open: PGHOST=* psql"])
    kept = [database for database in list_databases(maintenance) if database.mark.kept]
    assert opened(result.stdout.str(), "select fruit from jam") == "pear\n"
    assert opened(result.stdout.str(), "select current_database()").split() == [
        database.name for database in kept
    ]


def test_what_a_test_committed_in_its_transaction_is_kept(pantry: pytest.Pytester) -> None:
    pantry.makepyfile(
        """
        import pytest

        pytestmark = pytest.mark.confiture(isolation="transaction")

        def test_passes(confiture_db):
            confiture_db.execute("insert into jam (fruit) values ('fig')")

        def test_fails(confiture_db):
            confiture_db.execute("insert into jam (fruit) values ('pear')")
            connection = confiture_db.connect()
            connection.execute("insert into jam (fruit) values ('not committed')")
            assert False

        def test_next(confiture_db):
            assert confiture_db.execute("select count(*) from jam").fetchone() == (0,)
        """
    )

    result = pantry.runpytest_subprocess("--confiture-keep=failed")

    result.assert_outcomes(passed=2, failed=1)
    assert opened(result.stdout.str(), "select fruit from jam") == "pear\n"


def test_a_database_is_kept_also_without_its_template(pantry: pytest.Pytester) -> None:
    pantry.makepyfile(
        """
        import psycopg

        def test(confiture_db, confiture_server):
            confiture_db.execute("insert into jam (fruit) values ('pear')")
            template = confiture_db.clone.template.name
            with psycopg.connect(confiture_server.conninfo("postgres"), autocommit=True) as own:
                own.execute(f"alter database {template} is_template false")
                own.execute(f"drop database {template}")
        """
    )

    result = pantry.runpytest_subprocess("--confiture-keep=all", "-rA")

    result.assert_outcomes(passed=1)
    assert opened(result.stdout.str(), "select fruit from jam") == "pear\n"


def test_what_cannot_be_kept_is_no_failure_of_its_own(pantry: pytest.Pytester) -> None:
    pantry.makepyfile(
        """
        import psycopg
        import pytest

        @pytest.mark.confiture(isolation="transaction")
        def test_broken(confiture_db):
            confiture_db.execute(
                "alter table taste alter constraint taste_jam_id_fkey"
                " deferrable initially deferred"
            )
            confiture_db.execute("insert into taste values (999, 1)")

        def test_dropped(confiture_db, confiture_server):
            confiture_db.clone.close()
            with psycopg.connect(confiture_server.conninfo("postgres"), autocommit=True) as own:
                own.execute(f"drop database {confiture_db.name}")

        def test_read(confiture_db):
            pass
        """
    )

    result = pantry.runpytest_subprocess("--confiture-keep=all", "-rA")

    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(
        [
            "*is not kept: what the test did in its transaction cannot be committed",
            'database "confiture_clone_*" cannot be kept: cannot connect to database *',
        ]
    )


@pytest.mark.usefixtures("own_cache")
def test_a_server_of_our_own_stays_for_what_is_kept_on_it_and_for_nothing_else(
    pantry: pytest.Pytester,
) -> None:
    pantry.makepyfile(
        """
        def test_passes(confiture_db):
            confiture_db.execute("insert into jam (fruit) values ('fig')")

        def test_fails(confiture_db):
            assert False
        """
    )

    pantry.runpytest_subprocess("--confiture-keep=failed", "-k", "passes").assert_outcomes(
        passed=1, deselected=1
    )
    assert standing_server(os.environ) is None
    result = pantry.runpytest_subprocess("--confiture-keep=failed", "-n1")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["changed: nothing", 'kept: 1; "confiture db list" *'])
    assert opened(result.stdout.str(), "select count(*) from jam") == "0\n"
