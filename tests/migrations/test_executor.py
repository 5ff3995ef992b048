from __future__ import annotations

from typing import Any

import psycopg
import pytest

from confiture_core.errors import MigrationError, SqlError
from confiture_core.migrations import executor
from confiture_core.migrations.events import Failed, Finished, Forgotten, Note, Planned, Started
from confiture_core.migrations.executor import Target, apply_migration, migrate_down, migrate_up
from confiture_core.migrations.history import read_history

# Steps 4 and 9 of the user's guide.
CREATE_USERS = '''\
from confiture.models.migration import Migration


class CreateUsersTable(Migration):
    """Migration: create_users_table."""

    version = "001"
    name = "create_users_table"

    def up(self) -> None:
        """Apply migration."""
        self.execute("""
            CREATE TABLE users (
                id SERIAL PRIMARY KEY,
                username TEXT NOT NULL UNIQUE
            )
        """)
        self.execute("CREATE INDEX idx_users_username ON users(username)")

    def down(self) -> None:
        """Rollback migration."""
        self.execute("DROP TABLE users")
'''
ADD_BIO = "ALTER TABLE users ADD COLUMN bio TEXT;"
DROP_BIO = "ALTER TABLE users DROP COLUMN bio;"
GUIDE = {
    "001_create_users_table.py": CREATE_USERS,
    "002_add_user_bio.up.sql": ADD_BIO,
    "002_add_user_bio.down.sql": DROP_BIO,
}


def tables(*names: str) -> dict[str, str]:
    """Write migrations that each make one table."""
    return {
        f"{number:03}_{name}.{direction}.sql": text
        for number, name in enumerate(names, start=1)
        for direction, text in (
            ("up", f"CREATE TABLE {name} (i int);"),
            ("down", f"DROP TABLE {name};"),
        )
    }


def versions(database):
    return [row.version for row in read_history(database)]


def test_the_guide_goes_up_and_down_again(database, load, relations):
    migrations = load(GUIDE)
    events: list[object] = []

    migrate_up(database, migrations, on_event=events.append)

    assert versions(database) == ["001", "002"]
    assert "idx_users_username" in relations()
    assert [type(event) for event in events] == [Planned, Started, Finished, Started, Finished]
    assert isinstance(events[0], Planned)
    assert [file.label for file in events[0].migrations] == [
        "001_create_users_table",
        "002_add_user_bio",
    ]

    migrate_down(database, migrations)

    assert versions(database) == ["001"]

    migrate_down(database, migrations)

    assert versions(database) == []
    assert relations() == set()


def test_up_a_second_time_does_nothing(database, load):
    migrations = load(GUIDE)
    migrate_up(database, migrations)

    assert migrate_up(database, migrations) == ()


def test_a_failing_migration_leaves_nothing_and_the_ones_before_it_stay(database, load, relations):
    migrations = load(
        tables("a", "b", "c")
        | {"002_b.up.sql": "CREATE TABLE b (i int);\n\nALTER TABLE nowhere ADD x int;"}
    )
    events: list[object] = []

    with pytest.raises(SqlError) as caught:
        migrate_up(database, migrations, on_event=events.append)

    assert str(caught.value) == ('db/migrations/002_b.up.sql:3: relation "nowhere" does not exist')
    assert isinstance(events[-1], Failed)
    assert (versions(database), relations()) == (["001"], {"a"})

    migrate_up(database, load({"002_b.up.sql": "CREATE TABLE b (i int);"}))

    assert (versions(database), relations()) == (["001", "002", "003"], {"a", "b", "c"})


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("CREATE TABLE b (\n  i int,\n  t txt\n);", 3, 'type "txt" does not exist'),
        ("SELECT 1;\n\nSELECT\n  é + 1;", 4, 'column "é" does not exist'),
        ("SELECT 1;\nCREATE TABEL b ();", 2, 'syntax error at or near "TABEL"'),
        ("SELECT 1;\n-- why\nDROP TABLE nowhere;", 3, 'table "nowhere" does not exist'),
        (
            "CREATE TABLE b (i int);\nCOPY b (i) FROM stdin;\n1\nx\n\\.\nSELECT 1;",
            4,
            'invalid input syntax for type integer: "x"',
        ),
        ("-- \n" * 300 + "SELECT 1;\nDROP TABLE nowhere;", 302, 'table "nowhere" does not exist'),
        (
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$\n"
            + "-- long\n" * 200
            + "SELECT 1 $$;\nDROP TABLE nowhere;",
            203,
            'table "nowhere" does not exist',
        ),
    ],
    ids=["type", "not ascii", "syntax", "no position", "rows", "long comment", "long function"],
)
def test_an_error_in_sql_names_its_line(database, load, relations, text, line, message):
    migrations = load({"001_b.up.sql": text})

    with pytest.raises(SqlError) as caught:
        migrate_up(database, migrations)

    assert str(caught.value) == f"db/migrations/001_b.up.sql:{line}: {message}"
    assert relations() == set()


