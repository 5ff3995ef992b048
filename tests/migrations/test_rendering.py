from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confiture_core.migrations.meaning import same_sql, sql_tokens
from confiture_core.migrations.rendering import (
    class_name,
    render_python_migration,
    render_sql_migration,
)
from confiture_core.statements import split_statements

CREATE_USERS = """CREATE TABLE users (
    id SERIAL PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL UNIQUE,
    created_at TIMESTAMP DEFAULT NOW()
)"""

# Step 4 of the user's guide.
FIRST_MIGRATION = '''"""Migration: create_users_table

Version: 001
"""

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
                username TEXT NOT NULL UNIQUE,
                email TEXT NOT NULL UNIQUE,
                created_at TIMESTAMP DEFAULT NOW()
            )
        """)
        self.execute("CREATE INDEX idx_users_username ON users(username)")
        self.execute("CREATE INDEX idx_users_email ON users(email)")

    def down(self) -> None:
        """Rollback migration."""
        self.execute("DROP TABLE users")
'''


def executed(text: str) -> list[str]:
    """Read the SQL back that a rendered migration executes."""
    return [
        ast.literal_eval(node.args[0])
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "execute"
    ]


def test_the_first_migration_of_the_guide_is_rendered_to_the_letter():
    up = [
        CREATE_USERS,
        "CREATE INDEX idx_users_username ON users(username)",
        "CREATE INDEX idx_users_email ON users(email)",
    ]

    text = render_python_migration("001", "create_users_table", up, ["DROP TABLE users"])

    assert text == FIRST_MIGRATION


@pytest.mark.parametrize(
    "sql",
    [
        r"SELECT '\d+', E'\n'",
        """SELECT 'it''s', "a" """.strip(),
        "SELECT \"\"\", '''",
        "SELECT 100 % 7, '%s', '%%'",
        "COMMENT ON TABLE a IS 'one\n   two'",
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN 1;\nEND\n$$",
        'SELECT 1 AS "a\n b"',
        "SELECT 'a\r\nb'",
        "SELECT 'one\n' || $x$\"\"\"'''$x$",
        "SELECT 1\n-- why\n, 2",
        "SELECT 'a\\'",
        "SELECT \"a\" || 'b' || '\\'\n",
    ],
)
def test_every_statement_comes_back_as_the_same_sql(sql):
    text = render_python_migration("001", "a", [sql], ["SELECT 1"])

    assert sql_tokens(executed(text)[0]) == sql_tokens(sql)


def test_the_body_of_a_function_keeps_its_indentation():
    body = "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$\n  SELECT 1\n$$"

    assert executed(render_python_migration("001", "a", [body], []))[0].strip() == body


@given(
    st.lists(
        st.text(alphabet="ab'\"\\\n\r\t %{}$é", min_size=1, max_size=12), min_size=1, max_size=4
    )
)
def test_no_text_is_changed_by_being_rendered(parts):
    # As constants, they are SQL whatever they hold.
    sql = "SELECT\n" + ",\n".join("'" + part.replace("'", "''") + "'" for part in parts)

    text = render_python_migration("001", "a", [sql], [])

    assert sql_tokens(executed(text)[0]) == sql_tokens(sql)


def test_what_is_not_usual_is_said_in_the_class():
    text = render_python_migration(
        "003",
        "index_bio",
        ["CREATE INDEX CONCURRENTLY i ON users (bio)"],
        [],
        transactional=False,
        irreversible='it "cannot"',
        notes=["takes long\non large tables"],
    )

    assert "    transactional = False\n    irreversible = 'it \"cannot\"'\n" in text
    assert "        # takes long\n        # on large tables\n        self.execute(" in text
    assert "def down" not in text


def test_an_empty_migration_has_both_methods():
    text = render_python_migration("001", "migrate_user_data", [], [])

    compile(text, "001_migrate_user_data.py", "exec")
    assert text.count("def ") == 2


def test_a_pair_of_sql_files_holds_the_statements():
    up, down = render_sql_migration(
        "001", "a", ["SELECT 1 -- one", "SELECT 2"], ["SELECT 3"], transactional=False
    )

    assert [statement.sql for statement in split_statements(up)] == ["SELECT 1", "SELECT 2"]
    assert up.startswith("-- Migration: a\n-- Version: 001\n-- confiture: transactional: false\n")
    assert down is not None
    assert same_sql(down, "SELECT 3;")


def test_an_irreversible_pair_has_no_down_file():
    up, down = render_sql_migration("001", "a", ["SELECT 1"], [], irreversible="rows\nare lost")

    assert "-- confiture: irreversible: rows are lost\n" in up
    assert down is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("create_users_table", "CreateUsersTable"),
        ("add_2fa", "Add2fa"),
        ("2fa", "Migration2fa"),
        ("none", "MigrationNone"),
        ("migration", "MigrationMigration"),
        ("addBio", "AddBio"),
    ],
)
def test_a_class_is_named_after_its_migration(name, expected):
    assert class_name(name) == expected
