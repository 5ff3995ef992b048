"""Which statements are about more than the schema of a database."""

from __future__ import annotations

import pytest

from confiture_core.errors import SqlError
from confiture_core.statements import (
    is_beyond_schema,
    refuse_beyond_database,
    split_statements,
)


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER DATABASE d SET work_mem = 1",
        "ALTER GROUP g ADD USER u",
        "ALTER LARGE OBJECT 3 OWNER TO u",
        "ALTER ROLE r RENAME TO s",
        "ALTER ROLE r IN DATABASE d SET work_mem = 1",
        "ALTER SYSTEM SET work_mem = 1",
        "COMMENT ON ROLE r IS 'x'",
        "COMMENT ON DATABASE d IS 'x'",
        "CREATE /* a role */ ROLE r",
        "CREATE TABLESPACE s LOCATION '/s'",
        "DROP USER u",
        "GRANT CONNECT ON DATABASE d TO r",
        "GRANT CREATE ON TABLESPACE s TO r",
        "GRANT SELECT ON LARGE OBJECT 3 TO r",
        "GRANT SET ON PARAMETER work_mem TO r",
        "GRANT r TO s",
        "REVOKE r FROM s",
        "SECURITY LABEL ON ROLE r IS 'x'",
    ],
)
def test_what_is_the_servers_is_beyond_the_schema(sql: str) -> None:
    (statement,) = split_statements(sql)

    assert is_beyond_schema(statement)


@pytest.mark.parametrize(
    "sql",
    [
        "COMMENT ON COLUMN t.\"role\" IS 'x'",
        "COMMENT ON TYPE role IS 'x'",
        "CREATE USER MAPPING FOR u SERVER s",
        'CREATE TABLE "user" (role text)',
        "GRANT SELECT ON t TO r",
        "REVOKE USAGE ON LANGUAGE sql FROM r",
        "SECURITY LABEL ON TABLE t IS 'x'",
    ],
)
def test_what_is_the_databases_is_not(sql: str) -> None:
    (statement,) = split_statements(sql)

    assert not is_beyond_schema(statement)


@pytest.mark.parametrize(
    "sql",
    [
        "COMMENT ON DATABASE shop IS 'x'",
        "ALTER DATABASE shop SET work_mem = '5MB'",
        "ALTER DATABASE shop RESET ALL",
        "ALTER DATABASE shop OWNER TO b",
        "ALTER DATABASE shop RENAME TO b",
        "ALTER DATABASE shop WITH CONNECTION LIMIT 3",
        "ALTER DATABASE shop SET TABLESPACE b",
        "ALTER ROLE r IN DATABASE shop SET work_mem = '5MB'",
        "GRANT CONNECT, TEMP ON DATABASE shop, other TO c",
        "REVOKE ALL ON DATABASE shop FROM public",
        "CREATE DATABASE shop",
        "DROP DATABASE IF EXISTS shop",
        "SECURITY LABEL ON DATABASE shop IS 'x'",
    ],
)
def test_what_names_a_database_is_refused_at_its_line(sql: str):
    (statement,) = split_statements(f"\n{sql}", shown="a.sql")

    with pytest.raises(SqlError, match=r'^a\.sql:2: the statement names the database "shop"'):
        refuse_beyond_database(statement)


def test_what_changes_the_whole_server_is_refused():
    (statement,) = split_statements("ALTER SYSTEM SET work_mem = '5MB'")

    with pytest.raises(SqlError, match="changes the whole server"):
        refuse_beyond_database(statement)


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE database (system int)",
        "COMMENT ON TABLE database IS 'the system'",
        "GRANT SELECT ON database TO x",
        "ALTER TABLE system RENAME TO database",
        "ALTER TABLE database OWNER TO b",
        "ALTER ROLE r SET application_name = 'database'",
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET ALL', current_database()); END $$",
    ],
)
def test_the_word_alone_is_nothing_to_refuse(sql: str):
    (statement,) = split_statements(sql)

    refuse_beyond_database(statement)