def test_what_is_there_from_before_can_be_recorded(database, load):
    database.execute("CREATE TABLE a (i int)")
    files = load(tables("a", "b"))

    with pytest.raises(SqlError, match='relation "a" already exists') as caught:
        migrate_up(database, files)

    assert caught.value.hint is not None
    assert "confiture migrate baseline --through 001" in caught.value.hint


@pytest.mark.pg("< 18")
def test_syntax_of_a_newer_server_is_said_to_be_that(database, load):
    text = "CREATE TABLE b (i int);\nALTER TABLE b ADD CONSTRAINT b_i NOT NULL i;"

    with pytest.raises(SqlError, match=r"001_b\.up\.sql:2: syntax error") as caught:
        migrate_up(database, load({"001_b.up.sql": text}))

    assert caught.value.hint is not None
    assert caught.value.hint.startswith("a newer PostgreSQL than this server reads it")


def test_a_statement_that_takes_too_long_is_told_where_its_time_out_is(database, load, relations):
    text = "-- confiture: statement_timeout: 500ms\nCREATE TABLE b (i int);\nSELECT pg_sleep(5);"

    with pytest.raises(SqlError, match="statement timeout") as caught:
        migrate_up(database, load({"001_b.up.sql": text}))

    assert (caught.value.line, relations()) == (3, set())
    assert caught.value.hint is not None
    assert "-- confiture: statement_timeout: 30min" in caught.value.hint


def test_a_deferred_constraint_that_fails_at_the_end_is_an_error_of_the_migration(
    database, load, relations
):
    text = (
        "CREATE TABLE a (i int UNIQUE DEFERRABLE INITIALLY DEFERRED);INSERT INTO a VALUES (1), (1);"
    )
    migrations = load({"001_a.up.sql": text})

    with pytest.raises(SqlError, match=r"^db/migrations/001_a.up.sql: duplicate key value"):
        migrate_up(database, migrations)

    assert (versions(database), relations()) == ([], set())


def test_rows_of_copy_are_loaded(database, load, scalar):
    text = "CREATE TABLE a (i int, t text);\nCOPY a FROM stdin;\n1\tx\n2\t\\N\n\\.\n"
    migrate_up(database, load({"001_a.up.sql": text}))

    assert scalar("select array_agg(a order by i)::text from a") == '{"(1,x)","(2,)"}'


def test_settings_of_one_migration_do_not_reach_the_next(database, load, relations):
    migrations = load(
        {
            "001_a.up.sql": (
                "SELECT pg_catalog.set_config('search_path', '', false);\n"
                "SET statement_timeout = '1min';\nCREATE TEMP TABLE t (i int);\n"
                "SET ROLE pg_monitor;"
            ),
            "002_b.up.sql": "CREATE TABLE b (i int); CREATE TEMP TABLE t (i int);",
        }
    )

    migrate_up(database, migrations)

    assert relations() == {"b"}


def test_a_file_with_its_own_begin_and_commit_runs_in_our_transaction(database, load):
    migrations = load({"001_a.up.sql": "BEGIN;\nCREATE TABLE a (i int);\nSELECT 1/0;\nCOMMIT;"})

    with pytest.raises(SqlError, match="division by zero"):
        migrate_up(database, migrations)

    assert versions(database) == []


@pytest.mark.parametrize(
    ("target", "applied"),
    [
        (Target(to="2"), ["001", "002"]),
        (Target(to="003"), ["001", "002", "003"]),
        (Target(steps=1), ["001"]),
        (Target(), ["001", "002", "003"]),
    ],
)
def test_up_goes_as_far_as_asked(database, load, target, applied):
    migrate_up(database, load(tables("a", "b", "c")), target=target)

    assert versions(database) == applied


