from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pglast import ast

from confiture_core.errors import SqlError
from confiture_core.statements import split_statements


def texts(sql: str) -> list[str]:
    return [statement.sql for statement in split_statements(sql)]


def test_each_statement_keeps_its_authors_words_and_line():
    sql = "-- Users\nCREATE TABLE users (\n    id int  -- the key\n);\n\nSELECT 1;\n"

    table, select = split_statements(sql, shown="db/schema/users.sql")

    assert table.sql == "CREATE TABLE users (\n    id int  -- the key\n)"
    assert (table.line, table.offset, table.shown) == (2, 9, "db/schema/users.sql")
    assert (select.sql, select.line) == ("SELECT 1", 6)


def test_offsets_count_characters_not_bytes():
    sql = "-- é 😀\nSELECT 'é😀';\n/* ü */ SELECT 2;"

    for statement in split_statements(sql):
        assert sql[statement.offset :].startswith(statement.sql)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        pytest.param("", [], id="empty"),
        pytest.param(" \n\t", [], id="blank"),
        pytest.param("-- nothing", [], id="comment"),
        pytest.param(";;SELECT 1;;", ["SELECT 1"], id="empty-statements"),
        pytest.param("SELECT 1", ["SELECT 1"], id="no-semicolon"),
        pytest.param("\ufeffSELECT 1;", ["SELECT 1"], id="byte-order-mark"),
        pytest.param("SELECT ';', $$;$$, $a$;$$;$a$", ["SELECT ';', $$;$$, $a$;$$;$a$"], id="text"),
        pytest.param("/* a /* ; */ ; */ SELECT 1", ["SELECT 1"], id="nested-comment"),
        pytest.param('SELECT 1 AS ";"', ['SELECT 1 AS ";"'], id="quoted-name"),
        pytest.param("SELECT 1 -- one\n; SELECT 2 /* two */", ["SELECT 1", "SELECT 2"], id="tail"),
        pytest.param("SELECT '--' ;", ["SELECT '--'"], id="dashes-in-a-string"),
        pytest.param("SELECT '*/'", ["SELECT '*/'"], id="slash-in-a-string"),
        pytest.param("SELECT E'\\';'; SELECT 2", ["SELECT E'\\';'", "SELECT 2"], id="escapes"),
    ],
)
def test_only_a_semicolon_between_statements_splits(sql: str, expected: list[str]):
    assert texts(sql) == expected


def test_a_function_with_a_standard_body_is_one_statement():
    sql = "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END;\nSELECT f();"

    assert texts(sql) == [
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END",
        "SELECT f()",
    ]


def test_carriage_returns_inside_a_statement_are_kept():
    sql = "SELECT\r\n1;\r\nSELECT 2;\r\n"

    first, second = split_statements(sql)

    assert first.sql == "SELECT\r\n1"
    assert second.line == 3


def test_the_comments_above_a_statement_belong_to_it():
    sql = "-- head\nSELECT 1; -- of the first\n-- of the second\n\nSELECT 2;"

    first, second = split_statements(sql)

    assert first.comment == "-- head"
    assert second.comment == "-- of the second"


def test_the_parse_tree_is_made_once():
    (statement,) = split_statements("CREATE TABLE t (a int)")

    assert isinstance(statement.node, ast.CreateStmt)
    assert statement.node is statement.node


@pytest.mark.parametrize(
    ("sql", "line", "message"),
    [
        ("SELECT 1;\n-- é\nSELECT é FROM;\n", 3, 'syntax error at or near ";"'),
        ("SELECT 1;\n\nSELECT (\n\n", 3, "syntax error at end of input"),
        ("SELECT 1;\n'abc", 2, "unterminated quoted string"),
        ("SELECT 1;\n$$ abc", 2, "unterminated dollar-quoted string"),
        ("SELECT 1;\nSELECT 'stdin'\n FROM FROM;", 3, 'syntax error at or near "FROM"'),
        ("COPY t FROM stdin;\n1\n2\n\\.\nSELEC 1;", 5, 'syntax error at or near "SELEC"'),
    ],
)
def test_a_syntax_error_names_its_line(sql: str, line: int, message: str):
    with pytest.raises(SqlError) as caught:
        split_statements(sql, shown="a.sql")

    assert (caught.value.path, caught.value.line) == ("a.sql", line)
    assert caught.value.message.startswith(message)


PIECES = [
    "SELECT 'é;'",
    "SELECT $$;\n$$",
    "SELECT 1 /* ; -- */",
    "-- 😀 ;\nSELECT 2",
    "CREATE TABLE t (a int) -- x;",
    "\n\n",
    "/* /* ; */ ; */",
]


@given(st.lists(st.sampled_from(PIECES)), st.sampled_from(["\n;\n", "\r\n;\r\n", "\n; "]))
def test_lines_and_offsets_lead_back_to_the_text(pieces: list[str], semicolon: str):
    sql = semicolon.join(pieces)

    for statement in split_statements(sql):
        assert sql[statement.offset :].startswith(statement.sql)
        assert statement.line == sql[: statement.offset].count("\n") + 1
        assert ";" not in sql[statement.offset + len(statement.sql) :].partition(";")[0]
