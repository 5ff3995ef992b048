"""Files with both directions in them, as other tools write them."""

from __future__ import annotations

import pytest

from confiture_core.errors import MigrationError, SqlError
from confiture_core.migrations.loader import read_directory
from confiture_core.migrations.run import apply_migration, roll_back_migration

DBMATE = """\
-- migrate:up
CREATE TABLE users (id INTEGER);

-- migrate:down
DROP TABLE users;
"""
GOOSE = """\
-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION one() RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    RETURN 1;
END
$$;
-- +goose StatementEnd
-- +goose Down
DROP FUNCTION one();
"""


@pytest.mark.parametrize(
    "text",
    [DBMATE, GOOSE, DBMATE.replace("migrate:", "+migrate ")],
    ids=["dbmate", "goose", "sql-migrate"],
)
def test_a_file_with_markers_goes_up_and_down(text, load, database):
    (file,) = load({"20240101_a.sql": text})

    apply_migration(database, file, record=False)
    there = database.execute("select to_regclass('users'), to_regproc('one')").fetchone()
    roll_back_migration(database, file, record=False)
    gone = database.execute("select to_regclass('users'), to_regproc('one')").fetchone()

    assert any(there)
    assert gone == (None, None)


def test_lines_of_errors_are_those_of_the_file(load, database):
    (file,) = load({"001_a.sql": DBMATE.replace("DROP TABLE users", "DROP TABLE people")})

    with pytest.raises(SqlError) as caught:
        roll_back_migration(database, file, record=False)

    assert (caught.value.path, caught.value.line) == ("db/migrations/001_a.sql", 5)


@pytest.mark.parametrize(
    ("text", "up", "down"),
    [
        (DBMATE, True, True),
        (DBMATE.replace("migrate:up", "migrate:up transaction:false"), False, True),
        (DBMATE.replace("migrate:down", "migrate:down transaction:false"), True, False),
        (GOOSE.replace("-- +goose Up", "-- +goose NO TRANSACTION\n-- +goose Up"), False, False),
        ("-- +migrate Up notransaction\nSELECT 1;\n-- +migrate Down\nSELECT 2;", False, True),
    ],
    ids=["dbmate", "dbmate up", "dbmate down", "goose", "sql-migrate"],
)
def test_markers_say_what_runs_outside_a_transaction(text, up, down, load):
    (file,) = load({"001_a.sql": text})

    assert file.is_transactional("up") is up
    assert file.is_transactional("down") is down


def test_a_file_without_a_way_down_has_none(load):
    (file,) = load({"001_a.sql": "-- +goose Up\nSELECT 1;\n"})

    assert not file.has_down
    assert file.irreversible == "db/migrations/001_a.sql has no way down"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("-- +goose Up\n-- +goose ENVSUB ON\n", '2: confiture does not know "-- +goose ENVSUB ON"'),
        ("-- migrate:up\n-- migrate:up\n", "2: the same marker for a second time"),
    ],
)
def test_markers_that_cannot_be_followed_are_refused(text, message, load):
    with pytest.raises(MigrationError) as caught:
        load({"001_a.sql": text})

    assert str(caught.value) == f"db/migrations/001_a.sql:{message}"


def test_a_file_without_markers_is_left_alone(directory, tmp_path):
    (directory / "001_a.sql").write_text("SELECT 1;\n", encoding="utf-8")

    found = read_directory(directory, root=tmp_path)

    assert found.migrations == ()
    assert [problem.shown for problem in found.problems] == ["db/migrations/001_a.sql"]
