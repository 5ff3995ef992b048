from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import psycopg
import pytest

from confiture_core.builder.runner import run_files
from confiture_core.errors import DatabaseError, SqlError
from confiture_core.project import load_sql_files

if TYPE_CHECKING:
    from pathlib import Path

    from confiture_core.reach import Connection

    from .conftest import Refused, Run


TABLES = "select relname from pg_class where relname in ('a', 'b', 'c') order by 1"


def values(connection: Connection, query: str) -> list[object]:
    return [row[0] for row in connection.execute(query.encode())]


def test_files_run_in_their_order(database: Connection, run: Run):
    run(
        "CREATE TABLE t (a int);\nCREATE VIEW v AS SELECT a FROM t;",
        "INSERT INTO v VALUES (1), (2)",
    )

    assert values(database, "select a from t") == [1, 2]


def test_nothing_is_a_legal_file(run: Run):
    run("", "-- nothing\n", ";;")


def test_a_failing_file_leaves_nothing_and_those_before_it_stay(
    database: Connection, refused: Refused
):
    refused("CREATE TABLE a (a int)", "CREATE TABLE b (a int); SELECT 1 / 0; CREATE TABLE c ()")

    assert values(database, TABLES) == ["a"]


# The row of the catalog says which transaction has written it.
TRANSACTIONS = "select count(distinct xmin::text) from pg_class where relname in ('a', 'b', 'c')"


def test_definitions_of_several_files_go_together(database: Connection, run: Run):
    run("CREATE TABLE a (x int)", "CREATE VIEW b AS TABLE a", "CREATE VIEW c AS TABLE b")

    assert values(database, TRANSACTIONS) == [1]


def test_files_that_do_more_go_alone(database: Connection, run: Run):
    run(
        "CREATE TABLE a (x int)", "SET search_path = public; CREATE TABLE b ()", "CREATE TABLE c ()"
    )

    assert values(database, TRANSACTIONS) == [3]


def test_files_go_alone_where_their_times_are_asked_for(
    database: Connection, run: Run, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO, logger="confiture_core")

    run("CREATE TABLE a (x int)", "CREATE TABLE b ()", "CREATE TABLE c ()")

    assert values(database, TRANSACTIONS) == [3]


def test_definitions_that_cannot_go_together_go_one_by_one(database: Connection, run: Run):
    run("CREATE TYPE e AS ENUM ('x')")

    run(
        "CREATE TABLE a ()",
        "ALTER TYPE e ADD VALUE 'y'",
        "CREATE TABLE b (y e DEFAULT 'y', CHECK (y <> 'y'))",
        "CREATE TABLE c ()",
    )

    assert values(database, TRANSACTIONS) == [3]


def test_of_definitions_that_went_together_those_before_the_failing_one_stay(
    database: Connection, refused: Refused
):
    error = refused("CREATE TABLE a ()", "CREATE TABLE b ()", "\nCREATE TABLE c (x txt)")

    assert str(error) == 'c.sql:2: type "txt" does not exist'
    assert values(database, TABLES) == ["a", "b"]


def test_a_syntax_error_anywhere_is_found_before_anything_is_run(
    database: Connection, refused: Refused
):
    error = refused("CREATE TABLE a (a int)", "SELECT\n FROM FROM")

    assert str(error) == 'b.sql:2: syntax error at or near "FROM"'
    assert values(database, "select 1 from pg_class where relname = 'a'") == []


def test_what_a_file_sets_ends_with_it(database: Connection, run: Run):
    run(
        "CREATE SCHEMA app; SET search_path = app; CREATE TABLE t (a int);",
        "SELECT pg_catalog.set_config('search_path', '', false); SET ROLE pg_monitor;",
        "SET SESSION AUTHORIZATION pg_monitor;",
        "CREATE TABLE u (a int);",
    )

    assert values(database, "select to_regclass('app.t')::text") == ["app.t"]
    assert values(database, "select relowner = 10 from pg_class where relname = 'u'") == [True]
    assert values(database, "select to_regclass('public.u')::text") == ["u"]


def test_a_dump_runs_as_it_is(database: Connection, run: Run):
    user = f'"{database.info.user}"'

    run(
        f"""--
-- PostgreSQL database dump
--

\\restrict aBcDeF

SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET row_security = off;
SET default_tablespace = '';

CREATE TABLE public.users (
    id integer NOT NULL,
    name text
);

ALTER TABLE public.users OWNER TO {user};

COPY public.users (id, name) FROM stdin;
1\tann; é
2\t\\N
\\.

SELECT pg_catalog.setval('public.users_id_seq', 2, true);
ALTER TABLE ONLY public.users ADD CONSTRAINT users_pkey PRIMARY KEY (id);
GRANT SELECT ON TABLE public.users TO pg_monitor;

\\unrestrict aBcDeF
""".replace("CREATE TABLE", "CREATE SEQUENCE public.users_id_seq;\nCREATE TABLE"),
        "CREATE VIEW names AS SELECT name FROM users;",
    )

    assert values(database, "select name from names order by name") == ["ann; é", None]


