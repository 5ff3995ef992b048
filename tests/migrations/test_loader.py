from __future__ import annotations

import os
from pathlib import Path

import pytest

from confiture_core.errors import MigrationError, ProjectError
from confiture_core.migrations.loader import load_migrations, read_directory

PYTHON = """\
from confiture.models.migration import Migration


class A(Migration):
    def up(self):
        self.execute("SELECT 1")

    def down(self):
        self.execute("SELECT 2")
"""


def test_migrations_are_loaded_in_the_order_of_their_versions(load):
    found = load(
        {
            "010_c.py": PYTHON,
            "9_b.up.sql": "SELECT 1",
            "9_b.down.sql": "SELECT 2",
            "001_a.up.sql": "SELECT 1",
            "README.md": "",
        }
    )

    assert [file.label for file in found] == ["001_a", "9_b", "010_c"]
    assert [file.kind for file in found] == ["sql", "sql", "py"]
    assert [file.down_text for file in found] == [None, "SELECT 2", None]
    assert found[1].shown == "db/migrations/9_b.up.sql"


def test_a_directory_that_is_not_there_holds_no_migrations(tmp_path):
    assert load_migrations(tmp_path / "nowhere") == ()


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (
            ["001_a.up.sql", "001_b.up.sql"],
            'db/migrations/001_b.up.sql: version "001" is taken by db/migrations/001_a.up.sql',
        ),
        (
            ["001_a.up.sql", "1_b.up.sql"],
            'db/migrations/1_b.up.sql: version "001" is taken by db/migrations/001_a.up.sql',
        ),
        (["001_a.down.sql"], "db/migrations/001_a.down.sql: a down without its up"),
        (
            ["001_drop_job.up.sql", "001_drop_join.down.sql"],
            "db/migrations/001_drop_join.down.sql: the name is not that of its pair,"
            " db/migrations/001_drop_job.up.sql",
        ),
        (
            ["001_a.py", "001_a.down.sql"],
            "db/migrations/001_a.down.sql: db/migrations/001_a.py has its own way down",
        ),
    ],
    ids=["duplicate", "duplicate by number", "orphan", "other name", "down beside python"],
)
def test_files_that_are_not_one_migration_are_refused(load, names, message):
    with pytest.raises(MigrationError) as caught:
        load(dict.fromkeys(names, PYTHON))

    assert str(caught.value) == message


def test_everything_that_is_wrong_is_reported_at_once(load, directory, tmp_path):
    load({"001_a.up.sql": "", "004_d.up.sql": "", "init.sql": "", "_helper.py": ""})
    for name in ("003_c.down.sql", "002_x.up.sql", "002_y.up.sql"):
        (directory / name).write_text("")

    found = read_directory(directory, root=tmp_path)

    assert [file.version for file in found.migrations] == ["001", "004"]
    assert [(one.shown, one.is_error) for one in found.problems] == [
        ("db/migrations/init.sql", False),
        ("db/migrations/002_y.up.sql", True),
        ("db/migrations/003_c.down.sql", True),
        ("db/migrations/004_d.up.sql", False),
    ]
    assert found.problems[-1].message == "versions 002 to 003 are missing before it"


def test_a_python_file_without_a_migration_class_is_refused(load):
    with pytest.raises(MigrationError) as caught:
        load({"001_a.py": "from confiture import Migration\n\nclass Other:\n    pass\n"})

    assert str(caught.value) == "db/migrations/001_a.py: No Migration class found"


def test_a_migration_class_under_another_name_is_found(load):
    (file,) = load(
        {
            "001_a.py": PYTHON.replace("import Migration", "import Migration as M").replace(
                "(Migration)", "(M)"
            )
        }
    )

    assert file.migration_class.__name__ == "A"


def test_a_base_class_in_the_same_file_is_no_migration_of_its_own(load):
    (file,) = load({"001_a.py": PYTHON + "\n\nclass B(A):\n    pass\n"})

    assert file.migration_class.__name__ == "B"


def test_two_migration_classes_in_one_file_are_refused(load):
    (file,) = load({"001_a.py": PYTHON + "\n\nclass B(Migration):\n    pass\n"})

    with pytest.raises(MigrationError, match="several Migration classes: A, B"):
        _ = file.migration_class


def test_a_class_that_says_another_version_than_its_file_is_refused(load):
    (file,) = load({"002_a.py": PYTHON.replace("    def up", '    version = "001"\n\n    def up')})

    with pytest.raises(MigrationError, match=r'says version "001", the file\'s name "002"'):
        _ = file.migration_class


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1\nclass A(Migration)\n", "db/migrations/001_a.py:2: not Python: expected ':'"),
        (
            PYTHON + "\n\nraise RuntimeError('no\\nmore')\n",
            "db/migrations/001_a.py:12: RuntimeError: no",
        ),
    ],
    ids=["syntax", "raises"],
)
def test_python_that_cannot_be_run_is_an_error_at_its_line(load, text, message):
    (file,) = load({"001_a.py": text})

    with pytest.raises(MigrationError) as caught:
        _ = file.migration_class

    assert str(caught.value) == message


def test_nothing_is_written_beside_a_python_migration(load, directory):
    (file,) = load({"001_a.py": PYTHON})

    assert file.migration_class.transactional
    assert [path.name for path in directory.iterdir()] == ["001_a.py"]


def test_a_file_that_is_not_utf8_is_refused_with_its_line(load, directory):
    (directory / "001_a.up.sql").write_bytes(b"SELECT 1;\nSELECT '\xe9';\n")

    with pytest.raises(ProjectError) as caught:
        load({})

    assert str(caught.value) == "db/migrations/001_a.up.sql:2: the file is not UTF-8"


