"""Rows that Python migrations copy, and statements that they run in batches."""

from __future__ import annotations

import pytest

from confiture_core.errors import MigrationError, SqlError
from confiture_core.migrations import stepwise
from confiture_core.migrations.dry_run import write_down
from confiture_core.migrations.events import Advanced, Recovered
from confiture_core.migrations.executor import migrate_down, migrate_up
from confiture_core.migrations.history import read_history
from confiture_core.migrations.progress import read_progress
from confiture_core.migrations.status import read_status

IN_BATCHES = "-- confiture: in_batches: id size=10\n"
UPDATE = "UPDATE t SET n = n + 1 WHERE id BETWEEN %(first)s AND %(last)s"


def migration(*lines: str, transactional: bool = False) -> str:
    body = "".join(f"        {line}\n" for line in lines)
    return (
        "from confiture import Migration\n\n\nclass A(Migration):\n"
        f"    transactional = {transactional}\n\n    def up(self):\n{body}"
    )


def in_batches(sql: str = UPDATE, *, key: str = "t.id", size: int = 10) -> str:
    return f"self.in_batches({sql!r}, key={key!r}, size={size})"


@pytest.fixture
def table(database):
    """A hundred rows whose keys have gaps."""
    database.execute("create table t as select i * 3 as id, 0 as n from generate_series(1, 100) i")
    return database


@pytest.mark.parametrize("transactional", [True, False])
@pytest.mark.parametrize(
    "rows", ["[(1, 'a'), (2, None)]", "((i, 'x') for i in (1, 2))", "'1\\ta\\n2\\t\\\\N\\n'"]
)
def test_rows_are_copied(database, load, scalar, transactional, rows):
    text = migration(
        "self.execute('CREATE TABLE a (i int, t text)')",
        f"n = self.copy('COPY a FROM STDIN', {rows})",
        "self.execute('CREATE TABLE counted (n int)')",
        "self.execute('INSERT INTO counted VALUES (%s)', [n])",
        transactional=transactional,
    )

    migrate_up(database, load({"001_a.py": text}))

    assert scalar("select array_agg(i order by i) from a") == [1, 2]
    assert scalar("select n from counted") == 2


def test_a_row_that_does_not_fit_is_an_error_at_its_line(database, load, relations):
    text = migration(
        "self.execute('CREATE TABLE a (i int)')",
        "self.copy('COPY a FROM STDIN', [('one',)])",
        transactional=True,
    )

    with pytest.raises(SqlError) as caught:
        migrate_up(database, load({"001_a.py": text}))

    assert str(caught.value) == (
        'db/migrations/001_a.py:9: invalid input syntax for type integer: "one"'
    )
    assert relations() == set()


@pytest.mark.parametrize("size", [1, 7, 100, 1000])
def test_every_row_is_in_one_batch(table, load, scalar, size):
    migrate_up(table, load({"001_a.py": migration(in_batches(size=size))}))

    assert scalar("select array_agg(distinct n) from t") == [1]


@pytest.mark.parametrize("kind", ["uuid", "text", "timestamptz", "numeric"])
def test_a_key_may_be_of_any_type_with_an_order(database, load, scalar, kind):
    value = {
        "uuid": "gen_random_uuid()",
        "text": "case when i = 1 then '' else repeat('é''', i) end",
        "timestamptz": "now() + i * interval '0.000001 s'",
        "numeric": "i / 7.0",
    }[kind]
    database.execute(
        f'create table t as select {value} as "Id", 0 as n from generate_series(1, 25) i'
    )
    update = 'UPDATE t SET n = n + 1 WHERE "Id" BETWEEN %(first)s AND %(last)s'

    migrate_up(database, load({"001_a.py": migration(in_batches(update, key="public.t.Id"))}))

    assert scalar("select array_agg(distinct n) from t") == [1]


def test_rows_that_share_a_key_are_in_the_same_batch(database, load, scalar):
    database.execute("create table t as select i / 30 as id, 0 as n from generate_series(1, 99) i")

    migrate_up(database, load({"001_a.py": migration(in_batches())}))

    assert scalar("select array_agg(distinct n) from t") == [1]


def test_a_run_that_fails_goes_on_after_the_last_batch_that_it_committed(table, load, scalar):
    table.execute("alter table t add check (not (id = 135 and n > 0))")
    text = migration("self.execute('CREATE TABLE before ()')", in_batches())
    migrations = load({"001_a.py": text})
    with pytest.raises(SqlError) as caught:
        migrate_up(table, migrations)

    assert caught.value.line == 9
    assert scalar(
        "select array_agg(n || ':' || c order by n) from"
        " (select n, count(*) as c from t group by n) s"
    ) == ["0:60", "1:40"]
    (progress,) = read_progress(table)
    assert progress.running is not None
    assert (progress.done, progress.running.last, progress.running.rows) == (1, "120", 40)
    assert read_history(table) == ()
    assert [one.state for one in read_status(table, migrations)] == ["partial"]

    table.execute("alter table t drop constraint t_check")
    events: list[object] = []
    migrate_up(table, migrations, on_event=events.append)

    assert scalar("select array_agg(distinct n) from t") == [1]
    (recovered,) = [one for one in events if isinstance(one, Recovered)]
    assert recovered.message == "goes on in batches by t.id after 120"


