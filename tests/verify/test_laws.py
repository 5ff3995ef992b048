"""What each law finds, and what it lets pass."""

from __future__ import annotations

import gc
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from confiture_core.migrations.loader import load_migrations
from confiture_core.verify.chain import Chain
from confiture_core.verify.laws import verdicts
from confiture_core.verify.text import render_verdict, reported
from confiture_core.verify.trip import Trip

if TYPE_CHECKING:
    from pathlib import Path

    from confiture_core.factory.shadows import Shadows
    from tests.verify.conftest import Verify

_START = {
    "001_start.up.sql": """
        CREATE TYPE mood AS ENUM ('sad', 'happy');
        CREATE TABLE users (
            id int PRIMARY KEY,
            name varchar(80) NOT NULL DEFAULT 'x',
            feels mood,
            code varchar(80)
        );
        CREATE INDEX users_name_idx ON users (name);
        COMMENT ON TABLE users IS 'who is here';
        GRANT SELECT ON users TO public;
        CREATE FUNCTION twice(n int) RETURNS int LANGUAGE plpgsql AS $$
        BEGIN
            RETURN 2 * n;
        END $$;
        CREATE VIEW names AS SELECT name FROM users;
        CREATE SEQUENCE tickets;
    """,
    "001_start.down.sql": """
        DROP SEQUENCE tickets;
        DROP VIEW names;
        DROP FUNCTION twice(int);
        DROP TABLE users;
        DROP TYPE mood;
    """,
}

# What is forgotten: up, down, and a line of what is found.
_MUTATIONS = {
    "an index left over": (
        "CREATE INDEX a ON users (feels)",
        "SELECT 1",
        "left over: index public.a",
    ),
    "an index not made again": (
        "DROP INDEX users_name_idx",
        "SELECT 1",
        "missing: index public.users_name_idx",
    ),
    "an index made again otherwise": (
        "DROP INDEX users_name_idx",
        "CREATE INDEX users_name_idx ON users (name DESC)",
        "differs: index public.users_name_idx",
    ),
    "a privilege": (
        "REVOKE SELECT ON users FROM public",
        "SELECT 1",
        "other owner or privileges: table public.users",
    ),
    "a comment": (
        "COMMENT ON TABLE users IS NULL",
        "SELECT 1",
        "differs: table public.users (comment none instead of who is here)",
    ),
    "an enum label": (
        "ALTER TYPE mood ADD VALUE 'calm'",
        "SELECT 1",
        "differs: type public.mood (labels sad, happy, calm instead of sad, happy)",
    ),
    "a type": (
        "ALTER TABLE users ALTER code TYPE text",
        "ALTER TABLE users ALTER code TYPE varchar(20)",
        "type character varying(20) instead of character varying(80)",
    ),
    "a default": (
        "ALTER TABLE users ALTER name DROP DEFAULT",
        "SELECT 1",
        "missing: default public.users.name",
    ),
    "a not null": (
        "ALTER TABLE users ALTER name DROP NOT NULL",
        "SELECT 1",
        "differs: column public.users.name (not null False instead of True)",
    ),
    "a function's body": (
        "CREATE OR REPLACE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT 2 * n'",
        "SELECT 1",
        "differs: function public.twice(integer) (language sql instead of plpgsql; definition)",
    ),
    "a view": (
        "DROP VIEW names",
        "SELECT 1",
        "missing: view public.names",
    ),
    "a sequence's step": (
        "ALTER SEQUENCE tickets INCREMENT 5",
        "SELECT 1",
        "differs: sequence public.tickets (increment 5 instead of 1)",
    ),
}


@pytest.mark.parametrize(("up", "down", "line"), _MUTATIONS.values(), ids=_MUTATIONS.keys())
def test_what_down_forgets_is_found(verify: Verify, up: str, down: str, line: str) -> None:
    seen = verify({**_START, "002_change.up.sql": up, "002_change.down.sql": down})

    verdict = seen["002_change"]["down-leaves-no-trace"]
    assert not verdict.holds
    assert line in render_verdict(verdict)
    assert render_verdict(verdict).startswith("db/migrations/002_change.down.sql:1: ")
    assert verdict.repair
    assert all(verdict.holds for verdict in seen["001_start"].values())


