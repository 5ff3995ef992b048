from __future__ import annotations

import pytest

from confiture_core.migrations.meaning import digest, same_sql, same_up

MIGRATION = '''
from confiture.models.migration import Migration

class AddBio(Migration):
    """Migration: add_bio."""
    version = "002"
    name = "add_bio"

    def up(self) -> None:
        self.execute("ALTER TABLE users ADD COLUMN bio TEXT")

    def down(self) -> None:
        self.execute("ALTER TABLE users DROP COLUMN bio")
'''


@pytest.mark.parametrize(
    "other",
    [
        "create table a (b text default 'X');",
        "CREATE TABLE a\r\n(\r\n  b TEXT DEFAULT 'X'\r\n);\r\n",
        "-- why\nCREATE TABLE A (b text /* what */ DEFAULT 'X')",
    ],
)
def test_writing_sql_in_another_way_is_no_difference(other):
    assert same_sql("CREATE TABLE a (b text DEFAULT 'X');", other)


@pytest.mark.parametrize(
    "other",
    [
        "CREATE TABLE a (b text DEFAULT 'x')",
        "CREATE TABLE \"A\" (b text DEFAULT 'X')",
        "CREATE TABLE a (b text DEFAULT 'X', c int)",
        "CREATE TABLE a (b text DEFAULT 'X'); DROP TABLE b",
    ],
)
def test_other_sql_is_a_difference(other):
    assert not same_sql("CREATE TABLE a (b text DEFAULT 'X');", other)


def test_a_comment_in_the_body_of_a_function_is_a_difference():
    assert not same_sql("do $$ begin end $$", "do $$ begin /* x */ end $$")


def test_text_that_is_no_sql_is_compared_as_text():
    assert same_sql("select 'a", "select 'a")
    assert not same_sql("select 'a", "select 'b")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("class", "# a comment\nclass"),
        ('"""Migration: add_bio."""', '"""Say more about it."""'),
        ("ALTER TABLE users ADD", "alter   table users add"),
        ("DROP COLUMN bio", "DROP COLUMN bio CASCADE"),
        ("\n", "\r\n"),
    ],
    ids=["comment", "docstring", "sql written differently", "another way down", "line endings"],
)
def test_a_python_migration_with_the_same_up_is_the_same(old, new):
    assert same_up(MIGRATION, MIGRATION.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [("ADD COLUMN bio TEXT", "ADD COLUMN bio VARCHAR"), ("up(self)", "up(self, more=1)")],
)
def test_a_python_migration_with_another_up_is_another(old, new):
    assert not same_up(MIGRATION, MIGRATION.replace(old, new))


def test_line_endings_do_not_change_a_digest():
    assert digest("a\nb\n") == digest("a\r\nb\r\n")