@pytest.mark.parametrize("form", ["py", "sql"])
def test_a_runner_killed_between_batches_is_taken_up(
    table, load, another, start_runner, wait_until, scalar, form
):
    held = "pg_advisory_xact_lock_shared(4711) IS NOT NULL"
    if form == "py":
        migrations = load({"001_a.py": migration(in_batches(f"{UPDATE} AND {held}"))})
    else:
        text = f"{IN_BATCHES}UPDATE t SET n = n + 1 WHERE {held};\n"
        migrations = load({"001_a.up.sql": text})
    table.execute(
        "create function hold() returns trigger language plpgsql as"
        " $$ begin perform pg_advisory_xact_lock(4711, 0); return new; end $$"
    )
    table.execute(
        "create trigger hold before update on t for each row when (new.id = 150)"
        " execute function hold()"
    )
    another.execute("select pg_advisory_lock(4711, 0)")
    runner = start_runner()
    wait_until(
        "exists (select from pg_locks where locktype = 'advisory' and not granted and"
        " database = (select oid from pg_database where datname = current_database()))"
    )
    runner.kill()
    runner.wait()
    another.execute("select pg_advisory_unlock(4711, 0)")
    wait_until(
        "not exists (select from pg_locks where locktype = 'advisory' and objsubid = 1 and"
        " database = (select oid from pg_database where datname = current_database()))"
    )

    migrate_up(table, migrations)

    assert scalar("select array_agg(distinct n) from t") == [1]


def test_progress_is_told(table, load, monkeypatch):
    monkeypatch.setattr(stepwise, "_TELL_EVERY_S", 0.0)
    table.execute("analyze t")
    events: list[object] = []

    migrate_up(table, load({"001_a.py": migration(in_batches(size=40))}), on_event=events.append)

    told = [one for one in events if isinstance(one, Advanced)]
    assert [(one.done, one.total) for one in told] == [(40, 100), (80, 100), (100, 100)]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (in_batches("UPDATE t SET n = 1"), r"does not say %\(first\)s"),
        (in_batches(key="id"), '"id" is not a key to go by'),
        (in_batches(size=0), '"0" is not a size'),
        (in_batches(key="t.nothing"), 'column "nothing" does not exist'),
    ],
)
def test_what_cannot_be_done_in_batches_is_said(table, load, line, message):
    with pytest.raises((MigrationError, SqlError), match=message) as caught:
        migrate_up(table, load({"001_a.py": migration(line)}))

    assert (caught.value.path, caught.value.line) == ("db/migrations/001_a.py", 8)


def test_batches_have_no_place_in_one_transaction(table, load):
    text = migration(in_batches(), transactional=True)

    with pytest.raises(MigrationError, match="commits as it goes"):
        migrate_up(table, load({"001_a.py": text}))


def test_a_dry_run_shows_copies_and_batches(database, load):
    (file,) = load({"001_a.py": migration("self.copy('COPY a FROM STDIN', [(1,)])", in_batches())})

    trial = write_down(file, "up")

    assert trial.statements == (
        "/* with the rows that the migration gives */ COPY a FROM STDIN",
        f"/* in batches by t.id, 10 rows each */ {UPDATE}",
    )


@pytest.mark.parametrize(
    ("sql", "left"),
    [
        ("UPDATE t SET n = n + 1", {1: 100}),
        ("UPDATE t SET n = n + 1 WHERE id < 61 OR id > 240 -- both ends\n", {0: 60, 1: 40}),
        ("UPDATE public.t AS x SET n = n + 1 FROM u WHERE u.id = x.id", {0: 99, 1: 1}),
        ("UPDATE t SET n = (SELECT max(id) FROM u WHERE id > 0) RETURNING id", {3: 100}),
        ("DELETE FROM t WHERE id IN (SELECT id FROM u WHERE true)", {0: 99}),
        ("DELETE FROM t", {}),
        ("WITH two AS (SELECT 2 AS n) UPDATE t SET n = two.n FROM two", {2: 100}),
        ("UPDATE t SET n = n + 1 WHERE id > 0 AND id % 2 = 0 AND 'a%' LIKE 'a\\%'", {0: 50, 1: 50}),
    ],
)
@pytest.mark.parametrize("size", [7, 1000])
def test_a_statement_of_an_sql_file_is_run_in_batches(table, load, sql, left, size):
    table.execute("create table u as select 3 as id, 0 as other")
    text = f"-- confiture: in_batches: id size={size} pause=1ms\n{sql};\n"

    migrate_up(table, load({"001_a.up.sql": text}))

    rows = table.execute("select n, count(*) from t group by n").fetchall()
    assert dict(rows) == left


