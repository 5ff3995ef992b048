"""A run says what it does, fails where it cannot do it, and costs nothing where it is not used."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from confiture_core.server import Server

pytest_plugins = ["pytester"]

POSTGRESQL = ("-p", "pytest_postgresql.plugin")


def test_without_a_server_the_run_fails(
    pantry: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONFITURE_SERVER_URL", "postgresql://nobody:secret@127.0.0.1:1/")
    pantry.makepyfile("def test_one(confiture_db): pass\ndef test_two(seeded_db): pass")

    result = pantry.runpytest_subprocess()

    result.assert_outcomes(errors=2)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["the server named by CONFITURE_SERVER_URL cannot be used:*"])
    result.stdout.no_fnmatch_line("*secret*")
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_project_without_environments_is_an_error(
    pytester: pytest.Pytester, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONFITURE_SERVER_URL", server.url())
    pytester.makepyfile("def test_one(confiture_db): pass")

    result = pytester.runpytest_subprocess()

    result.assert_outcomes(errors=1)
    result.stdout.no_fnmatch_line("*Traceback*")


def test_sql_that_fails_is_named_by_file_and_line(pantry: pytest.Pytester) -> None:
    (pantry.path / "db/schema/20_taste.sql").write_text("CREATE TABLE taste (\n    stars txt\n);\n")
    pantry.makepyfile("def test_one(confiture_db): pass\ndef test_two(seeded_db): pass")

    result = pantry.runpytest_subprocess()

    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(
        [
            'db/schema/20_taste.sql:2: type "txt" does not exist',
            'db/schema/20_taste.sql:2: type "txt" does not exist',
            "hint: it failed before in this run",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("databases: 0 *")

    (pantry.path / "db/schema/20_taste.sql").write_text("CREATE TABLE taste (stars text)")
    (pantry.path / "db/seeds/test/10_taste.sql").unlink()
    pantry.runpytest_subprocess().assert_outcomes(passed=2)


def test_sql_that_fails_is_run_by_one_worker_alone(pantry: pytest.Pytester) -> None:
    (pantry.path / "db/schema/20_taste.sql").write_text("CREATE TABLE taste (stars txt);\n")
    pantry.makepyfile(
        """
        import pytest
        @pytest.mark.parametrize("number", range(6))
        def test(confiture_db, number): pass
        """
    )

    result = pantry.runpytest_subprocess("-n2")

    result.assert_outcomes(errors=6)
    assert result.stdout.str().count("hint: it failed before in this run") == 5


def test_the_files_that_take_long_are_named(pantry: pytest.Pytester) -> None:
    (pantry.path / "db/schema/30_slow.sql").write_text("SELECT pg_sleep(0.3);\n")
    pantry.makepyfile("def test(confiture_db): pass")

    result = pantry.runpytest_subprocess("--confiture-timings")

    result.stdout.re_match_lines([r" *\d+\.\d ms to run db/schema/30_slow.sql"])


@pytest.mark.pg(">= 15")
def test_a_failed_test_says_what_it_had_changed(pantry: pytest.Pytester) -> None:
    pantry.makepyfile(
        """
        def test_fails(seeded_db):
            seeded_db.execute("insert into jam (fruit) values ('pear')")
            seeded_db.execute("delete from taste")
            assert False
        """
    )

    result = pantry.runpytest_subprocess()

    result.stdout.fnmatch_lines(
        ["changed in confiture_clone_*: jam +1 ~0 -0, taste +0 ~0 -2, sequence jam_id_seq"]
    )


def test_the_header_names_the_environment_and_who_names_the_server(
    pantry: pytest.Pytester,
) -> None:
    result = pantry.runpytest_subprocess()

    result.stdout.fnmatch_lines(
        ["confiture: environment test, server of CONFITURE_SERVER_URL"], consecutive=False
    )


def test_timings_say_what_each_database_cost(pantry: pytest.Pytester) -> None:
    pantry.makepyfile("def test_one(confiture_db): pass")

    result = pantry.runpytest_subprocess("--confiture-timings")

    result.stdout.fnmatch_lines(["* ms cloned, * ms * test_*.py::test_one"])


def test_a_run_that_uses_no_fixture_of_ours_imports_no_driver_and_says_nothing(
    pantry: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    pantry.makepyfile(
        """
        import sys

        def test():
            heavy = {"psycopg", "pglast", "yaml", "confiture_core"}
            assert not heavy & set(sys.modules)
        """
    )

    # As it is installed. pytest-postgresql imports psycopg at start.
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    monkeypatch.delenv("PYTEST_PLUGINS")
    result = pantry.runpytest_subprocess("-p", "no:postgresql", "-p", "no:pytest_postgresql")

    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*= confiture =*")


@pytest.mark.usefixtures("own_cache")
def test_workers_share_the_one_server_of_our_own(pantry: pytest.Pytester) -> None:
    pantry.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("again", range(6))
        def test(seeded_db, again):
            seeded_db.execute("insert into jam (fruit) values ('pear')")
            assert seeded_db.execute("select count(*) from jam").fetchone() == (3,)
        """
    )

    result = pantry.runpytest_subprocess("-n2")

    result.assert_outcomes(passed=6)
    result.stdout.fnmatch_lines(["server: PostgreSQL *, ephemeral *", "layer: schema*built*"])
    assert len(re.findall("^server:", result.stdout.str(), re.MULTILINE)) == 1


def test_the_server_of_a_fixture_of_pytest_postgresql_is_used(
    pantry: pytest.Pytester, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONFITURE_SERVER_URL", "postgresql://nobody@127.0.0.1:1/")
    pantry.makeini("[pytest]\nconfiture_postgresql_fixture = postgresql_noproc\n")
    pantry.makepyfile("def test(confiture_db): confiture_db.execute('select 1')")

    result = pantry.runpytest_subprocess(*POSTGRESQL, *_noproc(server))

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["server: PostgreSQL *, the fixture postgresql_noproc"])


def test_the_options_of_pytest_postgresql_name_the_server(
    pantry: pytest.Pytester, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONFITURE_SERVER_URL", "postgresql://nobody@127.0.0.1:1/")
    pantry.makepyfile("def test(confiture_db): confiture_db.execute('select 1')")

    pantry.runpytest_subprocess(*POSTGRESQL, *_noproc(server)).assert_outcomes(passed=1)


def test_the_program_of_pytest_postgresql_is_started(
    pantry: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONFITURE_SERVER_URL", "postgresql://nobody@127.0.0.1:1/")
    pantry.makepyfile("def test(confiture_db): pass")

    result = pantry.runpytest_subprocess(*POSTGRESQL, "--postgresql-exec=/nowhere/bin/pg_ctl")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*/nowhere/bin*"])


def test_a_wrong_setting_is_an_error_of_usage(pantry: pytest.Pytester) -> None:
    pantry.makeini("[pytest]\nconfiture_keep = sometimes\n")

    result = pantry.runpytest_subprocess()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(['*confiture_keep = "sometimes" is none of failed, all'])


def _noproc(server: Server) -> list[str]:
    arguments = [
        f"--postgresql-host={server.host}",
        f"--postgresql-port={server.port}",
        f"--postgresql-user={server.user}",
    ]
    return [*arguments, *([f"--postgresql-password={server.password}"] if server.password else [])]