def test_a_sound_migration_keeps_all_laws(verify: Verify) -> None:
    seen = verify(_START)

    assert all(verdict.holds and not verdict.findings for verdict in seen["001_start"].values())


def test_the_sql_that_repairs_a_down_is_what_it_lacks(verify: Verify) -> None:
    down = "ALTER TABLE users DROP COLUMN bio"
    seen = verify(
        {
            **_START,
            "002_bio.up.sql": "ALTER TABLE users ADD bio text; CREATE INDEX b ON users (feels)",
            "002_bio.down.sql": down,
        }
    )
    repair = seen["002_bio"]["down-leaves-no-trace"].repair

    mended = verify({"002_bio.down.sql": ";\n".join([down, *repair])})

    assert all(verdict.holds for verdict in mended["002_bio"].values())


def test_an_empty_down_is_named(verify: Verify) -> None:
    seen = verify(
        {
            **_START,
            "002_bio.up.sql": "ALTER TABLE users ADD bio text",
            "002_bio.down.sql": "-- nothing\n",
        }
    )

    text = render_verdict(seen["002_bio"]["down-leaves-no-trace"])
    assert "down does nothing" in text
    assert "left over: column public.users.bio" in text
    assert "ALTER TABLE users DROP COLUMN bio" in text


def test_a_down_that_is_not_there_is_written(verify: Verify) -> None:
    seen = verify({**_START, "002_bio.up.sql": "ALTER TABLE users ADD bio text"})

    text = render_verdict(seen["002_bio"]["down-leaves-no-trace"])
    assert "db/migrations/002_bio.up.sql: there is no down" in text
    assert "ALTER TABLE users DROP COLUMN bio" in text
    assert seen["002_bio"]["again"].not_applicable == "there is no down"


def test_a_down_that_fails_is_shown_at_its_line(verify: Verify) -> None:
    seen = verify(
        {
            **_START,
            "002_bio.up.sql": "ALTER TABLE users ADD bio text",
            "002_bio.down.sql": "SELECT 1;\nALTER TABLE users\n  DROP COLUMN biography",
        }
    )

    text = render_verdict(seen["002_bio"]["down-leaves-no-trace"])
    assert text.startswith('db/migrations/002_bio.down.sql:2: column "biography"')
    assert "not reached, down fails" in render_verdict(seen["002_bio"]["again"])


def test_a_down_that_is_no_sql_breaks_its_own_law_only(verify: Verify) -> None:
    seen = verify(
        {
            **_START,
            "002_bio.up.sql": "ALTER TABLE users ADD bio text",
            "002_bio.down.sql": "DROP INDEX IF NOT EXISTS x",
            "003_age.up.sql": "ALTER TABLE users ADD age int",
            "003_age.down.sql": "ALTER TABLE users DROP age",
        }
    )

    assert seen["002_bio"]["up"].holds
    assert "002_bio.down.sql:1: syntax error" in render_verdict(
        seen["002_bio"]["down-leaves-no-trace"]
    )
    assert all(verdict.holds for verdict in seen["003_age"].values())


def test_up_that_cannot_be_applied_again_breaks_a_law(verify: Verify) -> None:
    seen = verify(
        {
            **_START,
            "002_bio.up.sql": "CREATE TABLE bio (id int); CREATE SEQUENCE bio_seq",
            "002_bio.down.sql": "DROP TABLE bio",
        }
    )

    assert render_verdict(seen["002_bio"]["again"]).startswith(
        'db/migrations/002_bio.up.sql:1: relation "bio_seq" already exists'
    )


def test_after_a_broken_down_the_chain_goes_on_from_what_up_gives(verify: Verify) -> None:
    seen = verify(
        {
            **_START,
            "002_bio.up.sql": "ALTER TABLE users ADD bio text",
            "002_bio.down.sql": "DROP TABLE users CASCADE",
            "003_index.up.sql": "CREATE INDEX bio_idx ON users (bio)",
            "003_index.down.sql": "DROP INDEX bio_idx",
        }
    )

    assert not seen["002_bio"]["down-leaves-no-trace"].holds
    assert all(verdict.holds for verdict in seen["003_index"].values())


