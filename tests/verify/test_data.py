"""Rows: what loses them, what fails on them, and what a migration may say about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confiture_core.verify.text import render_verdict, reported

if TYPE_CHECKING:
    from confiture_core.verify.finding import Verdict
    from tests.verify.conftest import Verify

_USERS = {
    "001_users.up.sql": """
        CREATE TABLE users (id int PRIMARY KEY, phone text, age int NOT NULL);
        CREATE TABLE posts (id int PRIMARY KEY, author int NOT NULL REFERENCES users);
    """,
    "001_users.down.sql": "DROP TABLE posts; DROP TABLE users",
}


def _data(verify: Verify, up: str, down: str) -> Verdict:
    files = {**_USERS, "002_change.up.sql": up, "002_change.down.sql": down}
    return verify(files)["002_change"]["data-survives"]


def test_a_column_taken_away_loses_its_values(verify: Verify) -> None:
    verdict = _data(verify, "ALTER TABLE users DROP phone", "ALTER TABLE users ADD phone text")

    assert not verdict.holds
    assert render_verdict(verdict) == (
        "db/migrations/002_change.down.sql:1: column public.users.phone"
        " had Phone 1, phone 0 and has null, null"
    )


def test_a_table_emptied_is_found_though_the_schema_is_as_it_was(verify: Verify) -> None:
    verdict = _data(verify, "DELETE FROM posts", "SELECT 1")

    assert render_verdict(verdict).endswith("3 of 3 rows of table public.posts are lost")


def test_capitals_that_do_not_come_back_are_found(verify: Verify) -> None:
    there, back = "UPDATE users SET phone = upper(phone)", "UPDATE users SET phone = lower(phone)"

    assert "had Phone 1 and has phone 1" in render_verdict(_data(verify, there, back))


def test_values_that_change_places_are_found(verify: Verify) -> None:
    verdict = _data(
        verify, "UPDATE users SET age = (SELECT max(age) + min(age) FROM users) - age", "SELECT 1"
    )

    assert "values of table public.users have moved from row to row" in render_verdict(verdict)


def test_rows_that_come_back_are_no_loss(verify: Verify) -> None:
    verdict = _data(
        verify,
        "CREATE TABLE phones AS SELECT id, phone FROM users; ALTER TABLE users DROP phone",
        "ALTER TABLE users ADD phone text;"
        "UPDATE users u SET phone = p.phone FROM phones p WHERE p.id = u.id; DROP TABLE phones",
    )

    assert verdict.holds
    assert not verdict.findings


def test_a_column_not_null_without_a_default_fails_on_rows(verify: Verify) -> None:
    files = {
        **_USERS,
        "002_bio.up.sql": "SELECT 1;\nALTER TABLE users ADD bio text NOT NULL",
        "002_bio.down.sql": "ALTER TABLE users DROP bio",
        "003_age.up.sql": "ALTER TABLE users DROP age",
        "003_age.down.sql": "ALTER TABLE users ADD age int NOT NULL DEFAULT 3;"
        "ALTER TABLE users ALTER age DROP DEFAULT",
    }

    seen = verify(files)

    verdict = seen["002_bio"]["data-survives"]
    assert render_verdict(verdict) == (
        "db/migrations/002_bio.up.sql:2: up fails on tables with rows:"
        ' column "bio" of relation "users" contains null values'
    )
    assert all(seen["002_bio"][law].holds for law in ("up", "down-leaves-no-trace", "again"))
    # The chain goes on, with rows.
    assert "column public.users.age had" in render_verdict(seen["003_age"]["data-survives"])


def test_what_only_some_rows_stop_is_a_warning(verify: Verify) -> None:
    verdict = _data(
        verify,
        "ALTER TABLE users ALTER phone SET NOT NULL",
        "ALTER TABLE users ALTER phone DROP NOT NULL",
    )

    assert verdict.holds
    assert reported(verdict) == (
        "db/migrations/002_change.up.sql:1: up may fail on tables with rows:"
        ' column "phone" of relation "users" contains null values',
    )


def test_a_down_that_fails_on_rows_alone_is_found(verify: Verify) -> None:
    files = {
        **_USERS,
        "002_change.up.sql": "ALTER TABLE posts DROP author",
        "002_change.down.sql": "ALTER TABLE posts ADD author int NOT NULL REFERENCES users",
    }

    verdicts = verify(files)["002_change"]

    assert verdicts["down-leaves-no-trace"].holds
    assert "down fails on tables with rows" in render_verdict(verdicts["data-survives"])


def test_a_declared_loss_is_reported(verify: Verify) -> None:
    verdict = _data(
        verify,
        "-- confiture: lossy: users.phone, posts\nALTER TABLE users DROP phone; TRUNCATE posts",
        "ALTER TABLE users ADD phone text",
    )

    assert verdict.holds
    assert [finding.kind for finding in verdict.findings] == ["declared", "declared"]


def test_a_declared_loss_that_does_not_happen_is_a_warning(verify: Verify) -> None:
    verdict = _data(
        verify,
        "-- confiture: lossy: users.phone\nALTER TABLE users ADD bio text",
        "ALTER TABLE users DROP bio",
    )

    assert verdict.holds
    assert reported(verdict) == (
        'db/migrations/002_change.up.sql: "users.phone" is declared lossy,'
        " but nothing of it was lost",
    )


def test_a_table_gone_for_good_has_lost_its_rows(verify: Verify) -> None:
    verdict = _data(verify, "DROP TABLE posts", "SELECT 1")

    assert render_verdict(verdict).endswith("3 rows of table public.posts are lost with it")


def test_a_table_that_takes_no_row_is_named(verify: Verify) -> None:
    files = {
        **_USERS,
        "002_never.up.sql": "CREATE TABLE never (id int NOT NULL CHECK (id > 0 AND id < 0))",
        "002_never.down.sql": "DROP TABLE never",
        "003_bio.up.sql": "ALTER TABLE users ADD bio text",
        "003_bio.down.sql": "ALTER TABLE users DROP bio",
    }

    verdict = verify(files)["003_bio"]["data-survives"]

    assert verdict.holds
    assert reported(verdict) == (
        'table public.never has no rows: new row for relation "never" violates check constraint'
        ' "never_id_check"',
    )