def test_rows_of_copy_are_sent(database: Connection, run: Run):
    run(
        "CREATE TABLE t (a int, b text);\n"
        "COPY t (a, b) FROM stdin;\n1\tit's; é\n2\t\\N\n\\.\n"
        "INSERT INTO t VALUES (3, 'x');\n"
        'COPY t FROM stdin WITH (FORMAT csv);\n4,"a\nb"\n\\.\n'
        "COPY t FROM stdin;\n\\.\n"
    )

    assert values(database, "select b from t order by a") == ["it's; é", None, "x", "a\nb"]


def test_a_file_with_copy_is_one_transaction_too(database: Connection, refused: Refused):
    error = refused("CREATE TABLE t (a int);\n\nCOPY t FROM stdin;\n1\nx\n\\.\n")

    assert str(error) == 'a.sql:5: invalid input syntax for type integer: "x"'
    assert error.detail == 'COPY t, line 2, column a: "x"'
    assert values(database, "select 1 from pg_class where relname = 't'") == []


def test_what_runs_in_no_transaction_runs_by_itself(database: Connection, run: Run):
    run(
        "CREATE TABLE t (a int);\nCREATE INDEX CONCURRENTLY i ON t (a);\nVACUUM t;\n"
        "REINDEX INDEX CONCURRENTLY i;"
    )

    assert values(database, "select indisvalid from pg_index where indexrelid = 'i'::regclass") == [
        True
    ]


def test_a_file_may_have_transactions_of_its_own(database: Connection, refused: Refused):
    error = refused(
        "BEGIN;\nCREATE TABLE a (a int);\nCOMMIT;\n"
        "BEGIN;\nCREATE TABLE b (a int);\nSELECT 1/0;\nEND;"
    )

    assert str(error) == "a.sql:6: division by zero"
    assert values(database, TABLES) == ["a"]
    assert database.info.transaction_status == psycopg.pq.TransactionStatus.IDLE


def test_a_transaction_left_open_is_refused(database: Connection, refused: Refused):
    error = refused("CREATE TABLE a (a int);\nBEGIN;\nCREATE TABLE b (a int);")

    assert str(error) == "a.sql:2: the file leaves a transaction open"
    assert values(database, TABLES) == ["a"]


@pytest.mark.parametrize(
    "sql",
    [
        pytest.param(
            "CREATE TYPE mood AS ENUM ('sad');\n"
            "ALTER TYPE mood ADD VALUE 'ok';\nSELECT 'ok'::mood;",
            id="new-enum-value",
        ),
        pytest.param(
            "CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$;\nCALL p();",
            id="procedure-that-commits",
        ),
        pytest.param(
            "CREATE TABLE t (a int PRIMARY KEY, b int REFERENCES t INITIALLY DEFERRED);\n"
            "INSERT INTO t VALUES (1, 1);\nALTER TABLE t ADD COLUMN c int;",
            id="pending-triggers",
        ),
    ],
)
def test_what_needs_its_own_transaction_gets_it(run: Run, sql: str):
    run(sql)


@pytest.mark.parametrize(
    ("sql", "error"),
    [
        pytest.param(
            "-- é 😀\nCREATE TABLE u (\n    id int,\n    name txt\n);",
            'a.sql:4: type "txt" does not exist',
            id="position",
        ),
        pytest.param(
            "SELECT 1;\r\n\r\n/* a\r\n */ CREATE TABLE t (\r\na txt);",
            'a.sql:5: type "txt" does not exist',
            id="carriage-returns",
        ),
        pytest.param(
            "CREATE TABLE t (a int);\n\nCREATE TABLE\n t (a int);",
            'a.sql:3: relation "t" already exists',
            id="no-position",
        ),
        pytest.param(
            "VACUUM;\nCREATE TABLE t (a int);\nSELECT\n b FROM t;",
            'a.sql:4: column "b" does not exist',
            id="by-itself",
        ),
        pytest.param(
            "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RETRN 1;\nEND $$;",
            'a.sql:3: syntax error at or near "RETRN"',
            id="function-body",
        ),
        pytest.param(
            "\\restrict x\nCREATE TABLE t (a int CHECK (a > 0));\nCOPY t FROM stdin;\n1\n\\.\n"
            "\nINSERT INTO t VALUES (-1);",
            'a.sql:7: new row for relation "t" violates check constraint "t_a_check"',
            id="after-rows",
        ),
    ],
)
def test_an_error_names_file_and_line(refused: Refused, sql: str, error: str):
    assert str(refused(sql)) == error