def test_other_statements_of_the_file_commit_beside_the_batches(table, load, scalar):
    text = (
        "ALTER TABLE t ADD filled boolean;\n\n"
        "-- The old rows.\n-- confiture: in_batches: id\nUPDATE t SET filled = true;\n"
        "CREATE INDEX CONCURRENTLY by_filled ON t (filled);\n"
    )

    migrate_up(table, load({"001_a.up.sql": text}))

    assert scalar("select bool_and(filled) from t") is True
    assert scalar("select to_regclass('by_filled') is not null") is True


def test_the_way_back_may_have_batches_as_well(table, load, scalar):
    files = {
        "001_a.up.sql": f"{IN_BATCHES}UPDATE t SET n = 1;\n",
        "001_a.down.sql": f"{IN_BATCHES}UPDATE t SET n = 0;\n",
    }
    migrations = load(files)
    migrate_up(table, migrations)

    migrate_down(table, migrations)

    assert scalar("select array_agg(distinct n) from t") == [0]
    assert read_history(table) == ()


def test_an_sql_file_that_fails_goes_on_after_its_last_batch(table, load, scalar):
    table.execute("alter table t add check (not (id = 135 and n > 0))")
    migrations = load({"001_a.up.sql": f"SELECT 1;\n\n{IN_BATCHES}UPDATE t\nSET n = n + 1;\n"})
    with pytest.raises(SqlError) as caught:
        migrate_up(table, migrations)

    assert (caught.value.path, caught.value.line) == ("db/migrations/001_a.up.sql", 4)
    assert scalar("select count(*) from t where n = 1") == 40

    table.execute("alter table t drop constraint t_check")
    migrate_up(table, migrations)

    assert scalar("select array_agg(distinct n) from t") == [1]


@pytest.mark.parametrize("form", ["py", "sql"])
def test_rows_without_a_key_are_not_passed_over(table, load, form):
    table.execute("insert into t values (null, 0)")
    files = {
        "py": {"001_a.py": migration(in_batches())},
        "sql": {"001_a.up.sql": f"{IN_BATCHES}UPDATE t SET n = 1;\n"},
    }

    with pytest.raises(MigrationError, match='"id" is NULL in some rows of "t"'):
        migrate_up(table, load(files[form]))


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("-- confiture: in_batches\nUPDATE t SET n = 1;", 1, "cannot read"),
        ("-- confiture: in_batches: id 500\nUPDATE t SET n = 1;", 2, "cannot read"),
        ("-- confiture: in_batches: id sise=5\nUPDATE t SET n = 1;", 2, '"sise" is no setting'),
        ("-- confiture: in_batches: id size=0\nUPDATE t SET n = 1;", 2, '"0" is not a size'),
        ("-- confiture: in_batches: id pause=x\nUPDATE t SET n = 1;", 2, "not a duration"),
        (f"{IN_BATCHES}INSERT INTO t VALUES (1);", 2, "only UPDATE and DELETE"),
        (f"{IN_BATCHES}UPDATE t SET n = 1 WHERE CURRENT OF c;", 2, "no place for a range"),
        (f"SELECT 1;\n{IN_BATCHES}", 2, "stands once above each statement"),
        (f"UPDATE t\n{IN_BATCHES}SET n = 1;", 2, "stands once above each statement"),
        (f"{IN_BATCHES}{IN_BATCHES}UPDATE t SET n = 1;", 2, "stands once above each statement"),
        (f"BEGIN;\n{IN_BATCHES}UPDATE t SET n = 1;\nCOMMIT;", 3, "cannot run in batches between"),
        (
            f"-- confiture: transactional: true\n{IN_BATCHES}UPDATE t SET n = 1;",
            3,
            "commits as it goes",
        ),
    ],
)
def test_what_cannot_be_done_in_batches_is_said_of_an_sql_file(table, load, text, line, message):
    with pytest.raises(MigrationError, match=message) as caught:
        migrate_up(table, load({"001_a.up.sql": text}))

    assert (caught.value.path, caught.value.line) == ("db/migrations/001_a.up.sql", line)


def test_a_dry_run_shows_the_batches_of_an_sql_file(database, load):
    (file,) = load({"001_a.up.sql": f"{IN_BATCHES}UPDATE t SET n = 1;\n"})

    trial = write_down(file, "up")

    assert not trial.transactional
    assert trial.statements == ("/* in batches by t.id, 10 rows each */ UPDATE t SET n = 1",)