def test_after_an_up_that_fails_the_rest_is_not_reached(verify: Verify) -> None:
    seen = verify(
        {
            **_START,
            "002_bio.up.sql": "\nALTER TABLE user ADD bio text",
            "002_bio.down.sql": "ALTER TABLE user DROP bio",
            "003_age.up.sql": "ALTER TABLE users ADD age int",
            "003_age.down.sql": "ALTER TABLE users DROP age",
        }
    )

    assert "002_bio.up.sql:2: syntax error" in render_verdict(seen["002_bio"]["up"])
    assert seen["003_age"]["up"].unreachable is not None
    text = render_verdict(seen["003_age"]["up"])
    assert text.startswith("not reached: db/migrations/002_bio.up.sql:2: syntax error")
    assert "mend 002_bio first" in text


def test_the_order_of_columns_is_reported_and_fails_nothing(verify: Verify) -> None:
    seen = verify(
        {
            **_START,
            "002_feels.up.sql": "ALTER TABLE users DROP name CASCADE",
            "002_feels.down.sql": """
                ALTER TABLE users ADD name varchar(80) NOT NULL DEFAULT 'x';
                CREATE INDEX users_name_idx ON users (name);
                CREATE VIEW names AS SELECT name FROM users;
            """,
        }
    )

    verdict = seen["002_feels"]["down-leaves-no-trace"]
    assert verdict.holds
    assert reported(verdict) == (
        "db/migrations/002_feels.down.sql:1: columns in another order: table public.users"
        " (id, feels, code, name instead of id, name, feels, code)",
    )


def test_comments_in_a_function_are_reported_and_fail_nothing(verify: Verify) -> None:
    seen = verify(
        {
            **_START,
            "002_twice.up.sql": """
                CREATE OR REPLACE FUNCTION twice(n int) RETURNS int LANGUAGE plpgsql AS $$
                BEGIN RETURN n + n; END $$
            """,
            "002_twice.down.sql": """
                CREATE OR REPLACE FUNCTION twice(n int) RETURNS int LANGUAGE plpgsql AS $$
                BEGIN -- as it was
                    RETURN   2 * n; END $$
            """,
        }
    )

    verdict = seen["002_twice"]["down-leaves-no-trace"]
    assert verdict.holds
    assert [finding.kind for finding in verdict.findings] == ["wording"]


def test_statements_that_no_transaction_takes_are_verified_as_well(verify: Verify) -> None:
    seen = verify(
        {
            **_START,
            "002_index.up.sql": "CREATE INDEX CONCURRENTLY feels_idx ON users (feels)",
            "002_index.down.sql": "DROP INDEX CONCURRENTLY feels_idx",
            "003_more.up.sql": "CREATE INDEX CONCURRENTLY more_idx ON users (feels)",
            "003_more.down.sql": "SELECT 1",
            "004_age.up.sql": "ALTER TABLE users ADD age int",
            "004_age.down.sql": "ALTER TABLE users DROP age",
            # PostgreSQL refuses to change more behind a savepoint after such an up.
            "005_small.up.sql": "CREATE DOMAIN small AS int CONSTRAINT low CHECK (VALUE < 9)",
            "005_small.down.sql": "DROP DOMAIN small",
            "006_any.up.sql": "ALTER DOMAIN small DROP CONSTRAINT low",
            "006_any.down.sql": "ALTER DOMAIN small ADD CONSTRAINT low CHECK (VALUE < 9)",
        }
    )

    assert all(verdict.holds for verdict in seen["002_index"].values())
    assert not seen["003_more"]["down-leaves-no-trace"].holds
    for label in ("004_age", "005_small", "006_any"):
        assert all(verdict.holds for verdict in seen[label].values())


