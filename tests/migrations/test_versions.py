from __future__ import annotations

from datetime import UTC, datetime

import pytest

from confiture_core.errors import MigrationError
from confiture_core.migrations.versions import (
    is_sequential,
    migration_name,
    next_version,
    parse_file_name,
    sort_key,
)

NOON = datetime(2026, 1, 2, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("versions", "following"),
    [
        ([], "001"),
        (["001"], "002"),
        (["001", "009", "002"], "010"),
        (["999"], "1000"),
        (["0041"], "0042"),
        (["9", "10"], "11"),
        (["20260101093000"], "20260102120000"),
        (["20300101000000"], "20300101000001"),
        (["20300101"], "20300102"),
        (["1690000000"], "1767355200"),
        (["00000000000000"], "00000000000001"),
    ],
)
def test_the_next_version_has_the_form_of_those_before(versions, following):
    assert next_version(versions, now=NOON) == following


def test_versions_are_ordered_by_number():
    assert sorted(["10", "9", "0008"], key=sort_key) == ["0008", "9", "10"]


def test_timestamps_have_no_gaps():
    assert is_sequential(["001", "0042"])
    assert not is_sequential(["001", "20260101093000"])


@pytest.mark.parametrize(
    ("text", "version", "name", "suffix"),
    [
        ("001_create_users_table.py", "001", "create_users_table", ".py"),
        ("0002_a.b.up.sql", "0002", "a.b", ".up.sql"),
        ("20260101093000_x.down.sql", "20260101093000", "x", ".down.sql"),
        ("0157.down.sql", "0157", "", ".down.sql"),
    ],
)
def test_a_file_name_says_version_and_name(text, version, name, suffix):
    parsed = parse_file_name(text)

    assert parsed is not None
    assert (parsed.version, parsed.name, parsed.suffix) == (version, name, suffix)


@pytest.mark.parametrize("text", ["users.sql", "001.py", "001.sql", "v1_x.py", "x_001.py"])
def test_any_other_file_name_says_nothing(text):
    assert parse_file_name(text) is None


@pytest.mark.parametrize(
    ("text", "name"), [("add_bio", "add_bio"), (" Add users-bio ", "add_users_bio")]
)
def test_a_name_is_made_of_what_the_user_types(text, name):
    assert migration_name(text) == name


@pytest.mark.parametrize("text", ["", "  ", "--", "../"])
def test_a_name_without_letters_is_refused(text):
    with pytest.raises(MigrationError, match="not a name"):
        migration_name(text)