@pytest.mark.parametrize(
    ("target", "applied"),
    [
        (Target(), ["001", "002"]),
        (Target(steps=2), ["001"]),
        (Target(to="1"), ["001"]),
        (Target(to="0"), []),
        (Target(to="003"), ["001", "002", "003"]),
    ],
)
def test_down_goes_as_far_as_asked(database, load, target, applied):
    migrations = load(tables("a", "b", "c"))
    migrate_up(database, migrations)

    migrate_down(database, migrations, target=target)

    assert versions(database) == applied


def test_a_version_that_is_not_there_is_refused(database, load):
    with pytest.raises(MigrationError, match='there is no version "7"') as caught:
        migrate_up(database, load(tables("a", "b")), target=Target(to="7"))

    assert caught.value.hint is not None
    assert versions(database) == []


def test_a_version_and_steps_together_are_refused():
    with pytest.raises(MigrationError, match="name one"):
        Target(to="1", steps=1)


def test_what_is_older_than_the_newest_applied_is_refused_unless_asked_for(
    database, load, relations
):
    files = tables("a", "b", "c")
    late = {name: files.pop(name) for name in list(files) if name.startswith("002")}
    migrate_up(database, load(files))
    migrations = load(late)

    with pytest.raises(MigrationError) as caught:
        migrate_up(database, migrations)

    assert str(caught.value) == (
        "db/migrations/002_b.up.sql: it is older than 003_c, which is applied already"
    )
    assert caught.value.hint is not None
    assert "004" in caught.value.hint

    migrate_up(database, migrations, target=Target(out_of_order=True))

    assert relations() == {"a", "b", "c"}


def test_an_irreversible_migration_refuses_down_before_anything_is_rolled_back(
    database, load, relations
):
    migrations = load(
        tables("a", "b", "c")
        | {"002_b.up.sql": "-- confiture: irreversible: b is b\nCREATE TABLE b (i int);"}
    )
    migrate_up(database, migrations)

    with pytest.raises(MigrationError, match="002_b cannot be rolled back: b is b"):
        migrate_down(database, migrations, target=Target(steps=2))

    assert relations() == {"a", "b", "c"}

    migrate_down(database, migrations, target=Target(steps=2, forced=True))

    assert relations() == {"a"}


def test_a_migration_without_a_way_down_is_forced_out_of_the_history_only(
    database, load, relations
):
    migrations = load({"001_a.up.sql": "CREATE TABLE a (i int);"})
    migrate_up(database, migrations)
    events: list[object] = []

    with pytest.raises(MigrationError, match=r"has no \.down\.sql beside it"):
        migrate_down(database, migrations)
    migrate_down(database, migrations, target=Target(forced=True), on_event=events.append)

    assert (versions(database), relations()) == ([], {"a"})
    assert [event for event in events if isinstance(event, Forgotten | Finished)] == [
        Forgotten(migration=migrations[0])
    ]


def test_a_migration_whose_file_is_missing_cannot_be_rolled_back(database, load):
    migrations = load(tables("a", "b"))
    migrate_up(database, migrations)

    with pytest.raises(MigrationError, match="002_b is applied, but its file is missing"):
        migrate_down(database, migrations[:1])


def test_a_missing_file_does_not_stop_what_is_newer(database, load, relations):
    migrations = load(tables("a", "b", "c"))
    migrate_up(database, migrations, target=Target(to="002"))
    events: list[object] = []

    migrate_up(database, (migrations[0], migrations[2]), on_event=events.append)

    assert relations() == {"a", "b", "c"}
    assert Note(message="002_b is applied, but its file is missing") in events


def test_redo_rolls_back_and_applies_the_same_again(database, load, scalar):
    migrate_up(database, load(tables("a", "b")))
    changed = load({"002_b.up.sql": "CREATE TABLE b (i int, j int);"})

    executor.redo(database, changed)

    assert versions(database) == ["001", "002"]
    assert scalar("select count(*) from pg_attribute where attrelid = 'b'::regclass") == 8


