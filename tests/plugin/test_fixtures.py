"""Every test gets the database it asks for, exactly, whatever the tests before it did."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]


def test_every_test_has_the_schema_alone_or_with_the_seeds(pantry: pytest.Pytester) -> None:
    pantry.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("again", [1, 2, 3])
        def test_schema(confiture_db, again):
            assert confiture_db.execute("select count(*) from jam").fetchone() == (0,)
            confiture_db.execute("insert into jam (fruit) values ('pear') returning id")
            assert confiture_db.execute("select id from jam").fetchone() == (1,)

        @pytest.mark.parametrize("again", [1, 2, 3])
        def test_seeds(seeded_db, again):
            assert seeded_db.execute("select count(*) from jam, taste").fetchone() == (4,)
            seeded_db.execute("delete from taste")
            seeded_db.execute("drop table if exists jam cascade")

        def test_both(confiture_db, seeded_db):
            assert confiture_db.name != seeded_db.name
            assert confiture_db.execute("select count(*) from jam").fetchone() == (0,)
            assert seeded_db.execute("select count(*) from jam").fetchone() == (2,)
        """
    )

    result = pantry.runpytest_subprocess()

    result.assert_outcomes(passed=7)
    result.stdout.fnmatch_lines(
        ["layer: schema (*, test), built in * s", "layer: seeds (*, test), built in * s"]
    )


def test_layers_of_an_earlier_run_are_there(pantry: pytest.Pytester) -> None:
    pantry.makepyfile("def test(seeded_db): pass")
    pantry.runpytest_subprocess().assert_outcomes(passed=1)

    result = pantry.runpytest_subprocess()

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["layer: seeds (*, test), there"])


def test_a_marker_says_what_the_databases_are_made_of(pantry: pytest.Pytester) -> None:
    pantry.makepyfile(
        """
        import pytest

        pytestmark = pytest.mark.confiture(env="local")

        def test_environment(seeded_db):
            assert seeded_db.execute("select count(*) from taste").fetchone() == (0,)
            assert seeded_db.execute("select count(*) from jam").fetchone() == (2,)

        @pytest.mark.confiture(env="test")
        def test_the_nearest_marker_wins(seeded_db):
            assert seeded_db.execute("select count(*) from taste").fetchone() == (2,)

        @pytest.mark.confiture(seeds="db/seeds/party")
        def test_more_seeds(seeded_db, confiture_db):
            assert seeded_db.execute("select count(*) from jam").fetchone() == (12,)
            assert confiture_db.execute("select count(*) from jam").fetchone() == (10,)

        @pytest.mark.confiture(schema_only=True)
        def test_no_seeds(seeded_db):
            assert seeded_db.execute("select count(*) from jam").fetchone() == (0,)

        @pytest.mark.confiture(isolation="database")
        @pytest.mark.parametrize("again", [1, 2])
        def test_fresh(confiture_db, again, request):
            seen = request.session.__dict__.setdefault("seen", set())
            assert confiture_db.name not in seen
            seen.add(confiture_db.name)
        """
    )

    pantry.runpytest_subprocess("--strict-markers").assert_outcomes(passed=6)


def test_a_marker_with_an_unknown_word_is_an_error_that_names_the_known(
    pantry: pytest.Pytester,
) -> None:
    pantry.makepyfile(
        """
        import pytest

        @pytest.mark.confiture(sedes="db/seeds/party")
        def test_it(seeded_db): pass

        @pytest.mark.confiture(isolation="tranaction")
        def test_isolation(seeded_db): pass
        """
    )

    result = pantry.runpytest_subprocess()

    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(
        [
            "@pytest.mark.confiture knows env, seeds, schema_only, isolation, not sedes",
            'isolation "tranaction" is none of auto, database, transaction',
        ]
    )


def test_a_database_may_live_as_long_as_a_module(pantry: pytest.Pytester) -> None:
    pantry.makepyfile(
        """
        import pytest

        @pytest.fixture(scope="module")
        def shared(confiture_database):
            with confiture_database(seeds="db/seeds/party") as database:
                yield database

        def test_first(shared):
            shared.execute("delete from taste")

        def test_second(shared, seeded_db, confiture_database):
            assert shared.execute("select count(*) from taste").fetchone() == (0,)
            assert shared.execute("select count(*) from jam").fetchone() == (12,)
            assert seeded_db.execute("select count(*) from taste").fetchone() == (2,)
            with confiture_database(schema_only=True, env="local") as other:
                assert other.execute("select count(*) from jam").fetchone() == (0,)
        """
    )

    pantry.runpytest_subprocess().assert_outcomes(passed=2)


