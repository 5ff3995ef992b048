from __future__ import annotations

import psycopg
import pytest

from confiture_core.errors import MigrationError, SqlError
from confiture_core.migrations.events import Recovered, Resumed
from confiture_core.migrations.executor import apply_migration, migrate_down, migrate_up
from confiture_core.migrations.history import read_history
from confiture_core.migrations.progress import read_progress
from confiture_core.migrations.status import read_status

HEAD = "-- confiture: transactional: false\n"


def indexes(database, table: str) -> dict[str, bool]:
    """Read which indexes a table has, and whether they are valid."""
    rows = database.execute(
        "select indexrelid::regclass::text, indisvalid from pg_index"
        " where indrelid = %s::regclass order by 1",
        (table,),
    )
    return dict(rows.fetchall())


def make_invalid(database, statement: str) -> None:
    """Leave an INVALID index behind, as a unique one over rows that are not."""
    database.execute("create table t (i int)")
    database.execute("insert into t values (1), (1)")
    with pytest.raises(psycopg.errors.UniqueViolation):
        database.execute(statement)
    database.execute("delete from t")
    assert not all(indexes(database, "t").values())


def test_several_statements_outside_a_transaction_in_one_file_are_run(database, load):
    text = (
        "CREATE TABLE t (i int, j int);\n"
        "CREATE INDEX CONCURRENTLY a ON t (i);\n"
        "CREATE INDEX CONCURRENTLY b ON t (j);\n"
        "REINDEX INDEX CONCURRENTLY a;\n"
        "VACUUM ANALYZE t;\n"
        "DROP INDEX CONCURRENTLY b;\n"
    )

    migrate_up(database, load({"001_a.up.sql": text}))

    assert indexes(database, "t") == {"a": True}
    assert [row.version for row in read_history(database)] == ["001"]


def test_a_procedure_that_commits_as_it_goes_is_run_outside_a_transaction(
    database, load, relations
):
    text = "DO $$ BEGIN CREATE TABLE a (i int); COMMIT; CREATE TABLE b (i int); END $$;"

    with pytest.raises(SqlError, match="invalid transaction termination") as caught:
        migrate_up(database, load({"001_a.up.sql": text}))
    assert "-- confiture: transactional: false" in (caught.value.hint or "")
    migrate_up(database, load({"001_a.up.sql": HEAD + text}))

    assert {"a", "b"} <= relations()
    assert [row.version for row in read_history(database)] == ["001"]
    assert read_progress(database) == ()


def test_the_table_of_progress_is_there_only_while_it_is_needed(database, load, scalar):
    text = HEAD + "CREATE TABLE a (i int);\nDROP TABLE nowhere;"
    exists = "select to_regclass('confiture_migration_progress') is not null"

    with pytest.raises(SqlError):
        migrate_up(database, load({"001_a.up.sql": text}))
    assert scalar(exists)
    migrate_up(database, load({"001_a.up.sql": text.replace("DROP TABLE nowhere", "SELECT 1")}))

    assert not scalar(exists)


def test_a_failing_step_leaves_the_ones_before_it_and_up_goes_on_after_them(
    database, load, relations
):
    text = HEAD + "CREATE TABLE a (i int);\nCREATE TABLE b (i txt);\nCREATE TABLE c (i int);"

    with pytest.raises(SqlError) as caught:
        migrate_up(database, load({"001_a.up.sql": text}))

    assert str(caught.value) == 'db/migrations/001_a.up.sql:3: type "txt" does not exist'
    assert caught.value.detail is not None
    assert "1 of its steps are done and stay" in caught.value.detail
    assert (read_history(database), relations()) == ((), {"a"})

    migrations = load({"001_a.up.sql": text.replace("txt", "text")})
    (status,) = read_status(database, migrations)
    assert (status.state, status.note) == ("partial", "up was stopped: 1 of its steps are done")

    events: list[object] = []
    migrate_up(database, migrations, on_event=events.append)

    assert relations() == {"a", "b", "c"}
    assert Resumed(direction="up", migration=migrations[0], done=1) in events
    assert read_status(database, migrations)[0].state == "applied"


