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
        import pytest
        from confiture_core.errors import Unsupported

        @pytest.mark.confiture(isolation="transaction")
        def test(confiture_db):
            with pytest.raises(Unsupported):
                asyncio.run(confiture_db.aconnect())
            with pytest.raises(Unsupported):
                confiture_db.connect(role="pg_monitor")
            with pytest.raises(Unsupported):
                confiture_db.connect().pipeline()
        """
    )

    pantry.runpytest_subprocess().assert_outcomes(passed=1)