def test_a_file_with_a_nul_is_refused_with_its_line(load, directory):
    (directory / "001_a.up.sql").write_bytes(b"SELECT 1;\n-- \0\n")

    with pytest.raises(ProjectError, match=r"001_a.up.sql:2: the file is no text: it holds a NUL"):
        load({})


def test_a_name_that_is_not_utf8_is_refused(load, directory):
    Path(os.fsdecode(os.fsencode(directory) + b"/001_\xe9.up.sql")).write_text("SELECT 1;")

    with pytest.raises(ProjectError, match="the file's name is not UTF-8"):
        load({})


def test_an_sql_migration_says_what_is_unusual_in_its_head(load):
    (file,) = load(
        {
            "001_a.up.sql": (
                "-- A comment\n"
                "-- confiture: irreversible: the rows are gone\n"
                "-- confiture: lossy: users.bio, posts\n"
                "-- confiture: lock_timeout: 500ms\n"
                "-- confiture: statement_timeout = 2min\n"
                "-- confiture: transactional: false\n\n"
                "SELECT 1;\n"
            )
        }
    )

    assert file.irreversible == "the rows are gone"
    assert file.lossy == ("users.bio", "posts")
    assert not file.transactional
    assert (file.options.lock_timeout_s, file.options.statement_timeout_s) == (0.5, 120.0)


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("transactionl: false", 'unknown option "transactionl"', 'did you mean "transactional"?'),
        ("transactional: maybe", '"transactional" must be true or false', None),
        (
            "lock_timeout: soon",
            '"lock_timeout" is not a duration',
            'write "500ms", "10s" or "2min"',
        ),
        ("later", "cannot read this option: -- confiture: later", None),
    ],
)
def test_an_option_that_is_not_one_is_refused(load, line, message, hint):
    (file,) = load({"001_a.up.sql": f"\n-- confiture: {line}\nSELECT 1;"})

    with pytest.raises(MigrationError) as caught:
        _ = file.options

    assert (caught.value.message, caught.value.line) == (message, 2)
    assert hint is None or caught.value.hint == hint


def test_an_option_below_the_head_is_refused_unless_it_is_text(load):
    below, text = load(
        {
            "001_a.up.sql": "SELECT 'ä';\n-- confiture: transactional: false\nSELECT 2;",
            "002_b.up.sql": "SELECT '\n-- confiture: transactional: false\n';",
        }
    )

    with pytest.raises(MigrationError, match="not at the head") as caught:
        _ = below.options

    assert (caught.value.path, caught.value.line) == (below.shown, 2)
    assert text.options.transactional is None


def test_a_migration_that_cannot_go_back_says_why(load):
    sql, with_down, python, marked = load(
        {
            "001_a.up.sql": "SELECT 1",
            "002_b.up.sql": "SELECT 1",
            "002_b.down.sql": "-- confiture: irreversible: half of it is lost\n",
            "003_c.py": PYTHON.split("    def down")[0],
            "004_d.py": PYTHON.replace("    def up", '    irreversible = "why"\n\n    def up'),
        }
    )

    assert sql.irreversible == "db/migrations/001_a.up.sql has no .down.sql beside it"
    assert with_down.irreversible == "half of it is lost"
    assert python.irreversible == "db/migrations/003_c.py has no method down()"
    assert marked.irreversible == "why"


def test_a_pair_may_have_no_name(load):
    (file,) = load({"0157.up.sql": "SELECT 1", "0157.down.sql": "SELECT 2"})

    assert (file.version, file.name, file.label) == ("0157", "", "0157")
    assert file.down_text == "SELECT 2"


def test_a_migration_in_another_language_is_told_of(directory):
    (directory / "001_users.up.go").write_text("package main")

    (problem,) = read_directory(directory).problems

    assert problem.message == "not the name of a migration: it is left alone"
    assert not problem.is_error


def test_of_several_dialects_that_of_postgresql_is_taken(load):
    found = load(
        {
            "1_a.up.sql": "SELECT 'for all'",
            "1_a.postgres.up.sql": "SELECT 'ours'",
            "1_a.mysql.up.sql": "SELECT `theirs`",
            "1_a.down.sql": "SELECT 'back'",
            "2_b.sqlite.up.sql": "PRAGMA x",
            "3_c.up.sql": "SELECT 1",
            "3_c.pg.down.sql": "SELECT 2",
            "4_d.e.up.sql": "SELECT 3",
            "5_f.postgresql.sql": "-- +goose Up\nSELECT 4;\n",
            "5_f.sqlite3.sql": "-- +goose Up\nPRAGMA x;\n",
        }
    )

    assert [file.label for file in found] == ["1_a", "3_c", "4_d.e", "5_f"]
    assert [file.text for file in found[:3]] == ["SELECT 'ours'", "SELECT 1", "SELECT 3"]
    assert [file.down_text for file in found[:3]] == ["SELECT 'back'", "SELECT 2", None]


def test_what_is_for_other_databases_is_said_in_one_note(tmp_path):
    for name in ("1_a.up.sql", "2_b.mysql.up.sql", "2_b.sqlite3.up.sql", "3_c.up.sql"):
        (tmp_path / name).write_text("SELECT 1;")

    found = read_directory(tmp_path, root=tmp_path.parent)

    assert found.problems == ()  # nor is 2 missing
    (note,) = found.strays
    assert (note.message, note.shown) == (
        "2 files for mysql, sqlite3 are left alone",
        tmp_path.name,
    )


def test_two_files_for_postgresql_are_one_too_many(load):
    with pytest.raises(MigrationError, match='version "1" is taken by'):
        load({"1_a.pg.up.sql": "SELECT 1", "1_a.postgres.up.sql": "SELECT 2"})