def test_a_project_may_decide_differently(pantry: pytest.Pytester) -> None:
    pantry.makeconftest(
        """
        import pytest
        from confiture_core.config import load_environment

        @pytest.fixture(scope="session")
        def confiture_environment(pytestconfig):
            return load_environment(env="local", directory=pytestconfig.rootpath)

        @pytest.fixture
        def seeded_db(seeded_db):
            seeded_db.execute("insert into jam (fruit) values ('pear')")
            return seeded_db
        """
    )
    pantry.makepyfile(
        """
        def test(seeded_db):
            assert seeded_db.execute("select count(*) from jam").fetchone() == (3,)
            assert seeded_db.execute("select count(*) from taste").fetchone() == (0,)
        """
    )

    pantry.runpytest_subprocess().assert_outcomes(passed=1)


def test_connections_commit_to_the_database_of_the_test_and_are_closed_after_it(
    pantry: pytest.Pytester,
) -> None:
    pantry.makepyfile(
        """
        import asyncio
        import os

        import psycopg
        import pytest
        from psycopg.rows import dict_row

        opened = []

        def test_open(confiture_db):
            first = confiture_db.connect()
            second = confiture_db.connect(autocommit=True, row_factory=dict_row)
            opened.extend([first, second])
            first.execute("insert into jam (fruit) values ('pear')")
            assert second.execute("select * from jam").fetchall() == []
            first.commit()
            assert second.execute("select fruit from jam").fetchall() == [{"fruit": "pear"}]
            first.execute("lock jam")

        def test_closed(confiture_db):
            assert [connection.closed for connection in opened] == [True, True]
            assert confiture_db.execute("select count(*) from jam").fetchone() == (0,)

        def test_async(confiture_db):
            async def count():
                connection = await confiture_db.aconnect()
                opened.append(connection)
                cursor = await connection.execute("select count(*) from jam")
                return await cursor.fetchone()

            assert asyncio.run(count()) == (0,)

        def test_url(confiture_db):
            for target in (confiture_db.url, confiture_db.conninfo):
                with psycopg.connect(target) as connection:
                    assert connection.info.dbname == confiture_db.name
                    assert connection.info.user == confiture_db.user
                    assert connection.info.port == confiture_db.port

        def test_role(confiture_db):
            confiture_db.execute("grant select on jam to pg_monitor")
            with confiture_db.connect(role="pg_monitor", autocommit=True) as connection:
                connection.execute("select * from jam")
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute("select * from taste")

        def test_not_exported(confiture_db):
            assert "PGDATABASE" not in os.environ
        """
    )

    # One of them leaves on purpose what a test is told of.
    told = "-Wdefault::pytest_confiture.LeakWarning"
    pantry.runpytest_subprocess("-Werror", told).assert_outcomes(passed=6, warnings=1)


def test_the_variables_of_libpq_are_exported_on_demand(pantry: pytest.Pytester) -> None:
    pantry.makepyfile(
        """
        import os
        import psycopg

        def test(confiture_db):
            with psycopg.connect() as connection:
                assert connection.info.dbname == confiture_db.name

        def test_again():
            assert "PGDATABASE" not in os.environ
        """
    )

    pantry.runpytest_subprocess("--confiture-export-pg").assert_outcomes(passed=2)


@pytest.mark.pg(">= 15")
def test_a_connection_left_open_is_closed_and_its_test_told(pantry: pytest.Pytester) -> None:
    pantry.makepyfile(
        """
        import psycopg

        left = []

        def test_leak(confiture_db):
            connection = psycopg.connect(confiture_db.url, application_name="forgetful")
            left.append(connection)
            connection.execute("insert into jam (fruit) values ('pear')")

        def test_next(confiture_db):
            assert confiture_db.execute("select count(*) from jam").fetchone() == (0,)
            left[0].close()

        def test_unsaved(confiture_db):
            confiture_db.connect().execute("insert into jam (fruit) values ('pear')")

        def test_read(confiture_db):
            confiture_db.connect().execute("table jam")
        """
    )

    result = pantry.runpytest_subprocess()

    result.assert_outcomes(passed=4, warnings=2)
    result.stdout.fnmatch_lines(
        [
            "test_*.py::test_leak",
            '*LeakWarning: a connection of "forgetful" was left open (idle in transaction,'
            " last: \"insert into jam (fruit) values ('pear')\")",
            "test_*.py::test_unsaved",
            "*/test_*.py:14: LeakWarning: a transaction was left open: *",
        ]
    )


@pytest.mark.pg(">= 13")  # WITH (FORCE)
def test_a_database_dropped_under_its_test_is_no_matter_to_the_next(
    pantry: pytest.Pytester,
) -> None:
    pantry.makepyfile(
        """
        import psycopg
        import pytest

        def test_drop(confiture_db, confiture_server):
            with psycopg.connect(confiture_server.conninfo("postgres"), autocommit=True) as own:
                own.execute(f"drop database {confiture_db.name} with (force)")
            with pytest.raises(psycopg.OperationalError):
                confiture_db.execute("select 1")

        def test_next(confiture_db):
            confiture_db.execute("select 1")
        """
    )

    pantry.runpytest_subprocess().assert_outcomes(passed=2)
