"""Which statements are about more than the schema of a database."""

from __future__ import annotations

import pytest

from confiture_core.statements import is_beyond_schema, split_statements


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
