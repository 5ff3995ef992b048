from __future__ import annotations

import pytest

import confiture
from confiture.models.migration import Migration
from confiture_core.errors import MigrationError, SqlError
from confiture_core.migrations.executor import migrate_down, migrate_up
from confiture_core.migrations.history import read_history


def migration(body: str, *, attributes: str = "", before: str = "") -> str:
    """Write a migration whose `up` is this body; its first line is line 9 at least."""
    lines = "\n".join(f"        {line}" if line else "" for line in body.splitlines())
    return (
        "from confiture.models.migration import Migration\n"
        f"{before}\n"
        "class A(Migration):\n"
        f"    {attributes or 'name = None'}\n"
        "    def up(self):\n"
        f"{lines}\n"
        "    def down(self):\n"
        "        self.execute('DROP TABLE a')\n"
    )


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_the_class_has_both_import_paths():
    assert confiture.Migration is Migration


def test_several_statements_in_one_string_are_run(database, load, relations):
    text = migration(
        'self.execute("""\n    CREATE TABLE a (i int);\n    CREATE TABLE b (i int)\n""")'
    )

    migrate_up(database, load({"001_a.py": text}))

    assert relations() == {"a", "b"}


def test_rows_can_be_read_and_parameters_given(database, load, scalar):
    text = migration(
        'self.execute("CREATE TABLE a AS SELECT generate_series(1, 3) AS i")\n'
        'for (i,) in self.execute("SELECT i FROM a WHERE i > %s ORDER BY i", [1]).fetchall():\n'
        '    self.execute("UPDATE a SET i = i + %(i)s * 10 WHERE i = %(i)s", {"i": i})'
    )

    migrate_up(database, load({"001_a.py": text}))

    assert scalar("select array_agg(i order by i) from a") == [1, 22, 33]


def test_without_parameters_a_percent_sign_is_itself(database, load, scalar):
    text = migration("self.execute(\"CREATE TABLE a AS SELECT 7 % 4 AS i, '%s' AS t\")")

    migrate_up(database, load({"001_a.py": text}))

    assert scalar("select i || t from a") == "3%s"


@pytest.mark.parametrize(
    ("body", "part", "message"),
    [
        (
            'self.execute("""\n    CREATE TABLE a (\n        i txt\n    )\n""")',
            "i txt",
            'type "txt" does not exist',
        ),
        (
            'self.execute(\n    """\n    SELECT 1;\n    DROP TABLE nowhere\n    """\n)',
            "DROP TABLE nowhere",
            'table "nowhere" does not exist',
        ),
        (
            'self.execute("SELECT 1")\nself.execute("SELEKT 2")',
            "SELEKT",
            'syntax error at or near "SELEKT"',
        ),
        (
            "self.execute(SQL)",
            "FROM nowhere",
            'relation "nowhere" does not exist',
        ),
        (
            'table = "nowhere"\nself.execute(f"""\n    DROP TABLE\n    {table}""")',
            "self.execute(f",
            'table "nowhere" does not exist',
        ),
        (
            'self.execute("SELECT 1")\nself.execute("SELECT %s::int", ["x"])',
            'self.execute("SELECT %s',
            'invalid input syntax for type integer: "x"',
        ),
        (
            'self.execute("SELECT 1")\nself.connection.execute("DROP TABLE nowhere")',
            "self.connection.execute",
            'table "nowhere" does not exist',
        ),
        ('self.execute("SELECT 1", ["x", "y"])', "self.execute", "the query has 0 placeholders"),
    ],
    ids=[
        "in a literal",
        "literal on its own lines",
        "syntax",
        "constant",
        "built at run time",
        "parameter",
        "connection",
        "placeholders",
    ],
)
def test_an_error_in_sql_names_its_line(database, load, relations, body, part, message):
    text = migration(body, before='SQL = """\nSELECT *\nFROM nowhere\n"""\n')

    with pytest.raises(SqlError) as caught:
        migrate_up(database, load({"001_a.py": text}))

    place = f"db/migrations/001_a.py:{line_of(text, part)}: "
    assert str(caught.value).startswith(place + message)
    assert relations() == set()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('int("x")', "ValueError: invalid literal for int() with base 10: 'x'"),
        ("raise LookupError", "LookupError"),
        ("raise SystemExit", "SystemExit"),  # the command would end, and say that all went well
    ],
)
def test_what_the_authors_code_raises_names_its_line(database, load, relations, line, message):
    text = migration(f'self.execute("CREATE TABLE a (i int)")\n\n{line}')

    with pytest.raises(MigrationError) as caught:
        migrate_up(database, load({"001_a.py": text}))

    assert str(caught.value) == f"db/migrations/001_a.py:{line_of(text, line)}: {message}"
    assert relations() == set()


def test_how_an_author_wants_rows_is_for_that_migration_alone(database, load, relations):
    text = migration(
        "self.connection.row_factory = dict_row\n"
        'row = self.execute("SELECT 1 AS one").fetchone()\n'
        'assert row == {"one": 1}\n'
        'self.execute("CREATE TABLE a (i int)")',
        before="from psycopg.rows import dict_row",
    )
    apart = "CREATE INDEX CONCURRENTLY a_i ON a (i);"

    migrate_up(database, load({"001_a.py": text, "002_b.up.sql": apart}))

    assert [row.version for row in read_history(database)] == ["001", "002"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('self.execute("CREATE TABLE a (i int)")\nself.execute("COMMIT")', "COMMIT inside"),
        ('self.execute("VACUUM")', '"VACUUM" cannot run inside a transaction'),
        (
            'self.execute("CREATE TABLE a (i int)")\nself.connection.commit()',
            "the migration ended the transaction",
        ),
        ("self.connection.close()", "the migration closed the connection it runs in"),
    ],
)
def test_ending_the_transaction_is_refused(database, load, body, message):
    with pytest.raises(MigrationError, match=message):
        migrate_up(database, load({"001_a.py": migration(body)}))

    assert database.closed or read_history(database) == ()


def test_a_class_without_up_is_an_error_that_says_so(database, load):
    text = "from confiture import Migration\n\nclass A(Migration):\n    pass\n"

    with pytest.raises(MigrationError, match=r"A has no method up\(\)"):
        migrate_up(database, load({"001_a.py": text}))


def test_down_runs_the_other_method(database, load, relations):
    migrations = load({"001_a.py": migration('self.execute("CREATE TABLE a (i int)")')})
    migrate_up(database, migrations)

    migrate_down(database, migrations)

    assert relations() == set()


def test_dataclasses_in_a_migration_work(database, load, relations):
    before = "from dataclasses import dataclass\n\n@dataclass\nclass Column:\n    name: 'str'\n"
    text = migration(
        "self.execute(f\"CREATE TABLE a ({Column(name='i').name} int)\")", before=before
    )

    migrate_up(database, load({"001_a.py": text}))

    assert relations() == {"a"}


def test_an_escape_that_python_warns_of_stops_nothing(database, load, relations):
    text = migration("self.execute(\"CREATE TABLE a AS SELECT '\\d' AS t\")")

    migrate_up(database, load({"001_a.py": text}))

    assert relations() == {"a"}
