from __future__ import annotations

import pytest

from confiture_core.errors import DatabaseError, MigrationError
from confiture_core.migrations import executor
from confiture_core.migrations.executor import migrate_up
from confiture_core.migrations.history import (
    HistoryTable,
    ensure_history,
    keep_history_in,
    read_history,
)
from confiture_core.migrations.status import (
    find_edits,
    find_history_problems,
    read_status,
)

FILES = {"001_a.up.sql": "CREATE TABLE a (i int);", "002_b.up.sql": "CREATE TABLE b (i int);"}


def states(database, migrations):
    return {status.version: status.state for status in read_status(database, migrations)}


def test_without_a_database_everything_is_pending(load):
    assert states(None, load(FILES)) == {"001": "pending", "002": "pending"}


def test_without_a_history_everything_is_pending(database, load, scalar):
    assert states(database, load(FILES)) == {"001": "pending", "002": "pending"}
    assert scalar("select to_regclass('confiture_migrations') is null")


def test_a_row_says_what_was_applied_when_by_whom_and_from_where(database, load, scalar):
    migrations = load(FILES)
    migrate_up(database, migrations)

    row, _ = read_history(database)

    assert (row.version, row.name, row.digest) == ("001", "a", migrations[0].digest)
    assert row.applied_at is not None
    assert row.duration_ms is not None
    assert row.duration_ms >= 0
    assert row.applied_by == database.info.user
    assert row.applied_from is not None
    assert "@" in row.applied_from
    assert (
        scalar("select content from confiture_migrations where version = '001'")
        == (FILES["001_a.up.sql"])
    )


def test_status_says_what_is_applied_pending_edited_and_missing(database, load, directory):
    migrate_up(database, load(FILES | {"003_c.up.sql": "SELECT 3;"}))
    (directory / "003_c.up.sql").unlink()

    migrations = load({"002_b.up.sql": "CREATE TABLE b (i bigint);", "004_d.up.sql": ""})

    assert states(database, migrations) == {
        "001": "applied",
        "002": "edited",
        "003": "missing",
        "004": "pending",
    }


def test_a_version_written_otherwise_is_the_same_version(database, load, directory):
    migrate_up(database, load({"001_a.up.sql": "SELECT 1;"}))
    (directory / "001_a.up.sql").rename(directory / "1_a.up.sql")

    assert states(database, load({})) == {"1": "applied"}


def test_an_edited_migration_stops_up_and_shows_the_difference(database, load, relations):
    migrate_up(database, load(FILES))
    migrations = load({"001_a.up.sql": "CREATE TABLE a (i bigint);", "003_c.up.sql": "SELECT 1;"})

    with pytest.raises(MigrationError) as caught:
        migrate_up(database, migrations)

    assert str(caught.value) == "db/migrations/001_a.up.sql: it was edited after it was applied"
    assert caught.value.detail is not None
    assert caught.value.detail.splitlines()[-2:] == [
        "-CREATE TABLE a (i int);",
        "+CREATE TABLE a (i bigint);",
    ]
    assert "confiture migrate accept 001" in (caught.value.hint or "")


def test_an_accepted_edit_is_no_edit_any_more(database, load):
    migrate_up(database, load(FILES))
    migrations = load({"001_a.up.sql": "CREATE TABLE a (i bigint);"})

    executor.accept(database, migrations, "1")

    assert find_edits(database, migrations, read_history(database)) == ()
    with pytest.raises(MigrationError, match='version "003" is not applied'):
        executor.accept(database, load({"003_c.up.sql": ""}), "003")
    with pytest.raises(MigrationError, match="no migration file"):
        executor.accept(database, migrations, "9")


@pytest.mark.parametrize(
    "text", ["CREATE TABLE a (i int);\r\n", "-- Why.\ncreate table a (\n  i int\n)"]
)
def test_an_edit_that_means_the_same_is_no_edit(database, load, text):
    migrate_up(database, load(FILES))

    assert states(database, load({"001_a.up.sql": text}))["001"] == "applied"


def test_what_does_not_fit_is_told(database, load, directory):
    migrate_up(database, load(FILES | {"004_d.up.sql": "SELECT 1;"}))
    (directory / "001_a.up.sql").rename(directory / "001_renamed.up.sql")
    (directory / "004_d.up.sql").unlink()
    migrations = load({"002_b.up.sql": "SELECT 2;", "003_c.up.sql": "SELECT 3;"})
    applied = read_history(database)
    edits = find_edits(database, migrations, applied)

    problems = list(find_history_problems(migrations, applied, edits))

    assert [(one.shown, one.message) for one in problems] == [
        ("db/migrations/002_b.up.sql", "it was edited after it was applied"),
        ("db/migrations/001_renamed.up.sql", 'it was called "a" when it was applied'),
        (None, "004_d is applied, but its file is missing"),
        ("db/migrations/003_c.up.sql", "it is pending, and older than what is applied"),
    ]


def test_a_history_of_an_older_shape_is_read_and_then_given_its_columns(database, load, scalar):
    database.execute("create table confiture_migrations (version text primary key, name text)")
    database.execute("insert into confiture_migrations values ('001', 'a')")
    migrations = load(FILES)

    assert states(database, migrations) == {"001": "applied", "002": "pending"}

    migrate_up(database, migrations)

    assert [row.version for row in read_history(database)] == ["001", "002"]
    assert scalar("select count(*) from confiture_migrations where digest is not null") == 1


def test_a_history_with_versions_as_numbers_is_read(database, load):
    database.execute("create table confiture_migrations (version int primary key, name text)")
    database.execute("insert into confiture_migrations values (1, 'a')")

    assert states(database, load(FILES)) == {"001": "applied", "002": "pending"}


def test_a_history_may_have_any_name(database, load, scalar):
    keep_history_in(database, HistoryTable(schema="Ops-1", name="Mig %s"))
    apart = "CREATE TABLE t (i int); CREATE INDEX CONCURRENTLY t_i ON t (i);"

    migrate_up(database, load({"001_a.up.sql": apart}))

    executor.accept(database, load({"001_a.up.sql": f"{apart} SELECT 1;"}), "001")
    assert scalar('select count(*) from "Ops-1"."Mig %s"') == 1


def test_a_table_that_is_no_history_is_refused(database, load):
    database.execute("create table confiture_migrations (id int)")

    with pytest.raises(MigrationError, match="is not a history of confiture"):
        migrate_up(database, load(FILES))


def test_the_history_is_found_whatever_the_search_path(database, load):
    migrations = load(FILES)
    migrate_up(database, migrations)
    database.execute("set search_path = ''")

    ensure_history(database)

    assert states(database, migrations) == {"001": "applied", "002": "applied"}


@pytest.mark.pg(">= 15")
def test_a_role_that_may_not_make_the_history_is_told_what_it_needs(database, load):
    role = f"confiture_test_{database.info.backend_pid}"
    database.execute(f"create role {role}")
    try:
        database.execute(f"set session authorization {role}")
        with pytest.raises(DatabaseError, match="the history cannot be kept") as caught:
            migrate_up(database, load(FILES))
    finally:
        database.execute("reset session authorization")
        database.execute(f"drop role {role}")

    assert caught.value.detail == "permission denied for schema public"
    assert "GRANT CREATE ON SCHEMA public" in (caught.value.hint or "")


def test_a_server_that_only_reads_is_an_error_that_says_so(database, load):
    database.execute("set default_transaction_read_only = on")

    with pytest.raises(DatabaseError, match="in a read-only transaction") as caught:
        migrate_up(database, load(FILES))

    assert "the server is a standby, or default_transaction_read_only" in (caught.value.hint or "")
