from __future__ import annotations

import pytest

from confiture_core.statements import (
    Statement,
    created_role,
    is_access_statement,
    is_pg_dump,
    may_leave_transaction,
    mentioned_roles,
    only_defines,
    runs_in_transaction,
    split_statements,
    transaction_control,
)


def only(sql: str) -> Statement:
    (statement,) = split_statements(sql)
    return statement


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE INDEX CONCURRENTLY i ON t (a)",
        "DROP INDEX CONCURRENTLY i",
        "REINDEX TABLE CONCURRENTLY t",
        "REINDEX (CONCURRENTLY, VERBOSE) INDEX i",
        "REINDEX DATABASE d",
        "VACUUM t",
        "VACUUM(FULL) t",
        "CLUSTER",
        "ALTER SYSTEM SET work_mem = '1MB'",
        "CREATE DATABASE d",
        "DROP DATABASE d",
        "ALTER DATABASE d SET TABLESPACE s",
        "CREATE TABLESPACE s LOCATION '/x'",
        "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p",
        "DROP SUBSCRIPTION s",
        "ALTER TABLE t DETACH PARTITION p CONCURRENTLY",
        "DISCARD ALL",
        "COMMIT PREPARED 'x'",
    ],
)
def test_what_postgresql_refuses_in_a_transaction_is_known(sql: str):
    assert not runs_in_transaction(only(sql))
    assert may_leave_transaction(only(sql))


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE INDEX concurrently_made ON t (a)",
        "ALTER TYPE t ADD VALUE 'x'",
        "ALTER TABLE t DETACH PARTITION p",
        "ALTER DATABASE d SET work_mem = '1MB'",
        "REINDEX TABLE t",
        "ANALYZE t",
        "CLUSTER t USING i",
        "DISCARD TEMP",
        "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
        "CREATE TABLE tablespace_usage (database text)",
        "(SELECT 1)",
    ],
)
def test_what_runs_in_a_transaction_is_known(sql: str):
    assert runs_in_transaction(only(sql))
    assert not may_leave_transaction(only(sql))


@pytest.mark.parametrize(
    "sql",
    [
        "BEGIN",
        "START TRANSACTION",
        "COMMIT",
        "END",
        "ROLLBACK",
        "ABORT",
        "SAVEPOINT s",
        "RELEASE s",
        "ROLLBACK TO s",
        "PREPARE TRANSACTION 'x'",
    ],
)
def test_transaction_control_is_known(sql: str):
    assert transaction_control(only(sql))
    assert may_leave_transaction(only(sql))


def test_a_prepared_statement_is_no_transaction_control():
    assert not may_leave_transaction(only("PREPARE p AS SELECT 1"))


@pytest.mark.parametrize(
    ("sql", "roles"),
    [
        ("GRANT SELECT ON t TO a, PUBLIC, CURRENT_USER", {"a"}),
        ("REVOKE ALL ON SCHEMA s FROM a GRANTED BY b", {"a", "b"}),
        ("GRANT a TO b", {"a", "b"}),
        ("ALTER TABLE t OWNER TO a", {"a"}),
        ('ALTER FUNCTION f() OWNER TO "A b"', {"A b"}),
        ("ALTER DEFAULT PRIVILEGES FOR ROLE a GRANT SELECT ON TABLES TO b", {"a", "b"}),
        ("SET ROLE a", {"a"}),
        ("SET SESSION AUTHORIZATION 'a'", {"a"}),
        ("RESET ROLE", set()),
        ("REASSIGN OWNED BY a TO b", {"a", "b"}),
    ],
)
def test_access_statements_and_their_roles_are_known(sql: str, roles: set[str]):
    assert is_access_statement(only(sql))
    assert mentioned_roles(only(sql)) == roles


@pytest.mark.parametrize(
    ("sql", "roles"),
    [
        ("CREATE POLICY p ON t TO a USING (true)", {"a"}),
        ("CREATE SCHEMA s AUTHORIZATION a", {"a"}),
        ("CREATE ROLE a IN ROLE b", {"b"}),
        ("COMMENT ON ROLE a IS 'x'", {"a"}),
        ("COMMENT ON TABLE a IS 'x'", set()),
        ("ALTER TABLE t ADD COLUMN a int", set()),
        ("SET search_path = a", set()),
        ("DROP OWNED BY a", {"a"}),
    ],
)
def test_other_statements_may_name_roles_too(sql: str, roles: set[str]):
    assert not is_access_statement(only(sql))
    assert mentioned_roles(only(sql)) == roles


def test_the_role_a_statement_creates_is_known():
    assert created_role(only("CREATE USER a")) == "a"
    assert created_role(only("ALTER ROLE a LOGIN")) is None


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SET lock_timeout = 0;\nSELECT pg_catalog.set_config('search_path', '', false);", True),
        ("\\restrict x\nSELECT set_config('search_path', '', false);\n\\unrestrict x\n", True),
        ("SELECT pg_catalog.set_config('search_path', 'app', false);", False),
        ("-- PostgreSQL database dump\nSELECT 1, set_config('a', '', false);", False),
        ("SELECT;", False),
        ("VALUES (1);", False),
        ("CREATE TABLE users (id int);", False),
        ("CREATE TABEL users", False),
    ],
)
def test_a_dump_is_known_by_the_search_path_it_empties(sql: str, expected: bool):
    assert is_pg_dump(sql) is expected


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY, b int GENERATED ALWAYS AS (a) STORED)",
        "CREATE TABLE t (a text DEFAULT 'as it was')",
        "CREATE TEMP TABLE t (a int)",
        "create or replace view v as select 1",
        "CREATE UNIQUE INDEX ON t (a)",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = app AS 'select 1'",
        "COMMENT ON TABLE t IS 'a table'",
        "ALTER TABLE t ADD COLUMN b int",
        "GRANT SELECT ON t TO PUBLIC",
        "CREATE TYPE e AS ENUM ('a')",
    ],
)
def test_a_definition_is_known_as_one(sql: str):
    assert only_defines(only(sql))


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE t AS SELECT 1 AS a",
        "CREATE TABLE t AS TABLE u",
        "CREATE TEMP TABLE t (a int) ON COMMIT DROP",
        "CREATE MATERIALIZED VIEW m AS SELECT 1",
        "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f()",
        "CREATE EXTENSION citext",
        "CREATE INDEX CONCURRENTLY ON t (a)",
        "ALTER TABLE p DETACH PARTITION t CONCURRENTLY",
        "ALTER SYSTEM SET jit = off",
        "SET search_path = app",
        "SELECT 1",
        "INSERT INTO t VALUES (1)",
        "DO 'begin end'",
        "BEGIN",
    ],
)
def test_what_does_more_is_no_definition(sql: str):
    assert not only_defines(only(sql))
