from __future__ import annotations

import pytest

from confiture_core.errors import MigrationError
from confiture_core.migrations.script import parse_script


def units(text: str) -> list[tuple[str, ...]]:
    script = parse_script(text, shown="001_a.up.sql")
    return [tuple(one.sql for one in unit.statements) for unit in script.units]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1; SELECT 2;",
        "BEGIN; SELECT 1; SELECT 2; COMMIT;",
        "-- why\nSTART TRANSACTION;\nSELECT 1;\nSELECT 2;\nEND;\n",
    ],
)
def test_one_transaction_around_the_whole_file_is_left_out(text):
    script = parse_script(text, shown="001_a.up.sql")

    assert script.transactional
    assert units(text) == [("SELECT 1",), ("SELECT 2",)]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (
            "-- why\nBEGIN ISOLATION LEVEL SERIALIZABLE;\nSELECT 1;\nCOMMIT;",
            2,
            "BEGIN ISOLATION LEVEL SERIALIZABLE: confiture begins the transaction, and in the"
            " server's usual mode",
        ),
        (
            "SELECT 1;\n\nCOMMIT;\nSELECT 2;",
            3,
            "COMMIT inside a migration that runs in one transaction",
        ),
        (
            "BEGIN;\nSELECT 1;\nCOMMIT;\nSELECT 2;\nBEGIN;\nSELECT 1;\nCOMMIT;",
            3,
            "COMMIT inside a migration that runs in one transaction",
        ),
        (
            "BEGIN;\nSELECT 1;",
            1,
            "BEGIN inside a migration that runs in one transaction",
        ),
        (
            "-- confiture: transactional: true\nCREATE INDEX CONCURRENTLY i ON t (a);",
            2,
            '"CREATE INDEX CONCURRENTLY" cannot run inside a transaction',
        ),
        (
            "BEGIN;\nSELECT 1;\nCREATE INDEX CONCURRENTLY i ON t (a);\nCOMMIT;",
            3,
            '"CREATE INDEX CONCURRENTLY" cannot run between BEGIN and COMMIT',
        ),
        ("-- confiture: transactional: false\nSELECT 1;\nCOMMIT;", 3, "COMMIT without its pair"),
        ("-- confiture: transactional: false\nBEGIN;\nSELECT 1;", 2, "BEGIN without COMMIT"),
        (
            "-- confiture: transactional: false\nBEGIN;\nROLLBACK;",
            3,
            "ROLLBACK without its pair",
        ),
    ],
)
def test_what_ends_the_transaction_is_refused_at_its_line(text, line, message):
    with pytest.raises(MigrationError) as caught:
        parse_script(text, shown="001_a.up.sql")

    assert str(caught.value) == f"001_a.up.sql:{line}: {message}"


def test_a_file_that_is_nothing_but_blocks_commits_in_as_many_steps():
    text = "BEGIN; SELECT 1; SELECT 2; COMMIT;\nSTART TRANSACTION; SELECT 3; END;"

    assert not parse_script(text, shown="001_a.up.sql").transactional
    assert units(text) == [("SELECT 1", "SELECT 2"), ("SELECT 3",)]


def test_a_savepoint_ends_no_transaction():
    text = "SAVEPOINT a; SELECT 1; ROLLBACK TO a; RELEASE a;"

    assert parse_script(text, shown="001_a.up.sql").transactional


def test_a_file_with_a_concurrent_index_commits_in_steps_without_being_told():
    script = parse_script(
        "CREATE TABLE t (a int); CREATE INDEX CONCURRENTLY i ON t (a); VACUUM t;",
        shown="001_a.up.sql",
    )

    assert not script.transactional
    assert [unit.is_transactional for unit in script.units] == [True, False, False]


def test_what_stands_between_begin_and_commit_is_one_step():
    text = (
        "-- confiture: transactional: false\n"
        "SELECT 1; BEGIN; SELECT 2; SAVEPOINT a; SELECT 3; COMMIT; SELECT 4;"
    )

    assert units(text) == [("SELECT 1",), ("SELECT 2", "SAVEPOINT a", "SELECT 3"), ("SELECT 4",)]


@pytest.mark.parametrize(
    ("text", "is_patient"),
    [
        ("UPDATE t SET a = 1; INSERT INTO t VALUES (1)", True),
        ("ALTER TABLE t VALIDATE CONSTRAINT c", True),
        ("WITH x AS (SELECT 1) DELETE FROM t", True),
        ("ALTER TABLE t VALIDATE CONSTRAINT c, ADD COLUMN b int", False),
        ("UPDATE t SET a = 1; ALTER TABLE t ADD COLUMN b int", False),
        ("CREATE TABLE t (a int)", False),
        ("", False),
    ],
)
def test_only_what_moves_rows_or_validates_may_wait_for_ever(text, is_patient):
    assert parse_script(text, shown="001_a.up.sql").is_patient is is_patient