def test_a_down_that_fails_leaves_the_migration_applied(database, load, relations):
    migrations = load(tables("a") | {"001_a.down.sql": "DROP TABLE a; DROP TABLE nowhere;"})
    migrate_up(database, migrations)

    with pytest.raises(SqlError, match=r"001_a\.down\.sql:1"):
        migrate_down(database, migrations)

    assert (versions(database), relations()) == (["001"], {"a"})


def test_one_migration_runs_inside_the_transaction_of_a_caller(database, load, relations):
    (migration,) = load(tables("a"))

    with database.transaction(force_rollback=True):
        executor.apply_migration(database, migration, record=False, in_transaction=True)
        assert relations() == {"a"}
        executor.roll_back_migration(database, migration, record=False, in_transaction=True)
        assert relations() == set()
        executor.apply_migration(database, migration, record=False, in_transaction=True)

    assert relations() == set()


def test_one_migration_runs_by_itself_without_a_history(database, load, scalar):
    (migration,) = load(tables("a"))

    executor.apply_migration(database, migration, record=False)

    assert scalar("select to_regclass('a') is not null")
    assert scalar("select to_regclass('confiture_migrations') is null")


def test_baseline_records_what_is_there_without_running_it(database, load, relations):
    migrations = load(tables("a", "b", "c"))
    database.execute("create table a (i int); create table b (i int)")

    executor.baseline(database, migrations, through="2")

    assert versions(database) == ["001", "002"]
    assert [row.duration_ms for row in read_history(database)] == [None, None]

    migrate_up(database, migrations)

    assert relations() == {"a", "b", "c"}


def test_a_migration_costs_at_most_two_round_trips_beyond_its_statements(database, load):
    statements = ["CREATE TABLE b (i int)", "CREATE TABLE c (i int)", f"SELECT '{'x' * 1200}'"]
    migrations = load(tables("a") | {"002_b.up.sql": ";\n".join(statements)})
    sent: list[str] = []

    class Recording(psycopg.Cursor[Any]):
        def execute(self, query: Any, *args: Any, **options: Any) -> Recording:
            sent.append(query)
            return super().execute(query, *args, **options)

    database.cursor_factory = Recording
    migrate_up(database, migrations)

    first = next(number for number, text in enumerate(sent) if "confiture 002_b up" in text)
    last = next(number for number, text in enumerate(sent) if "set constraints" in text)
    assert sent[first + 1 : last] == statements
    assert not any("001_a" in text for text in sent)  # sent as one message, by no cursor


def test_what_does_nothing_needs_no_way_back(database, load):
    migrations = load({"001_a.up.sql": "-- kept for its number\n", "002_b.sql": "-- +goose Up\n"})
    migrate_up(database, migrations)

    migrate_down(database, migrations, target=Target(to="0"))

    assert read_history(database) == ()


@pytest.mark.parametrize("is_long", [False, True])
@pytest.mark.parametrize("kind", ["sql", "python"])
def test_on_a_copy_what_names_a_database_is_refused(database, load, relations, kind, is_long):
    """On the database itself it is the author's word."""
    name = database.info.dbname
    text = f"CREATE TABLE b (i int, t text default '{'x' * 3000 * is_long}')"
    comment = f"COMMENT ON DATABASE {name} IS 'the shop'"
    (file,) = load(
        {"001_a.up.sql": f"{text};\n{comment}"}
        if kind == "sql"
        else {
            "001_a.py": "from confiture import Migration\nclass A(Migration):\n def up(self):\n"
            f"  self.execute('''{text};\n{comment};''')"
        }
    )

    with pytest.raises(SqlError, match=f'names the database "{name}"') as caught:
        apply_migration(database, file, record=False)
    assert (caught.value.line, relations()) == (5 if kind == "python" else 2, set())

    migrate_up(database, (file,))
    said = database.execute(
        "select shobj_description(oid, 'pg_database') from pg_database"
        " where datname = current_database()"
    ).fetchone()
    assert said == ("the shop",)


def test_who_is_told_and_fails_leaves_whole_migrations(database, load):
    migrations = load(tables("jam", "jar", "lid"))

    def fail_at_the_second(event: object) -> None:
        if isinstance(event, Started) and event.migration.name == "jar":
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        migrate_up(database, migrations, on_event=fail_at_the_second)

    # The second was under way when it was told of.
    assert versions(database) == ["001", "002"]
    migrate_up(database, migrations)
    assert versions(database) == ["001", "002", "003"]