def test_an_enum_value_used_by_its_own_way_down_is_no_finding(verify: Verify) -> None:
    seen = verify(
        {
            **_START,
            "002_calm.up.sql": "ALTER TYPE mood ADD VALUE 'calm'",
            "002_calm.down.sql": """
                DELETE FROM users WHERE feels = 'calm';
                ALTER TYPE mood RENAME TO old_mood;
                CREATE TYPE mood AS ENUM ('sad', 'happy');
                ALTER TABLE users ALTER feels TYPE mood USING feels::text::mood;
                DROP TYPE old_mood;
            """,
        }
    )

    assert all(verdict.holds for verdict in seen["002_calm"].values())


def test_a_declared_migration_may_have_no_way_back(verify: Verify) -> None:
    seen = verify(
        {
            **_START,
            "002_gone.up.sql": "-- confiture: irreversible: the table is gone\nDROP TABLE users"
            " CASCADE",
        }
    )

    verdicts = seen["002_gone"]
    assert verdicts["down-leaves-no-trace"].holds
    assert verdicts["down-leaves-no-trace"].findings[0].kind == "declared"
    assert verdicts["again"].not_applicable == "irreversible: the table is gone"


def test_a_declared_down_that_runs_is_found(verify: Verify) -> None:
    seen = verify(
        {
            **_START,
            "002_bio.up.sql": "-- confiture: irreversible: no\nALTER TABLE users ADD bio text",
            "002_bio.down.sql": "ALTER TABLE users DROP bio",
            "003_age.up.sql": "-- confiture: irreversible: no\nALTER TABLE users ADD age text",
            "003_age.down.sql": "CREATE TABLE ages ()",
        }
    )

    assert "gives everything back" in render_verdict(seen["002_bio"]["down-leaves-no-trace"])
    assert "should raise an error" in render_verdict(seen["003_age"]["down-leaves-no-trace"])


def test_a_down_that_refuses_in_words_is_declared(verify: Verify) -> None:
    seen = verify(
        {
            **_START,
            "002_gone.up.sql": "DROP TABLE users CASCADE",
            "002_gone.down.sql": "DO $$ BEGIN RAISE EXCEPTION 'irreversible'; END $$",
        }
    )

    verdict = seen["002_gone"]["down-leaves-no-trace"]
    assert verdict.holds
    assert reported(verdict) == ("db/migrations/002_gone.down.sql: down refuses: irreversible",)
    assert seen["002_gone"]["again"].not_applicable == "down refuses"


def test_a_migration_that_ends_its_transaction_is_an_error_and_the_next_one_is_sound(
    verify: Verify,
) -> None:
    seen = verify(
        {
            **_START,
            "002_commits.py": """
from confiture import Migration


class Commits(Migration):
    def up(self):
        self.execute("ALTER TABLE users ADD bio text")

    def down(self):
        self.execute("ALTER TABLE users DROP bio")
        self.connection.commit()
""",
            "003_age.up.sql": "ALTER TABLE users ADD age int",
            "003_age.down.sql": "ALTER TABLE users DROP age",
        }
    )

    assert "ended the transaction" in render_verdict(seen["002_commits"]["down-leaves-no-trace"])
    assert all(verdict.holds for verdict in seen["003_age"].values())


def test_what_was_seen_is_not_kept_and_can_be_asked_for_again(
    room: Shadows, tmp_path: Path
) -> None:
    for number in (1, 2, 3):
        table = f"t_{number}"
        down = f"DROP TABLE {table}" if number != 2 else "SELECT 1"
        (tmp_path / f"00{number}_{table}.up.sql").write_text(f"CREATE TABLE {table} (id int)")
        (tmp_path / f"00{number}_{table}.down.sql").write_text(down)
    migrations = load_migrations(tmp_path, root=tmp_path)
    before = _trips()

    with closing(Chain(room, migrations)) as chain:
        first = {file.label: verdicts(chain.see(file)) for file in migrations}
        kept = _trips() - before
        second = {file.label: verdicts(chain.see(file)) for file in migrations}

    assert kept == 0
    assert first == second
    assert not first["002_t_2"]["down-leaves-no-trace"].holds


def _trips() -> int:
    gc.collect()
    return sum(type(each) is Trip for each in gc.get_objects())