def test_an_error_inside_a_function_says_how_it_got_there(refused: Refused):
    error = refused(
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN\nRETURN (SELECT x FROM y);\n"
        "END $$;\nSELECT f();"
    )

    assert str(error) == 'a.sql:4: relation "y" does not exist'
    assert error.detail is not None
    context, query = error.detail.splitlines()
    assert context == "PL/pgSQL function f() line 2 at RETURN"
    assert query.startswith("in: ")
    assert query.endswith("(SELECT x FROM y)")


def test_a_check_deferred_to_the_end_names_the_file(refused: Refused):
    error = refused(
        "CREATE TABLE t (a int PRIMARY KEY, b int REFERENCES t INITIALLY DEFERRED);\n"
        "INSERT INTO t VALUES (1, 2);"
    )

    assert isinstance(error, SqlError)
    assert str(error).startswith('a.sql: insert or update on table "t" violates foreign key')
    assert error.detail == 'Key (b)=(2) is not present in table "t".'


def test_postgresqls_detail_and_hint_are_kept(refused: Refused):
    error = refused("CREATE TABLE t (abc int);\nSELECT\n abd FROM t;")

    assert str(error) == 'a.sql:3: column "abd" does not exist'
    assert error.hint == 'Perhaps you meant to reference the column "t.abc".'


def test_seeds_meet_the_constraints(refused: Refused):
    error = refused(
        schema="CREATE TABLE users (id int PRIMARY KEY);",
        seeds="INSERT INTO users VALUES (1);\nINSERT INTO users VALUES (2), (1);",
    )

    assert str(error).startswith("seeds.sql:2: duplicate key value violates unique constraint")
    assert error.detail == "Key (id)=(1) already exists."


def test_notices_are_logged(run: Run, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.INFO, "confiture_core.builder"):
        run("DO $$ BEGIN RAISE NOTICE 'hello'; END $$;")

    assert caplog.messages[0] == "NOTICE: hello"


def test_a_connection_lost_while_definitions_go_together_is_said(refused: Refused):
    error = refused(
        "CREATE TABLE a (x int); INSERT INTO a VALUES (1)",
        "CREATE TABLE b ()",
        "ALTER TABLE a ADD COLUMN y bool DEFAULT pg_terminate_backend(pg_backend_pid())",
    )

    assert isinstance(error, DatabaseError)
    assert str(error).startswith('the connection was lost while running "b.sql" to "c.sql"')


def test_a_lost_connection_is_no_error_of_the_file(refused: Refused):
    error = refused("SELECT 1;\nSELECT pg_terminate_backend(pg_backend_pid());")

    assert isinstance(error, DatabaseError)
    assert str(error) == 'the connection was lost while running "a.sql"'


def test_files_are_run_as_utf8_whatever_the_connection_speaks(server_conninfo: str, tmp_path: Path):
    (tmp_path / "a.sql").write_text("CREATE TABLE t AS SELECT 'é😀' AS a;\nSELECT 'é' FROM nope;")
    files = load_sql_files([tmp_path], root=tmp_path)

    with (
        psycopg.connect(server_conninfo, autocommit=True, client_encoding="LATIN1") as connection,
        pytest.raises(SqlError) as caught,
    ):
        run_files(connection, files)

    assert str(caught.value) == 'a.sql:2: relation "nope" does not exist'


def test_what_names_a_database_is_refused_before_anything_is_run(
    database: Connection, refused: Refused
):
    error = refused("CREATE TABLE a ()", "\nCOMMENT ON DATABASE postgres IS 'mine'")

    assert (error.line, 'names the database "postgres"' in error.message) == (2, True)
    assert "current_database()" in (error.hint or "")
    assert values(database, TABLES) == []


def test_the_head_of_a_later_pg_dump_is_understood(database: Connection, run: Run):
    run(
        "SET statement_timeout = 0;\nSET transaction_timeout = 0;\n"
        "SELECT pg_catalog.set_config('search_path', '', false);\nCREATE TABLE public.a ();"
    )

    assert values(database, TABLES) == ["a"]


@pytest.mark.pg("< 17")
def test_another_setting_that_is_unknown_is_an_error(refused: Refused):
    error = refused("SET transaction_timeout = 5")

    assert (error.line, "transaction_timeout" in error.message) == (1, True)
