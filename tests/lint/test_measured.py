"""What lint finds once the migrations have been run, and what it takes back."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import pytest

from confiture.cli import frame
from confiture_core.lint import RULES, lint
from confiture_core.migrations.loader import read_directory
from confiture_core.rehearsal import measured_findings, rehearse

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from confiture_core.factory.shadows import Shadows
    from confiture_core.lint import LintFinding
    from confiture_core.server import Server

    Measured = Callable[..., tuple[LintFinding, ...]]

BEFORE = (
    "CREATE TABLE t (id int PRIMARY KEY, v varchar(20), c text, at timestamp);\n"
    "CREATE TABLE u (id int PRIMARY KEY, t_id int);\n"
    "CREATE DOMAIN filled AS int DEFAULT 7;\n"
    "CREATE FUNCTION change() RETURNS void LANGUAGE sql AS 'ALTER TABLE t ALTER v TYPE char(9)';\n"
)
DOWN = "DROP FUNCTION change(); DROP DOMAIN filled; DROP TABLE u, t;\n"


@pytest.fixture
def measured(room: Shadows, tmp_path: Path) -> Measured:
    """Lint a migration that comes after BEFORE, on a database with rows."""

    def run(sql: str, *, name: str = "002_step.up.sql") -> tuple[LintFinding, ...]:
        (tmp_path / "001_before.up.sql").write_text(BEFORE)
        (tmp_path / "001_before.down.sql").write_text(DOWN)
        (tmp_path / name).write_text(sql)
        if name.endswith(".sql"):
            (tmp_path / name.replace(".up.", ".down.")).write_text("SELECT 1;")
        read = read_directory(tmp_path, root=tmp_path)
        found = lint(read, since="001")
        labels = {file.label for file in read.migrations[1:]}
        rehearsed = tuple(rehearse(room, read.migrations, wanted=labels))
        result = measured_findings(found, rehearsed)
        assert all(one.rule in RULES for one in result)
        return result

    return run


def rules(findings: tuple[LintFinding, ...]) -> list[tuple[str, int | None]]:
    return [(one.rule, one.line) for one in findings]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        # What the text gives away is said once, by its own rule.
        ("ALTER TABLE t ALTER id TYPE bigint", ["L05"]),
        ("CREATE INDEX i ON t (c)", ["L01"]),
        ("ALTER TABLE u ADD FOREIGN KEY (t_id) REFERENCES t", ["L03"]),
        ("ALTER TABLE t ADD a uuid DEFAULT gen_random_uuid()", ["L13"]),
        ("TRUNCATE t", ["L14"]),
        # What it does not.
        ("DO $$ BEGIN ALTER TABLE t ALTER id TYPE bigint; END $$", ["M01"]),
        ("SELECT change()", ["M01"]),
        ("DO $$ BEGIN CREATE INDEX i ON t (c); END $$", ["M03"]),
        ("DO $$ BEGIN TRUNCATE t; END $$", ["M05"]),
        ("ALTER DOMAIN filled ADD CHECK (VALUE > 0)", []),
        ("REINDEX TABLE t", ["L16"]),
        ("DO $$ BEGIN REINDEX TABLE t; END $$", ["M03"]),
        ("ALTER TABLE t ADD a int; UPDATE t SET a = 1 WHERE c <> 'x'", ["M02"]),
        ("UPDATE t SET v = 'a' WHERE c <> 'x'", []),
        # What it does wrongly.
        ("ALTER TABLE t ALTER at TYPE timestamp(6)", []),
        ("ALTER TABLE t ADD a int DEFAULT length('abc')", []),
        ("ALTER TABLE t ADD a filled NOT NULL", []),
        ("DROP INDEX IF EXISTS nothing", []),
        ("CREATE INDEX IF NOT EXISTS t_pkey ON t (c)", []),
        ("ALTER TABLE IF EXISTS nothing DROP COLUMN c", []),
        # What fails only where there are rows.
        ("ALTER TABLE t ADD a int NOT NULL", ["L12"]),
        ("DO $$ BEGIN ALTER TABLE t ADD a int NOT NULL; END $$", ["M02", "M04"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_measure_adds_and_takes_away(measured, sql, expected):
    assert [rule for rule, _ in rules(measured(f"{sql};\n"))] == expected


def test_a_finding_says_where_and_what_was_measured(measured):
    (one,) = measured("SELECT 1;\n\nDO $$ BEGIN\n  ALTER TABLE t ALTER id TYPE bigint;\nEND $$;\n")

    assert (one.path, one.line) == ("002_step.up.sql", 3)
    assert one.message == "writes public.t anew, while nobody can read public.t"
    assert one.measured is not None
    assert "rewrites public.t" in one.measured


def test_what_is_put_together_at_run_time_is_measured(measured):
    text = (
        "from confiture import Migration\n\n\nclass A(Migration):\n"
        "    version = '002'\n    name = 'a'\n\n    def up(self):\n"
        "        for table in ('t', 'u'):\n"
        "            self.execute(f'ALTER TABLE {table} ALTER id TYPE bigint')\n\n"
        "    def down(self):\n        self.execute('SELECT 1')\n"
    )

    assert rules(measured(text, name="002_a.py")) == [("M01", 10), ("M01", 10)]


def test_outside_a_transaction_a_rewrite_is_found(measured):
    sql = "-- confiture: transactional: false\nVACUUM FULL t;\nREINDEX TABLE CONCURRENTLY u;\n"

    assert rules(measured(sql)) == [("M01", 2)]


def test_what_was_measured_can_be_passed_over(measured):
    assert measured("-- confiture-ignore: M01\nSELECT change();\n") == ()


def test_a_migration_after_one_that_fails_on_rows_finds_rows_again(measured, tmp_path):
    (tmp_path / "003_next.up.sql").write_text(
        "DO $$ BEGIN ALTER TABLE t ADD b int NOT NULL; END $$;"
    )
    (tmp_path / "003_next.down.sql").write_text("SELECT 1;")

    found = measured("DO $$ BEGIN ALTER TABLE t ADD a int NOT NULL; END $$;\n")

    assert [(one.rule, one.path) for one in found if one.rule == "M04"] == [
        ("M04", "002_step.up.sql"),
        ("M04", "003_next.up.sql"),
    ]


def test_a_migration_that_fails_in_any_case_is_said_once(measured):
    (one,) = measured("SELECT 1;\nALTER TABLE nobody ADD a int;\n")

    assert (one.rule, one.line) == ("M04", 2)
    assert one.message == (
        'fails on tables with rows and without: relation "nobody" does not exist'
    )


@pytest.fixture
def run(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    server: Server,
) -> Callable[..., tuple[int, str]]:
    for name in [name for name in os.environ if name.startswith("PG")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CONFITURE_SERVER_URL", server.url())
    monkeypatch.chdir(tmp_path)
    (tmp_path / "001_before.up.sql").write_text(BEFORE)
    (tmp_path / "001_before.down.sql").write_text(DOWN)
    (tmp_path / "002_step.up.sql").write_text("SELECT change();\n")
    (tmp_path / "002_step.down.sql").write_text("ALTER TABLE t ALTER v TYPE varchar(20);\n")

    def call(*arguments: str) -> tuple[int, str]:
        argv = ["confiture", "migrate", "lint", "--migrations-dir", ".", *arguments]
        monkeypatch.setattr(sys, "argv", argv)
        return frame.run(), capfd.readouterr().out

    return call


def test_the_command_measures_if_it_is_told_to(run):
    static_code, static = run()
    code, out = run("--trace")

    assert (static_code, static) == (0, "Nothing found in 2 migration(s)\n")
    assert code == 3
    lines = out.splitlines()
    assert lines[0].startswith("002_step.up.sql:1: ACCESS EXCLUSIVE on public.t")
    assert lines[2] == (
        "002_step.up.sql:1: M01 rewrites-table: writes public.t anew,"
        " while nobody can read public.t"
    )
    assert lines[3].startswith("  measured: ACCESS EXCLUSIVE on public.t")


def test_programs_read_what_was_measured(run):
    _, as_json = run("--trace", "--json")
    _, sarif = run("--trace", "--format", "sarif")
    _, github = run("--trace", "--format", "github", "--since", "001")

    found = json.loads(as_json)
    assert [one["rule"] for one in found["findings"]] == ["M01"]
    assert found["statements"][-1]["rewritten"] == ["public.t"]
    (result,) = json.loads(sarif)["runs"][0]["results"]
    assert result["ruleId"] == "M01"
    assert "rewrites public.t" in result["message"]["text"]
    assert github.startswith("::warning file=002_step.up.sql,line=1,title=M01 rewrites-table::")
