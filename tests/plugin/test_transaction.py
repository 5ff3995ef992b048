"""With isolation "transaction", commits and rollbacks mean what they say, and nothing stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

pytest_plugins = ["pytester"]


def test_commits_stay_for_the_test_and_go_with_it(pantry: pytest.Pytester) -> None:
    pantry.makeini("[pytest]\nconfiture_isolation = transaction\n")
    pantry.makepyfile(
        """
        import psycopg
        import pytest
        from psycopg.rows import dict_row

        names = set()

        def fruits(database):
            return [row[0] for row in database.execute("select fruit from jam order by id")]

        @pytest.mark.parametrize("again", [1, 2])
        def test_commit_and_rollback(confiture_db, again):
            names.add(confiture_db.name)
            connection = confiture_db.connect()
            connection.execute("insert into jam (fruit) values ('pear')")
            connection.rollback()
            assert fruits(confiture_db) == []
            connection.execute("insert into jam (fruit) values ('fig')")
            connection.commit()
            connection.execute("insert into jam (fruit) values ('plum')")
            connection.rollback()
            connection.rollback()
            assert fruits(confiture_db) == ["fig"]
            assert confiture_db.execute("select id from jam").fetchone() == (2,)

        @pytest.mark.parametrize("again", [1, 2])
        def test_with_blocks(confiture_db, again):
            names.add(confiture_db.name)
            with confiture_db.connect() as connection:
                connection.execute("insert into jam (fruit) values ('committed')")
            with pytest.raises(ZeroDivisionError):
                with confiture_db.connect() as connection:
                    connection.execute("insert into jam (fruit) values ('lost')")
                    raise ZeroDivisionError
            connection = confiture_db.connect(autocommit=True, row_factory=dict_row)
            with connection.transaction():
                connection.execute("insert into jam (fruit) values ('outer')")
                with pytest.raises(psycopg.errors.NotNullViolation), connection.transaction():
                    connection.execute("insert into jam (fruit) values (null)")
                with pytest.raises(psycopg.ProgrammingError):
                    connection.commit()
            connection.rollback()
            with pytest.raises(ZeroDivisionError), connection.transaction():
                connection.execute("insert into jam (fruit) values ('lost')")
                raise ZeroDivisionError
            with connection.transaction(force_rollback=True):
                connection.execute("insert into jam (fruit) values ('lost')")
            assert connection.execute("select count(*) from jam").fetchone() == {"count": 2}
            assert fruits(confiture_db) == ["committed", "outer"]

        def test_errors_in_autocommit_mode(confiture_db):
            names.add(confiture_db.name)
            confiture_db.execute("insert into jam (fruit) values ('kept')")
            with pytest.raises(psycopg.errors.NotNullViolation):
                confiture_db.execute("insert into jam (fruit) values (null)")
            assert fruits(confiture_db) == ["kept"]

        def test_an_aborted_transaction_is_one(confiture_db):
            names.add(confiture_db.name)
            connection = confiture_db.connect()
            with pytest.raises(psycopg.errors.NotNullViolation):
                connection.execute("insert into jam (fruit) values (null)")
            with pytest.raises(psycopg.errors.InFailedSqlTransaction):
                connection.execute("select 1")
            connection.rollback()
            connection.execute("select 1")

        def test_cursors_of_all_kinds(confiture_db):
            names.add(confiture_db.name)
            connection = confiture_db.connect()
            with connection.cursor() as cursor:
                cursor.executemany("insert into jam (fruit) values (%s)", [("a",), ("b",)])
                with cursor.copy("copy jam (fruit) from stdin") as copy:
                    copy.write_row(("c",))
            connection.commit()
            with connection.cursor("named") as cursor:
                cursor.execute("select fruit from jam order by id")
                assert [row[0] for row in cursor] == ["a", "b", "c"]

        def test_ddl(confiture_db):
            names.add(confiture_db.name)
            confiture_db.execute("drop table taste")
            confiture_db.execute("create table more ()")

        def test_all_was_one_database_and_is_as_it_was(confiture_db):
            names.add(confiture_db.name)
            assert len(names) == 1
            confiture_db.execute("table taste")
            assert confiture_db.execute("select to_regclass('more')").fetchone() == (None,)
        """
    )

    pantry.runpytest_subprocess("-Werror").assert_outcomes(passed=9)


def test_a_test_that_breaks_out_of_its_transaction_does_not_hurt_the_next(
    pantry: pytest.Pytester,
) -> None:
    pantry.makepyfile(
        """
        import psycopg
        import pytest

        pytestmark = pytest.mark.confiture(isolation="transaction")

        def test_commit_in_sql(confiture_db):
            connection = confiture_db.connect()
            connection.execute("insert into jam (fruit) values ('pear')")
            connection.execute("commit")

        def test_next(confiture_db):
            assert confiture_db.execute("select count(*) from jam").fetchone() == (0,)

        def test_another_connection(confiture_db):
            with pytest.raises(psycopg.OperationalError, match="not currently accepting"):
                psycopg.connect(confiture_db.url)
        """
    )

    pantry.runpytest_subprocess().assert_outcomes(passed=3)


def test_what_one_session_cannot_give_is_refused(pantry: pytest.Pytester) -> None:
    pantry.makepyfile(
        """
        import asyncio
        import psycopg
        import pytest
        from confiture_core.errors import Unsupported

        pytestmark = pytest.mark.confiture(isolation="transaction")

        def refused(what):
            return pytest.raises(Unsupported, match=f'{what} cannot be had with isolation "tran')

        def test(confiture_db):
            connection = confiture_db.connect()
            with refused("a pipeline"):
                connection.pipeline()
            with refused("a notification"):
                connection.notifies()
            with refused("isolation_level of its own"):
                connection.isolation_level = psycopg.IsolationLevel.SERIALIZABLE
            with refused("read_only of its own"):
                connection.read_only = True
            with refused('a connection with a "user" of its own'):
                confiture_db.connect(user="someone")
            with refused('a connection with the options "-W"'):
                confiture_db.connect(options="-W")
            with pytest.raises(psycopg.OperationalError, match='role "nobody" does not exist'):
                confiture_db.connect(role="nobody")
            with pytest.raises(psycopg.OperationalError, match="unrecognized.*nothing"):
                confiture_db.connect(options="-c nothing=1")
            assert confiture_db.execute("select count(*) from jam").fetchone() == (0,)

        def test_async(confiture_db):
            async def run():
                connection = await confiture_db.aconnect()
                with refused("a pipeline"):
                    connection.pipeline()
                with refused("read_only of its own"):
                    await connection.set_read_only(True)
                with refused('a connection with a "user" of its own'):
                    await confiture_db.aconnect(user="someone")
            asyncio.run(run())

        def test_two_transactions_at_the_same_time(confiture_db):
            async def run():
                first, second = [await confiture_db.aconnect() for _ in range(2)]
                one, other = first.transaction(), second.transaction()
                await one.__aenter__()
                await other.__aenter__()
                with refused("two transactions at the same time"):
                    await one.__aexit__(None, None, None)
            asyncio.run(run())

        def test_next(confiture_db):
            assert confiture_db.execute("select count(*) from jam").fetchone() == (0,)
        """
    )

    pantry.runpytest_subprocess().assert_outcomes(passed=4)


def test_a_connection_has_the_rights_of_its_role_whenever_it_is_its_turn(
    pantry: pytest.Pytester,
) -> None:
    pantry.makepyfile(
        """
        import psycopg
        import pytest

        pytestmark = pytest.mark.confiture(isolation="transaction")
        DENIED = psycopg.errors.InsufficientPrivilege

        def user(connection):
            return connection.execute("select current_user, session_user").fetchone()

        @pytest.fixture(params=["pg_monitor", "pg_monitor"])
        def app(confiture_db, request):
            confiture_db.execute("grant select on jam to pg_monitor")
            return confiture_db.connect(role=request.param, autocommit=True)

        def test_it_and_the_others(confiture_db, app):
            owner = confiture_db.user
            assert user(app) == ("pg_monitor", owner)
            other = confiture_db.connect()
            assert user(other) == (owner, owner)
            with pytest.raises(DENIED):
                app.execute("delete from jam")
            other.rollback()
            assert user(app) == ("pg_monitor", owner)
            assert user(confiture_db) == (owner, owner)

        def test_after_commits_and_rollbacks(confiture_db, app):
            second = confiture_db.connect(role="pg_monitor")
            for end in (second.commit, second.rollback, second.commit):
                assert user(second)[0] == "pg_monitor"
                assert user(confiture_db)[0] == confiture_db.user
                end()
            with pytest.raises(DENIED), second.transaction():
                assert user(confiture_db)[0] == confiture_db.user
                second.execute("delete from jam")
            assert user(confiture_db)[0] == confiture_db.user
            with second.transaction(force_rollback=True):
                assert user(second)[0] == "pg_monitor"
            assert user(confiture_db)[0] == confiture_db.user
            assert user(second)[0] == "pg_monitor"

        def test_it_cannot_leave_its_role(confiture_db, app):
            for escape in ("reset role", "set role none", "set session authorization default"):
                app.execute(escape)
                with pytest.raises(DENIED):
                    app.execute("delete from jam")
                assert user(app)[0] == "pg_monitor"

        def test_it_keeps_a_role_that_it_takes_on(confiture_db, app):
            app.execute("set role pg_signal_backend")
            assert user(app)[0] == "pg_signal_backend"
            app.execute("reset role")
            assert user(app)[0] == "pg_monitor"

        def test_a_test_that_ends_its_transaction(confiture_db, app):
            app.execute("commit")
            with pytest.raises(DENIED):
                app.execute("delete from jam")

        def test_policies(confiture_db):
            confiture_db.execute("create table secret (tenant text)")
            confiture_db.execute("insert into secret values ('a'), ('b'), ('c d')")
            confiture_db.execute("grant all on secret to pg_monitor")
            confiture_db.execute("alter table secret enable row level security")
            confiture_db.execute(
                "create policy own on secret using (tenant = current_setting('app.tenant'))"
            )
            a = confiture_db.connect(role="pg_monitor", options="-c app.tenant=a")
            b = confiture_db.connect(role="pg_monitor", options="--app.tenant=b")
            c = confiture_db.connect(
                options=r"-capp.tenant=c\\ d -c role=pg_monitor", application_name="c"
            )
            for _ in range(2):
                assert a.execute("select tenant from secret").fetchall() == [("a",)]
                assert b.execute("select tenant from secret").fetchall() == [("b",)]
                assert c.execute("select tenant from secret").fetchall() == [("c d",)]
                assert c.execute("show application_name").fetchone() == ("c",)
                assert len(confiture_db.execute("table secret").fetchall()) == 3
                a.rollback()
            assert confiture_db.execute("show application_name").fetchone() == ("confiture",)

        def test_next(confiture_db):
            assert user(confiture_db)[0] == confiture_db.user
            with confiture_db.connect(autocommit=True) as connection:
                assert user(connection)[0] == confiture_db.user
                connection.execute("delete from jam")
        """
    )

    pantry.runpytest_subprocess("-Werror").assert_outcomes(passed=12)


def test_what_one_connection_has_not_committed_another_neither_commits_nor_undoes(
    pantry: pytest.Pytester,
) -> None:
    pantry.makepyfile(
        """
        import psycopg
        import pytest

        pytestmark = pytest.mark.confiture(isolation="transaction")

        def fruits(database):
            return [row[0] for row in database.execute("select fruit from jam order by id")]

        def test_others(confiture_db):
            first, second = confiture_db.connect(), confiture_db.connect()
            first.execute("insert into jam (fruit) values ('fig')")
            second.commit()
            second.rollback()
            second.close()
            first.commit()
            first.execute("insert into jam (fruit) values ('plum')")
            confiture_db.connect().commit()
            first.rollback()
            assert fruits(confiture_db) == ["fig"]

        def test_autocommit_has_nothing_to_undo(confiture_db):
            connection = confiture_db.connect(autocommit=True)
            connection.execute("insert into jam (fruit) values ('fig')")
            connection.rollback()
            connection.execute("insert into jam (fruit) values ('plum')")
            connection.close()
            assert fruits(confiture_db) == ["fig", "plum"]

        def test_closed(confiture_db):
            connection = confiture_db.connect()
            connection.execute("insert into jam (fruit) values ('fig')")
            connection.close()
            assert connection.closed
            with pytest.raises(psycopg.OperationalError, match="the connection is closed"):
                connection.execute("select 1")
            assert fruits(confiture_db) == []
        """
    )

    pantry.runpytest_subprocess("-Werror").assert_outcomes(passed=3)


def test_async_connections_take_part(pantry: pytest.Pytester) -> None:
    pantry.makepyfile(
        """
        import asyncio
        import psycopg
        import pytest
        from psycopg.rows import dict_row

        pytestmark = pytest.mark.confiture(isolation="transaction")

        def fruits(database):
            return [row[0] for row in database.execute("select fruit from jam order by id")]

        @pytest.mark.parametrize("again", [1, 2])
        def test_commit_and_rollback(confiture_db, again):
            async def run():
                async with await confiture_db.aconnect() as connection:
                    await connection.execute("insert into jam (fruit) values ('fig')")
                    await connection.commit()
                    await connection.execute("insert into jam (fruit) values ('lost')")
                    await connection.rollback()
                    with pytest.raises(psycopg.errors.NotNullViolation):
                        async with connection.transaction():
                            await connection.execute("insert into jam (fruit) values ('lost')")
                            await connection.execute("insert into jam (fruit) values (null)")
                    async with connection.transaction():
                        with pytest.raises(psycopg.ProgrammingError):
                            await connection.commit()
                        async with connection.transaction(force_rollback=True):
                            await connection.execute("insert into jam (fruit) values ('lost')")
                        await connection.execute("insert into jam (fruit) values ('plum')")
                assert connection.closed
                other = await confiture_db.aconnect(row_factory=dict_row)
                found = await other.execute("select count(*) from jam")
                assert await found.fetchone() == {"count": 2}
            asyncio.run(run())
            assert fruits(confiture_db) == ["fig", "plum"]
            assert confiture_db.execute("select max(id) from jam").fetchone() == (6,)

        def test_autocommit(confiture_db):
            async def run():
                connection = await confiture_db.aconnect(autocommit=True)
                assert connection.autocommit
                await connection.execute("insert into jam (fruit) values ('fig')")
                with pytest.raises(psycopg.errors.NotNullViolation):
                    await connection.execute("insert into jam (fruit) values (null)")
                await connection.rollback()
                await connection.set_autocommit(False)
                await connection.execute("insert into jam (fruit) values ('lost')")
                await connection.close()
                with pytest.raises(psycopg.OperationalError, match="the connection is closed"):
                    await connection.execute("select 1")
            asyncio.run(run())
            assert fruits(confiture_db) == ["fig"]

        def test_many_tasks(confiture_db):
            async def add(number):
                connection = await confiture_db.aconnect(autocommit=True)
                for _ in range(5):
                    await connection.execute("select pg_sleep(0.001)")
                    await connection.execute(
                        "insert into jam (fruit) values (%s)", (f"fruit {number}",)
                    )
                async with connection.cursor() as cursor:
                    await cursor.executemany(
                        "insert into jam (fruit) values (%s)", [("a",), ("b",)]
                    )
                    async with cursor.copy("copy jam (fruit) from stdin") as copy:
                        await copy.write_row(("c",))
            async def run():
                await asyncio.gather(*(add(number) for number in range(8)))
            for _ in range(2):
                asyncio.run(run())
            assert confiture_db.execute("select count(*) from jam").fetchone() == (128,)

        def test_a_statement_that_is_under_way(confiture_db):
            connection = confiture_db.connect()
            async def run():
                sleeping = await confiture_db.aconnect()
                task = asyncio.ensure_future(sleeping.execute("select pg_sleep(1)"))
                await asyncio.sleep(0.05)
                with pytest.raises(psycopg.OperationalError, match="already in progress|under way"):
                    confiture_db.execute("select 1")
                connection.commit()
                await task
            asyncio.run(run())
            assert fruits(confiture_db) == []

        def test_a_task_that_is_cancelled(confiture_db):
            async def run():
                connection = await confiture_db.aconnect()
                with pytest.raises(asyncio.TimeoutError):
                    await asyncio.wait_for(connection.execute("select pg_sleep(60)"), 0.05)
                await connection.rollback()
                await connection.execute("select 1")
            asyncio.run(run())

        def test_a_role(confiture_db):
            async def user(connection):
                found = await connection.execute("select current_user::text")
                return (await found.fetchone())[0]
            async def run():
                app = await confiture_db.aconnect(role="pg_monitor")
                other = await confiture_db.aconnect()
                for end in (app.commit, other.rollback):
                    assert await user(app) == "pg_monitor"
                    assert await user(other) == confiture_db.user
                    await end()
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    async with app.transaction():
                        await app.execute("delete from jam")
                assert await user(other) == confiture_db.user
                with pytest.raises(psycopg.OperationalError, match='"nobody" does not exist'):
                    await confiture_db.aconnect(role="nobody")
            asyncio.run(run())

        def test_a_loop_that_was_left(confiture_db):
            async def run():
                connection = await confiture_db.aconnect()
                await connection.execute("insert into jam (fruit) values ('fig')")
            asyncio.run(run())

        def test_next(confiture_db):
            assert fruits(confiture_db) == []
        """
    )

    pantry.runpytest_subprocess("-Werror").assert_outcomes(passed=9)