def test_other_statements_are_not_taken_for_those_that_are_done(database, load, relations):
    text = HEAD + "CREATE TABLE a (i int);\nCREATE TABLE b (i int);\nDROP TABLE nowhere;"
    with pytest.raises(SqlError):
        migrate_up(database, load({"001_a.up.sql": text}))

    for changed in (text.replace("TABLE b", "TABLE c"), HEAD + "CREATE TABLE a (i int);"):
        with pytest.raises(MigrationError, match="have changed"):
            migrate_up(database, load({"001_a.up.sql": changed}))

    assert (read_history(database), relations()) == ((), {"a", "b"})


def test_statements_between_begin_and_commit_are_one_step(database, load, relations):
    text = HEAD + "CREATE TABLE a (i int);\nBEGIN;\nCREATE TABLE b (i int);\nSELECT 1/0;\nCOMMIT;"

    with pytest.raises(SqlError, match=r"001_a\.up\.sql:5: division by zero"):
        migrate_up(database, load({"001_a.up.sql": text}))
    assert relations() == {"a"}
    migrate_up(database, load({"001_a.up.sql": text.replace("1/0", "1")}))

    assert relations() == {"a", "b"}


def test_a_setting_is_made_again_when_a_migration_goes_on(database, load, scalar):
    text = (
        HEAD
        + "CREATE SCHEMA app;\nSET search_path = app;\nCREATE TABLE a (i int);\n"
        + "DROP TABLE nowhere;\nCREATE TABLE b (i int);"
    )
    with pytest.raises(SqlError):
        migrate_up(database, load({"001_a.up.sql": text}))

    migrate_up(database, load({"001_a.up.sql": text.replace("DROP TABLE nowhere", "SELECT 1")}))

    assert scalar("select to_regclass('app.b') is not null")
    assert scalar("show search_path") == '"$user", public'


def test_a_role_that_a_migration_takes_need_not_see_our_tables(database, load, relations):
    text = (
        HEAD
        + "GRANT CREATE ON SCHEMA public TO pg_monitor;\nSET ROLE pg_monitor;\n"
        + "CREATE TABLE a (i int);\nCREATE INDEX CONCURRENTLY b ON a (i);"
    )

    migrate_up(database, load({"001_a.up.sql": text}))

    assert relations() == {"a", "b"}


def test_an_index_that_fails_leaves_nothing_invalid(database, load):
    database.execute("create table t (i int)")
    database.execute("insert into t values (1), (1)")
    text = "CREATE UNIQUE INDEX CONCURRENTLY u ON t (i);"
    events: list[object] = []

    with pytest.raises(SqlError, match=r"001_a\.up\.sql:1: could not create unique index"):
        migrate_up(database, load({"001_a.up.sql": text}), on_event=events.append)

    assert indexes(database, "t") == {}
    assert any(isinstance(event, Recovered) for event in events)

    database.execute("delete from t")
    migrate_up(database, load({}))

    assert indexes(database, "t") == {"u": True}


@pytest.mark.parametrize("option", ["", "IF NOT EXISTS "])
def test_an_invalid_index_that_someone_left_is_built_again(database, load, option):
    make_invalid(database, "create unique index concurrently u on t (i)")
    text = f"CREATE UNIQUE INDEX CONCURRENTLY {option}u ON t (i);"

    migrate_up(database, load({"001_a.up.sql": text}))

    assert indexes(database, "t") == {"u": True}


def test_an_invalid_index_of_another_name_is_left_alone(database, load):
    make_invalid(database, "create unique index concurrently u on t (i)")

    migrate_up(database, load({"001_a.up.sql": "CREATE INDEX CONCURRENTLY v ON t (i);"}))

    assert indexes(database, "t") == {"u": False, "v": True}


def test_an_index_that_is_there_already_is_an_error_as_ever(database, load):
    database.execute("create table t (i int); create index u on t (i)")

    with pytest.raises(SqlError, match='relation "u" already exists'):
        migrate_up(database, load({"001_a.up.sql": "CREATE INDEX CONCURRENTLY u ON t (i);"}))

    assert indexes(database, "t") == {"u": True}


