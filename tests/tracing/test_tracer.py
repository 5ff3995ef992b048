"""What statements lock, rewrite and read: as PostgreSQL does it, and not as we think it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from confiture_core.migrations.loader import load_migrations
from confiture_core.migrations.run import apply_migration
from confiture_core.tracing.trace import StatementTrace, parse_level
from confiture_core.tracing.tracer import Tracer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import psycopg

    Traced = Callable[..., tuple[StatementTrace, ...]]

BEFORE = """
CREATE TABLE ref (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b text, v varchar(20), n numeric(10, 2), r int);
CREATE INDEX t_v ON t (v);
CREATE TABLE part (id int) PARTITION BY RANGE (id);
CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (1) TO (10);
CREATE TABLE part_d PARTITION OF part DEFAULT;
CREATE MATERIALIZED VIEW mv AS SELECT a FROM t;
CREATE VIEW vw AS SELECT id FROM ref;
INSERT INTO ref VALUES (1), (2);
INSERT INTO t VALUES (1, 1, 'x', 'y', 1, 1), (2, 2, 'x', 'y', 1, 2), (3, 3, 'x', 'y', 1, 1);
INSERT INTO part VALUES (1), (20);
"""
REWRITTEN, EMPTIED, BUILT = "rewrites", "empties", "builds"


@pytest.fixture
def traced(database: psycopg.Connection[tuple[object, ...]], tmp_path: Path) -> Traced:
    """Run a migration after BEFORE, and give what its statements did."""

    def run(sql: str, *, name: str = "001_step.up.sql") -> tuple[StatementTrace, ...]:
        database.execute(BEFORE, prepare=False)
        (tmp_path / name).write_text(sql, encoding="utf-8")
        (file,) = load_migrations(tmp_path, root=tmp_path)
        tracer = Tracer(file)
        if file.is_transactional("up"):
            with database.transaction():
                apply_migration(database, file, record=False, in_transaction=True, observer=tracer)
                tracer.finish(database)
        else:
            apply_migration(database, file, record=False, observer=tracer)
        return tracer.trace.statements

    return run


def shown(trace: StatementTrace) -> dict[str, object]:
    """Write down what is not empty, names without their schema."""
    facts: dict[str, object] = {
        _bare(lock.relation): lock.level for lock in trace.locks or () if lock.kind != "index"
    }
    for key, relations in (
        (REWRITTEN, trace.rewritten),
        (EMPTIED, trace.emptied),
        (BUILT, trace.built),
    ):
        if relations:
            facts[key] = [_bare(one) for one in relations]
    if trace.scans:
        facts["reads"] = {_bare(scan.relation): scan.rows for scan in trace.scans}
    return facts


def _bare(name: str) -> str:
    return name.removeprefix("public.")


ALONE = "ACCESS EXCLUSIVE"


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("CREATE TABLE n (id int)", {}),
        ("CREATE TABLE n (r int REFERENCES ref)", {"ref": "SHARE ROW EXCLUSIVE"}),
        (
            "CREATE TABLE n PARTITION OF part FOR VALUES FROM (30) TO (40)",
            {"part": ALONE, "part_d": ALONE, "reads": {"part_d": 1}},
        ),
        ("CREATE TABLE n AS SELECT * FROM t", {"t": "ACCESS SHARE", "reads": {"t": 3}}),
        ("ALTER TABLE t ADD c int DEFAULT 5", {"t": ALONE}),
        (
            "ALTER TABLE t ADD c float DEFAULT random()",
            {"t": ALONE, REWRITTEN: ["t"], BUILT: ["t_pkey", "t_v"], "reads": {"t": 9}},
        ),
        ("ALTER TABLE t DROP b", {"t": ALONE}),
        ("ALTER TABLE t ALTER b SET NOT NULL", {"t": ALONE, "reads": {"t": 3}}),
        ("ALTER TABLE t ALTER v TYPE varchar(50)", {"t": ALONE}),
        (
            "ALTER TABLE t ALTER v TYPE varchar(10)",
            {"t": ALONE, REWRITTEN: ["t"], BUILT: ["t_pkey", "t_v"], "reads": {"t": 9}},
        ),
        ("ALTER TABLE t ALTER n TYPE numeric(12, 2)", {"t": ALONE}),
        ("ALTER TABLE t ADD CHECK (a > 0)", {"t": ALONE, "reads": {"t": 3}}),
        ("ALTER TABLE t ADD CHECK (a > 0) NOT VALID", {"t": ALONE}),
        (
            "ALTER TABLE t ADD FOREIGN KEY (r) REFERENCES ref",
            {
                "t": "SHARE ROW EXCLUSIVE",
                "ref": "SHARE ROW EXCLUSIVE",
                "reads": {"t": 3, "ref": 2},
            },
        ),
        (
            "ALTER TABLE t ADD FOREIGN KEY (r) REFERENCES ref NOT VALID",
            {"t": "SHARE ROW EXCLUSIVE", "ref": "SHARE ROW EXCLUSIVE"},
        ),
        ("CREATE INDEX i ON t (b)", {"t": "SHARE", BUILT: ["i"], "reads": {"t": 3}}),
        ("DROP INDEX t_v", {"t": ALONE}),
        ("REINDEX INDEX t_v", {"t": "SHARE", BUILT: ["t_v"], "reads": {"t": 3}}),
        ("TRUNCATE t", {"t": ALONE, EMPTIED: ["t"]}),
        ("COMMENT ON TABLE t IS 'x'", {"t": "SHARE UPDATE EXCLUSIVE"}),
        ("CREATE OR REPLACE VIEW vw AS SELECT id FROM ref WHERE id > 1", {"vw": ALONE}),
        ("UPDATE t SET b = 'z'", {"t": "ROW EXCLUSIVE", "reads": {"t": 3}}),
        ("DROP TABLE ref CASCADE", {"ref": ALONE, "vw": ALONE}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_statement_does_what_the_manual_says(traced, sql, expected):
    (one,) = traced(f"{sql};\n")

    found = shown(one)
    # Views are read through; what their rules lock beside is not what is asked here.
    assert {key: value for key, value in found.items() if key in expected or key != "ref"} == (
        expected
    )


def test_a_grant_locks_nobody_out(traced):
    (one,) = traced("GRANT SELECT ON t TO public;\n")

    # PostgreSQL 18 has begun to lock the table for it, as a reader does.
    assert {lock.level for lock in one.locks} <= {"ACCESS SHARE"}
    assert not one.is_of_interest


def test_what_a_do_block_and_a_function_do_is_seen(traced):
    (made, block, called) = traced(
        "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN\n"
        "  LOCK TABLE ref IN EXCLUSIVE MODE; END $$;\n"
        "DO $$ BEGIN\n  EXECUTE 'ALTER TABLE t ALTER n TYPE numeric(12, 4)';\nEND $$;\n"
        "SELECT f();\n"
    )

    assert shown(made) == {}
    assert block.line == 3
    assert block.rewritten == ("public.t",)
    assert shown(called) == {"ref": "EXCLUSIVE"}
    assert {lock.relation: lock.level for lock in called.held}["public.t"] == ALONE


def test_only_what_a_statement_adds_is_its_own(traced):
    first, second, third = traced(
        "ALTER TABLE t ADD c int;\nALTER TABLE t ADD d int;\nCREATE INDEX i ON t (d);\n"
    )

    assert shown(first) == {"t": ALONE}
    assert shown(second) == {}
    assert shown(third) == {"t": "SHARE", BUILT: ["i"], "reads": {"t": 3}}


def test_a_table_that_the_migration_makes_does_not_count(traced):
    statements = traced(
        "CREATE TABLE n (id int);\nINSERT INTO n VALUES (1);\nCREATE INDEX i ON n (id);\n"
        "ALTER TABLE n ALTER id TYPE bigint;\nTRUNCATE n;\nDROP TABLE n;\n"
    )

    assert [shown(one) for one in statements] == [{}] * 6


def test_an_empty_table_that_is_rewritten_is_not_taken_for_one_that_is_emptied(traced):
    made, rewritten = traced("DELETE FROM t;\nALTER TABLE t ALTER v TYPE varchar(3);\n")

    assert made.rewritten == ()
    assert rewritten.rewritten == ("public.t",)
    assert rewritten.emptied == ()


def test_statements_of_a_python_migration_have_their_lines(traced):
    text = (
        "from confiture import Migration\n\n\nclass Step(Migration):\n"
        "    version = '001'\n    name = 'step'\n\n    def up(self):\n"
        "        self.execute('''\n            ALTER TABLE t ADD c int;\n"
        "            ALTER TABLE ref ADD c int\n        ''')\n"
        "        self.execute('UPDATE t SET c = %s', [1])\n"
        "        self.connection.execute('LOCK TABLE part')\n"
    )

    statements = traced(text, name="001_step.py")

    assert [(one.path, one.line) for one in statements] == [
        ("001_step.py", 10),
        ("001_step.py", 11),
        ("001_step.py", 13),
        ("001_step.py", None),
    ]
    assert shown(statements[-1]) == {"part": ALONE, "part_1": ALONE, "part_d": ALONE}


def test_statements_outside_a_transaction_show_what_they_rewrite(traced):
    alter, build, reindex = traced(
        "-- confiture: transactional: false\n"
        "ALTER TABLE t ADD c int;\nCREATE INDEX CONCURRENTLY i ON t (c);\n"
        "REINDEX INDEX t_v;\n"
    )

    assert shown(alter) == {"t": ALONE}
    assert build.locks is None
    assert (build.built, build.indexed) == (("public.i",), ("public.t",))
    assert shown(reindex) == {"t": "SHARE", BUILT: ["t_v"], "reads": {"t": 3}}


def test_batches_of_one_statement_are_one(traced):
    text = (
        "from confiture import Migration\n\n\nclass Step(Migration):\n"
        "    version = '001'\n    name = 'step'\n    transactional = False\n\n"
        "    def up(self):\n"
        "        self.in_batches('UPDATE t SET b = v WHERE id BETWEEN %(first)s AND %(last)s',\n"
        "                        key='t.id', size=1)\n"
    )

    (one,) = traced(text, name="001_step.py")

    assert one.line == 10
    assert shown(one)["t"] == "ROW EXCLUSIVE"


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("ACCESS EXCLUSIVE", "ACCESS EXCLUSIVE"),
        ("share update exclusive", "SHARE UPDATE EXCLUSIVE"),
        ("ShareRowExclusiveLock", "SHARE ROW EXCLUSIVE"),
        ("row-share", "ROW SHARE"),
        ("shared", None),
        ("lock", None),
    ],
)
def test_a_level_is_read_however_it_is_written(text, level):
    assert parse_level(text) == level
