"""What lint says a server is too old for, held to what the server there is says itself."""

from __future__ import annotations

import psycopg
import pytest
from pglast import parse_sql

from confiture_core.config import OLDEST_VERSION
from confiture_core.lint.known import Known
from confiture_core.lint.newer import _OF_COMMANDS, _TESTS, newer_than
from confiture_core.statements import runs_in_transaction, split_statements

BEFORE = """
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c text, j jsonb, r tsrange);
CREATE TABLE g (id int, d int GENERATED ALWAYS AS (id + 1) STORED);
CREATE TABLE u (id int PRIMARY KEY, a int, CONSTRAINT a_of_t FOREIGN KEY (a) REFERENCES t);
CREATE TABLE p (id int, t_id int) PARTITION BY LIST (id);
CREATE TABLE p_1 PARTITION OF p FOR VALUES IN (1);
CREATE VIEW v AS SELECT id, a FROM t;
CREATE TYPE e AS (a int);
CREATE STATISTICS s ON a, b FROM t;
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE EXTENSION btree_gist;
CREATE TABLE w (id int, r tsrange, UNIQUE (id));
"""
# Since when, and what.
EXAMPLES = [
    (13, "ALTER TABLE g ALTER d DROP EXPRESSION"),
    (13, "ALTER STATISTICS s SET STATISTICS 100"),
    (13, "DROP DATABASE IF EXISTS nobodys WITH (FORCE)"),
    (13, "ALTER VIEW v RENAME COLUMN a TO b"),
    (13, "SELECT a FROM t ORDER BY a FETCH FIRST 1 ROWS WITH TIES"),
    (14, "SELECT a FROM t GROUP BY DISTINCT a"),
    (14, "ALTER TABLE t ALTER c SET COMPRESSION pglz"),
    (14, "ALTER TABLE p DETACH PARTITION p_1 CONCURRENTLY"),
    (14, "ALTER TABLE p DETACH PARTITION p_1 FINALIZE"),
    (
        14,
        "WITH RECURSIVE q(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM q WHERE n < 2)"
        " SEARCH DEPTH FIRST BY n SET o SELECT * FROM q",
    ),
    (14, "CREATE FUNCTION h() RETURNS int RETURN 1"),
    (14, "CREATE OR REPLACE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()"),
    (14, "REINDEX (TABLESPACE pg_default) TABLE t"),
    (14, "CREATE STATISTICS z ON (a + 1) FROM t"),
    (14, "CREATE TABLE n (c text COMPRESSION pglz)"),
    (15, "CREATE UNIQUE INDEX ON t (a) NULLS NOT DISTINCT"),
    (15, "ALTER TABLE t ADD UNIQUE NULLS NOT DISTINCT (a)"),
    (
        15,
        "CREATE TABLE n (a int REFERENCES t, FOREIGN KEY (a) REFERENCES t ON DELETE SET NULL (a))",
    ),
    (15, "ALTER TABLE t SET ACCESS METHOD heap"),
    (15, "GRANT SET ON PARAMETER work_mem TO PUBLIC"),
    (15, "MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN DELETE"),
    (15, "CREATE PUBLICATION y FOR TABLES IN SCHEMA public"),
    (15, "CREATE PUBLICATION y FOR TABLE t WHERE (id > 0)"),
    (15, "CREATE VIEW n WITH (security_invoker = true) AS SELECT 1"),
    (16, "CREATE TABLE n (c text STORAGE main)"),
    (16, "CREATE STATISTICS ON a, b FROM t"),
    (16, "GRANT pg_monitor TO pg_signal_backend WITH INHERIT TRUE"),
    (16, "SELECT JSON_ARRAYAGG(a) FROM t"),
    (16, "SELECT JSON_ARRAY(1, 2)"),
    (16, "SELECT JSON_ARRAY(SELECT a FROM t)"),
    (16, "SELECT c IS JSON FROM t"),
    (16, "SELECT JSON_OBJECTAGG(a: b) FROM t"),
    (16, "SELECT JSON_OBJECT('a': 1)"),
    (16, "SELECT * FROM (SELECT 1)"),
    (17, "ALTER TABLE g ALTER d SET EXPRESSION AS (id + 2)"),
    (17, "SELECT JSON_EXISTS(j, '$') FROM t"),
    (17, "SELECT JSON('1' WITH UNIQUE KEYS)"),
    (17, "SELECT JSON_SCALAR(1)"),
    (17, "SELECT JSON_SERIALIZE('1')"),
    (17, "SELECT * FROM JSON_TABLE('1'::jsonb, '$' COLUMNS (a int PATH '$'))"),
    (17, "MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN DELETE RETURNING 1"),
    (17, "MERGE INTO t USING u ON t.id = u.id WHEN NOT MATCHED BY SOURCE THEN DELETE"),
    (18, "ALTER TABLE t ADD NOT NULL a"),
    (18, "ALTER TABLE t ADD CONSTRAINT a_there NOT NULL a NOT VALID"),
    (18, "CREATE TABLE n (a int, CONSTRAINT a_there NOT NULL a)"),
    (18, "CREATE TABLE n (a int NOT NULL NO INHERIT)"),
    (18, "ALTER TABLE t ADD CHECK (a > 0) NOT ENFORCED"),
    (18, "CREATE TABLE n (a int REFERENCES t NOT ENFORCED)"),
    (18, "ALTER TABLE u ALTER CONSTRAINT a_of_t NOT ENFORCED"),
    (18, "ALTER TABLE w ADD UNIQUE (id, r WITHOUT OVERLAPS)"),
    (18, "CREATE TABLE n (a int GENERATED ALWAYS AS (1))"),
    (18, "UPDATE t SET a = 1 RETURNING WITH (OLD AS o) o.a"),
    (18, "ALTER TABLE p ADD FOREIGN KEY (t_id) REFERENCES t NOT VALID"),
]
# Not run: what it needs besides would be more than the example.
UNTRIED = [
    (13, "ALTER TYPE e SET (RECEIVE = NONE)"),
    (17, "COPY t FROM STDIN (ON_ERROR ignore)"),
    (18, "ALTER TABLE w ADD FOREIGN KEY (id, PERIOD r) REFERENCES w (id, PERIOD r)"),
]
OLD = [
    "CREATE TABLE n (a int NOT NULL, b int GENERATED ALWAYS AS (a) STORED, c int CHECK (c > 0))",
    "ALTER TABLE p DETACH PARTITION p_1",
    "SELECT * FROM (SELECT 1) AS q",
    "ALTER TABLE u ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES t NOT VALID",
    "ALTER TABLE u ADD CONSTRAINT n CHECK (a IS NOT NULL) NOT VALID",
    "REINDEX TABLE t",
]