def test_a_reindex_that_fails_leaves_no_copy(database, load):
    database.execute("create table t (i int); insert into t values (1)")
    database.execute(
        "create function f(int) returns int language plpgsql immutable as"
        " $$ begin return $1; end $$; create unique index u on t (f(i))"
    )
    database.execute(
        "create or replace function f(int) returns int language plpgsql immutable as"
        " $$ begin raise 'no'; end $$"
    )

    with pytest.raises(SqlError):
        migrate_up(database, load({"001_a.up.sql": "REINDEX INDEX CONCURRENTLY u;"}))

    assert indexes(database, "t") == {"u": True}


def test_rolling_back_in_steps_keeps_the_row_until_the_end(database, load):
    files = {
        "001_a.up.sql": "CREATE TABLE t (i int);",
        "001_a.down.sql": HEAD
        + "DROP TABLE IF EXISTS nowhere;\nDROP TABLE nowhere;\nDROP TABLE t;",
    }
    migrate_up(database, load(files))

    with pytest.raises(SqlError):
        migrate_down(database, load({}))

    assert [row.version for row in read_history(database)] == ["001"]
    with pytest.raises(MigrationError, match='"down" of version 001 was stopped'):
        migrate_up(database, load({}))

    migrate_down(
        database, load({"001_a.down.sql": HEAD + "DROP TABLE IF EXISTS nowhere;\nDROP TABLE t;"})
    )

    assert read_history(database) == ()
    assert read_progress(database) == ()


PYTHON = """\
from confiture.models.migration import Migration


class A(Migration):
    transactional = False

    def up(self):
        self.execute("CREATE TABLE t AS SELECT generate_series(1, 4) AS i")
        (most,) = self.execute("SELECT max(i) FROM t WHERE i < 10").fetchone()
        self.execute("INSERT INTO t VALUES (%s)", [most + 10])
        self.execute("SELECT setval('s', nextval('s') + 10)")
        self.execute("STOP")
        with self.connection.transaction():
            self.execute("CREATE TABLE u AS SELECT sum(i) AS i FROM t")
        self.execute("CREATE INDEX CONCURRENTLY x ON t (i)")
"""


def test_a_python_migration_goes_on_after_the_statements_that_are_done(database, load, scalar):
    """What only reads is read again, for the code goes by it; what writes is passed over."""
    database.execute("create sequence s")
    with pytest.raises(SqlError, match=r"001_a\.py:12: syntax error"):
        migrate_up(database, load({"001_a.py": PYTHON}))

    migrate_up(database, load({"001_a.py": PYTHON.replace("STOP", "SELECT 1")}))

    assert scalar("select array_agg(i order by i) from t") == [1, 2, 3, 4, 14]
    assert scalar("select last_value from s") == 11
    assert scalar("select i from u") == 24
    assert indexes(database, "t") == {"x": True}


def test_a_python_migration_that_takes_another_way_does_not_go_on(database, load, scalar):
    text = PYTHON.replace("WHERE i < 10", "").replace('self.execute("SELECT setval', "#")
    with pytest.raises(SqlError):
        migrate_up(database, load({"001_a.py": text}))

    # It would insert 24 now, where it has inserted 14.
    with pytest.raises(MigrationError, match="have changed"):
        migrate_up(database, load({"001_a.py": text.replace("STOP", "SELECT 1")}))

    assert scalar("select array_agg(i order by i) from t") == [1, 2, 3, 4, 14]


def test_begin_in_a_python_migration_that_commits_by_itself_is_refused(database, load):
    text = PYTHON.replace("STOP", "BEGIN")
    database.execute("create sequence s")

    with pytest.raises(MigrationError, match=r"001_a\.py:12: BEGIN in a migration"):
        migrate_up(database, load({"001_a.py": text}))


def test_a_migration_in_steps_is_refused_in_the_transaction_of_a_caller(database, load):
    (migration,) = load({"001_a.up.sql": "VACUUM;"})

    with database.transaction(), pytest.raises(MigrationError, match="commits in steps"):
        apply_migration(database, migration, record=False, in_transaction=True)
