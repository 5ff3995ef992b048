"""What each rule finds, and what it leaves alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from confiture_core.lint import RULES, lint
from confiture_core.migrations.loader import read_directory

if TYPE_CHECKING:
    from pathlib import Path

    from confiture_core.lint import LintFinding

BEFORE = (
    "CREATE TABLE t (id int, v varchar(20), n numeric(10, 2), c text);\n"
    "ALTER TABLE t ADD CONSTRAINT c_there CHECK (c IS NOT NULL) NOT VALID;\n"
    "ALTER TABLE t VALIDATE CONSTRAINT c_there;\n"
    "CREATE TABLE p (id int, a int) PARTITION BY LIST (id);\n"
)
NO_TRANSACTION = "-- confiture: transactional: false\n"


def findings(
    folder: Path, sql: str, name: str = "002_step.up.sql", *, version: int | None = None
) -> tuple[LintFinding, ...]:
    """Lint a migration that comes after one that makes t."""
    (folder / "001_before.up.sql").write_text(BEFORE)
    (folder / "001_before.down.sql").write_text("DROP TABLE t;")
    (folder / name).write_text(sql)
    if name.endswith(".up.sql"):
        (folder / name.replace(".up.", ".down.")).write_text("SELECT 1;")
    found = lint(read_directory(folder, root=folder), since="001", version=version)
    assert all(one.rule in RULES for one in found)
    return found


def found_in(folder: Path, sql: str, name: str = "002_step.up.sql") -> list[tuple[str, int | None]]:
    """Give the rules that a migration breaks, and where."""
    return [(one.rule, one.line) for one in findings(folder, sql, name)]


@pytest.mark.parametrize(
    ("sql", "rules"),
    [
        ("CREATE INDEX i ON t (id)", ["L01"]),
        ("CREATE UNIQUE INDEX CONCURRENTLY i ON t (id)", []),
        ("CREATE TABLE n (id int); CREATE INDEX i ON n (id); DROP INDEX i; DROP TABLE n", []),
        ("ALTER TABLE t DROP COLUMN v", ["L02"]),
        ("CREATE TABLE n (id int); ALTER TABLE n DROP COLUMN id", []),
        ("ALTER TABLE t ADD FOREIGN KEY (id) REFERENCES u", ["L03"]),
        ("ALTER TABLE t ADD FOREIGN KEY (id) REFERENCES u NOT VALID", []),
        ("ALTER TABLE t ADD COLUMN u_id int REFERENCES u", []),
        ("DROP INDEX i", ["L04"]),
        ("DROP INDEX CONCURRENTLY i", []),
        ("ALTER TABLE t ALTER id TYPE bigint", ["L05"]),
        ("ALTER TABLE t ALTER v TYPE varchar(50)", []),
        ("ALTER TABLE t ALTER v TYPE text", []),
        ("ALTER TABLE t ALTER v TYPE varchar(10)", ["L05"]),
        ("ALTER TABLE t ALTER n TYPE numeric(12, 2)", []),
        ("ALTER TABLE t ALTER n TYPE numeric(12, 4)", ["L05"]),
        ("ALTER TABLE t ALTER v TYPE text USING lower(v)", ["L05"]),
        ("ALTER TABLE t ALTER v SET NOT NULL", ["L06"]),
        ("ALTER TABLE t ALTER c SET NOT NULL", []),
        ("CREATE TABLE n (); UPDATE t SET id = 1", ["L07"]),
        ("UPDATE t SET id = 1", []),
        ("CREATE TABLE n (); UPDATE t SET id = 1 WHERE id = 2", []),
        ("ALTER TABLE t RENAME COLUMN v TO w", ["L08"]),
        ("ALTER TABLE t RENAME TO u", ["L08"]),
        ("DROP TABLE t", ["L09"]),
        ("ALTER TABLE t ADD UNIQUE (id)", ["L10"]),
        ("ALTER TABLE t ADD PRIMARY KEY USING INDEX i", []),
        ("ALTER TABLE t ADD CHECK (id > 0)", ["L11"]),
        ("ALTER TABLE t ADD CHECK (id > 0) NOT VALID", []),
        ("ALTER TABLE t ADD COLUMN a int NOT NULL", ["L12"]),
        ("ALTER TABLE t ADD COLUMN a int NOT NULL DEFAULT 0", []),
        ("ALTER TABLE t ADD COLUMN a timestamptz DEFAULT now()", []),
        ("ALTER TABLE t ADD COLUMN a uuid DEFAULT gen_random_uuid()", ["L13"]),
        ("ALTER TABLE t ADD COLUMN a bigserial", ["L13"]),
        ("ALTER TABLE t ADD COLUMN a int GENERATED ALWAYS AS (id * 2) STORED", ["L13"]),
        ("ALTER TABLE t ADD COLUMN a json", ["L14"]),
        ("TRUNCATE t", ["L14"]),
        ("DROP VIEW w CASCADE", ["L14"]),
        ("ALTER TYPE e RENAME VALUE 'a' TO 'b'", ["L14"]),
        ("CREATE INDEX i ON p (id)", ["L01"]),
        ("CREATE INDEX CONCURRENTLY i ON p (id)", ["L01"]),
        ("CREATE INDEX i ON ONLY p (id)", []),
        ("ALTER TABLE t ADD COLUMN a int GENERATED ALWAYS AS (id * 2) VIRTUAL", []),
        ("ALTER TABLE t ADD NOT NULL v", ["L06"]),
        ("ALTER TABLE t ADD NOT NULL v NOT VALID", []),
        ("REINDEX TABLE t", ["L16"]),
        ("REINDEX INDEX CONCURRENTLY i", []),
        ("CREATE TABLE n (id int); CREATE INDEX i ON n (id); REINDEX INDEX i", []),
        ("SET lock_timeout = 0", ["T01"]),
        ("ALTER TABLE t ADD a int; ALTER TABLE t ADD CHECK (a > 0)", ["L11", "T02"]),
        (NO_TRANSACTION + "ALTER TABLE t ADD a int; CREATE INDEX CONCURRENTLY i ON t (a)", []),
        ("CREATE TABLE n (); COMMIT", ["T03"]),
        ("CREATE TYPE e AS ENUM ('a'\n'b', 'c')", ["R02"]),
        ("CREATE ROLE somebody", ["R03"]),
        ("CREATE VIEW w AS SELECT id FROM t; COMMENT ON VIEW w IS 'x'", []),
    ],
)
def test_a_rule_finds_what_it_is_about(tmp_path, sql, rules):
    assert [rule for rule, _ in found_in(tmp_path, f"{sql};\n")] == rules


@pytest.mark.parametrize(
    ("sql", "version", "rules"),
    [
        ("ALTER TABLE p DETACH PARTITION p_1", None, []),
        ("ALTER TABLE p DETACH PARTITION p_1", 13, []),
        ("ALTER TABLE p DETACH PARTITION p_1", 14, ["L15"]),
        ("ALTER TABLE p DETACH PARTITION p_1 CONCURRENTLY", 13, ["V01"]),
        ("ALTER TABLE p DETACH PARTITION p_1 CONCURRENTLY", 14, []),
        ("ALTER TABLE p ADD FOREIGN KEY (a) REFERENCES t NOT VALID", None, []),
        ("ALTER TABLE p ADD FOREIGN KEY (a) REFERENCES t NOT VALID", 17, ["V01"]),
        ("ALTER TABLE p ADD FOREIGN KEY (a) REFERENCES t NOT VALID", 18, []),
        ("CREATE UNIQUE INDEX CONCURRENTLY i ON t (v) NULLS NOT DISTINCT", 14, ["V01"]),
        ("CREATE UNIQUE INDEX CONCURRENTLY i ON t (v) NULLS NOT DISTINCT", 15, []),
        ("ALTER TABLE t ADD NOT NULL v NOT VALID; ALTER TABLE t ADD NOT NULL c", 18, []),
    ],
)
def test_a_rule_goes_by_the_version_of_the_server(tmp_path, sql, version, rules):
    found = findings(tmp_path, f"{sql};\n", version=version)

    assert [one.rule for one in found] == rules


@pytest.mark.parametrize(
    ("sql", "version", "hint"),
    [
        ("ALTER TABLE t ALTER v SET NOT NULL", None, "add CHECK (… IS NOT NULL) NOT VALID"),
        ("ALTER TABLE t ALTER v SET NOT NULL", 17, "add CHECK (… IS NOT NULL) NOT VALID"),
        ("ALTER TABLE t ALTER v SET NOT NULL", 18, "ADD CONSTRAINT … NOT NULL … NOT VALID"),
        (
            "ALTER TABLE p ADD FOREIGN KEY (a) REFERENCES t",
            17,
            "add it NOT VALID to each partition",
        ),
        ("ALTER TABLE p ADD FOREIGN KEY (a) REFERENCES t", 18, "add it NOT VALID, and VALIDATE"),
    ],
)
def test_what_is_advised_the_server_has(tmp_path, sql, version, hint):
    (found,) = findings(tmp_path, f"{sql};\n", version=version)

    assert (found.hint or "").startswith(hint)


def test_what_a_server_is_too_old_for_is_said_with_both_versions(tmp_path):
    (found,) = findings(tmp_path, "SELECT * FROM (SELECT 1);\n", version=15)

    assert found.message == (
        "a query in FROM without a name needs PostgreSQL 16, and the server is of 15"
    )


def test_a_finding_has_its_line(tmp_path):
    found = found_in(tmp_path, "-- one\nSELECT 1;\n\nCREATE INDEX i\n  ON t (id);\n")

    assert found == [("L01", 4)]


def test_the_sql_of_a_python_migration_is_looked_at(tmp_path):
    text = (
        "from confiture import Migration\n\nDROP = 'DROP INDEX i'\n\n\nclass A(Migration):\n"
        "    def up(self):\n"
        '        self.execute("""\n            SELECT 1;\n            CREATE INDEX i ON t (id);\n'
        '        """)\n'
        "        self.execute(DROP)\n"
        "        self.execute(f'DROP TABLE {self.name}')\n"
        "    def down(self):\n        self.execute('DROP TABLE t')\n"
    )

    assert found_in(tmp_path, text, "002_a.py") == [("L01", 10), ("N02", 13)]