def needs(sql: str, version: int) -> list[int]:
    known = Known()
    for one in parse_sql(BEFORE):
        known.learn(one.stmt)
    return [since for since, _ in newer_than(parse_sql(sql)[0].stmt, version, known)]


@pytest.mark.parametrize(("since", "sql"), EXAMPLES + UNTRIED, ids=lambda value: str(value))
def test_lint_says_since_when_a_server_understands_it(since, sql):
    assert max(needs(sql, since - 1), default=0) == since
    assert needs(sql, since) == []


@pytest.mark.parametrize("sql", OLD)
def test_nothing_is_said_of_what_all_understand(sql):
    assert needs(sql, OLDEST_VERSION) == []


@pytest.mark.parametrize(("since", "sql"), EXAMPLES, ids=lambda value: str(value))
def test_a_server_understands_it_from_that_version_on(database, since, sql):
    database.execute(BEFORE)
    major = database.info.server_version // 10000

    if all(map(runs_in_transaction, split_statements(sql))):
        database.execute("BEGIN")  # some would be seen in other databases
    error = None
    try:
        database.execute(sql)
    except psycopg.Error as exc:
        error = exc
    database.execute("ROLLBACK")

    if major < since:
        assert error is not None
    else:
        # FINALIZE finds nothing to end.
        assert error is None or isinstance(error, psycopg.errors.ObjectNotInPrerequisiteState)


def test_each_test_has_an_example():
    named = {
        what
        for _, sql in EXAMPLES + UNTRIED
        for _, what in newer_than(parse_sql(sql)[0].stmt, OLDEST_VERSION, Known())
    }

    said = {what for tests in _TESTS.values() for _, what, _ in tests}
    assert said | {what for _, what in _OF_COMMANDS.values()} <= named
