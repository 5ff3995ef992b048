"""The project's seeds are there before a step, from the first state that they fit on."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from confiture_core.migrations.loader import load_migrations
from confiture_core.project import load_sql_files
from confiture_core.verify.chain import Chain
from confiture_core.verify.laws import verdicts
from confiture_core.verify.text import render_verdict, reported

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from confiture_core.factory.shadows import Shadows
    from confiture_core.verify.finding import Verdict

_MIGRATIONS = {
    "001_users.up.sql": "CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL);",
    "001_users.down.sql": "DROP TABLE users;",
    "002_bio.up.sql": "ALTER TABLE users ADD bio text;",
    "002_bio.down.sql": "ALTER TABLE users DROP bio;",
    "003_ann.up.sql": "DELETE FROM users WHERE name = 'Ann';",
    "003_ann.down.sql": "SELECT 1;",
}


@pytest.fixture
def data_survives(room: Shadows, tmp_path: Path) -> Callable[[dict[str, str]], dict[str, Verdict]]:
    def verify(seeds: dict[str, str]) -> dict[str, Verdict]:
        for folder, files in (("db/migrations", _MIGRATIONS), ("db/seeds", seeds)):
            (tmp_path / folder).mkdir(parents=True)
            for name, text in files.items():
                (tmp_path / folder / name).write_text(text, encoding="utf-8")
        migrations = load_migrations(tmp_path / "db/migrations", root=tmp_path)
        loaded = load_sql_files([tmp_path / "db/seeds"], root=tmp_path)
        with closing(Chain(room, migrations, seeds=loaded)) as chain:
            return {file.label: verdicts(chain.see(file))["data-survives"] for file in migrations}

    return verify


def test_rows_of_seeds_are_there_once_they_fit(
    data_survives: Callable[[dict[str, str]], dict[str, Verdict]],
) -> None:
    seeds = {"users.sql": "BEGIN; INSERT INTO users VALUES (1, 'Ann', 'likes tea'); COMMIT;"}

    found = data_survives(seeds)

    assert found["002_bio"].holds
    assert render_verdict(found["003_ann"]).endswith("1 of 5 rows of table public.users are lost")
    assert not any(reported(each) for each in found.values())


def test_seeds_that_fit_no_state_are_named_once(
    data_survives: Callable[[dict[str, str]], dict[str, Verdict]],
) -> None:
    seeds = {
        "1_posts.sql": "SELECT 1;\nINSERT INTO posts VALUES (1);",
        "2_table.sql": "CREATE TABLE more (id int);",
        "3_end.sql": "ROLLBACK;",
        "4_syntax.sql": "INSERT INTO users VALUES (;",
        "5_users.sql": "INSERT INTO users (id, name) VALUES (1, 'Ann');",
    }

    found = data_survives(seeds)

    assert [line for each in found.values() for line in reported(each)] == [
        'db/seeds/1_posts.sql:2: seeds left out: relation "posts" does not exist',
        "db/seeds/2_table.sql: seeds left out: it changes the schema",
        "db/seeds/3_end.sql:1: seeds left out: it ends the transaction it is loaded in",
        'db/seeds/4_syntax.sql:1: seeds left out: syntax error at or near ";"',
    ]
    assert "are lost" in render_verdict(found["003_ann"])
