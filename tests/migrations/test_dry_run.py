from __future__ import annotations

import pytest

from confiture_core.errors import MigrationError, SqlError
from confiture_core.migrations.dry_run import Lock, select_for, try_out, write_down
from confiture_core.migrations.executor import Limits, Target, migrate_up

PYTHON = """\
from confiture import Migration


class A(Migration):
    def up(self):
        self.execute("CREATE TABLE a (t text)")
        self.execute("INSERT INTO a VALUES (%s)", ["it's"])

    def down(self):
        for (t,) in self.execute("SELECT t FROM a"):
            self.execute("SELECT %s", [t])
"""


def test_the_sql_is_written_down_without_running_it(load, database, relations):
    (migration,) = load({"001_a.py": PYTHON})

    trial = write_down(migration, "up", connection=database)

    assert trial.statements == ("CREATE TABLE a (t text)", "INSERT INTO a VALUES ('it''s')")
    assert trial.transactional
    assert relations() == set()


def test_sql_files_are_written_down_without_a_database(load):
    (migration,) = load(
        {"001_a.up.sql": "CREATE TABLE a (i int);\nCOPY a FROM stdin;\n1\n\\.\nVACUUM a;"}
    )

    trial = write_down(migration, "up")

    assert trial.statements == ("CREATE TABLE a (i int)", "COPY a FROM stdin;\n1\n\\.", "VACUUM a")
    assert not trial.transactional


def test_a_migration_that_goes_by_what_it_reads_cannot_be_written_down(load):
    (migration,) = load({"001_a.py": PYTHON})

    with pytest.raises(MigrationError, match="goes by what it reads") as caught:
        write_down(migration, "down")

    assert caught.value.hint == "run it and roll it back: --dry-run-execute"


def test_a_trial_runs_everything_and_rolls_it_back(load, database, relations, scalar):
    database.execute("create table users (i int)")
    migrations = load(
        {
            "001_a.py": PYTHON,
            "002_b.up.sql": "ALTER TABLE users ADD COLUMN bio text; ALTER TABLE a ADD x int;",
            "003_c.up.sql": "CREATE INDEX CONCURRENTLY i ON a (t);",
            "004_d.up.sql": "SELECT 1;",
        }
    )

    trials = try_out(database, select_for(database, migrations, "up", Target()), "up")

    assert [trial.migration.version for trial in trials] == ["001", "002", "003"]
    assert trials[0].locks == ()
    assert trials[1].locks is not None
    assert Lock(relation="users", mode="AccessExclusiveLock") in trials[1].locks
    assert trials[2].locks is None
    assert relations() == {"users"}
    assert scalar("select to_regclass('confiture_migrations') is null")


def test_a_trial_that_fails_leaves_nothing_either(load, database, relations):
    migrations = load({"001_a.py": PYTHON.replace("INSERT INTO a", "INSERT INTO b")})

    with pytest.raises(Exception, match='relation "b" does not exist'):
        try_out(database, migrations, "up")

    assert relations() == set()


def test_a_trial_waits_for_locks_no_longer_than_a_run_would(load, database, another):
    database.execute("create table t (i int)")
    migrations = load(
        {"001_a.up.sql": "CREATE TABLE a (i int);", "002_b.up.sql": "ALTER TABLE t ADD j int;"}
    )
    another.execute("begin; lock table t")

    with pytest.raises(SqlError, match="lock timeout"):
        try_out(database, migrations, "up", limits=Limits(lock_timeout_s=0.05))


def test_what_would_be_run_is_selected_without_running_it(load, database):
    migrations = load({"001_a.py": PYTHON, "002_b.up.sql": "SELECT 1;"})

    assert select_for(None, migrations, "up", Target(to="1")) == migrations[:1]

    migrate_up(database, migrations)

    assert select_for(database, migrations, "up", Target()) == ()