@pytest.mark.parametrize(
    ("sql", "rules"),
    [
        ("-- confiture-ignore: L01\nCREATE INDEX i ON t (id);", []),
        ("-- confiture-ignore: L02, L01\n-- because\nCREATE INDEX i ON t (id);", []),
        ("CREATE INDEX i ON t (id); -- confiture-ignore", []),
        ("-- confiture-ignore: L02\nCREATE INDEX i ON t (id);", ["L01"]),
        ("-- confiture-ignore: L01\nSELECT 1;\nCREATE INDEX i ON t (id);", ["L01"]),
        ("-- confiture-ignore-file: L01\nSELECT 1;\nCREATE INDEX i ON t (id);", []),
    ],
)
def test_a_comment_passes_a_rule_over(tmp_path, sql, rules):
    assert [rule for rule, _ in found_in(tmp_path, sql)] == rules


@pytest.mark.parametrize(
    ("files", "rules"),
    [
        ({"001_a.up.sql": "SELECT 1;"}, ["R01"]),
        ({"001_a.up.sql": "SELECT 1;", "001_a.down.sql": "-- nothing\n"}, ["R01"]),
        ({"001_a.up.sql": "-- nothing\n"}, []),
        ({"001_a.up.sql": "-- nothing\n", "001_a.down.sql": "-- nothing\n"}, []),
        ({"001_a.sql": "-- +goose Up\n"}, []),
        ({"001_a.up.sql": "-- confiture: irreversible: rows are gone\nSELECT 1;"}, []),
        ({"001_a.up.sql": "SELECT 1;", "001_b.down.sql": "SELECT 1;"}, ["N01"]),
        ({"001_a.down.sql": "SELECT 1;"}, ["N01"]),
        ({"001_a.up.sql": "CREATE TABEL a ();", "001_a.down.sql": "SELECT 1;"}, ["T03"]),
    ],
)
def test_files_are_looked_at_as_well(tmp_path, files, rules):
    for name, text in files.items():
        (tmp_path / name).write_text(text)

    assert [one.rule for one in lint(read_directory(tmp_path, root=tmp_path))] == rules
