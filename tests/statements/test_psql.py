from __future__ import annotations

import pytest

from confiture_core.errors import SqlError
from confiture_core.statements import split_statements

DUMP = """\
--
-- PostgreSQL database dump
--

\\restrict abcDEF123

SET statement_timeout = 0;
CREATE TABLE public.t (a integer, b text);

COPY public.t (a, b) FROM stdin;
1\tit's
2\t$$ ; /* "
\\N\t\\\\.
\\.


COPY public.u (a) FROM stdin;
\\.

SELECT 1;
\\unrestrict abcDEF123
"""


def test_a_dump_is_split_with_its_rows():
    statements = split_statements(DUMP)

    assert [(s.sql, s.line) for s in statements] == [
        ("SET statement_timeout = 0", 7),
        ("CREATE TABLE public.t (a integer, b text)", 8),
        ("COPY public.t (a, b) FROM stdin", 10),
        ("COPY public.u (a) FROM stdin", 17),
        ("SELECT 1", 20),
    ]
    assert [s.copy_rows for s in statements] == [
        None,
        None,
        "1\tit's\n2\t$$ ; /* \"\n\\N\t\\\\.\n",
        "",
        None,
    ]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_rows_end_at_the_line_of_a_backslash_and_a_dot(line_end: str):
    sql = line_end.join(["COPY t FROM stdin;", "1", "\\.", "SELECT 1;"])

    copy, select = split_statements(sql)

    assert copy.copy_rows == f"1{line_end}"
    assert (select.sql, select.line) == ("SELECT 1", 4)


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        pytest.param("copy t from STDIN;\n1\n2\n", "1\n2\n", id="rows-to-the-end"),
        pytest.param("COPY t FROM stdin", "", id="no-rows"),
        pytest.param("COPY t FROM stdin;", "", id="no-line-after"),
        pytest.param("COPY t FROM stdin -- here;\n;\n1\n\\.\n", "1\n", id="comment-before-the-end"),
        pytest.param(
            "COPY t FROM stdin\n WITH (DELIMITER ';')\n;\na;b\n\\.", "a;b\n", id="options"
        ),
        pytest.param("COPY t FROM stdin;\n\\connect x\n\\.\n", "\\connect x\n", id="row-like-psql"),
        pytest.param("-- COPY t FROM stdin;\nSELECT 1;", None, id="in-a-comment"),
        pytest.param("SELECT ' FROM stdin;\n\\.\n';", None, id="in-a-string"),
        pytest.param("SELECT 1 FROM stdin;", None, id="a-table-called-stdin"),
        pytest.param("COPY t TO stdout;", None, id="the-other-way"),
    ],
)
def test_only_rows_below_copy_from_stdin_are_rows(sql: str, rows: str | None):
    (statement,) = split_statements(sql)

    assert statement.copy_rows == rows


def test_what_stands_behind_copy_on_its_line_runs_after_it():
    copy, select = split_statements("COPY t FROM stdin; SELECT 1;\n1\n\\.\n")

    assert (copy.copy_rows, select.sql) == ("1\n", "SELECT 1")


@pytest.mark.parametrize(
    "command",
    ["\\restrict x", "\\unrestrict x", "\\echo 'a", "  \\set ON_ERROR_STOP on", "\\timing"],
)
def test_a_psql_command_that_changes_no_database_is_left_out(command: str):
    first, second = split_statements(f"SELECT 1;\n{command}\nSELECT 2;")

    assert (first.sql, second.sql, second.line) == ("SELECT 1", "SELECT 2", 3)


def test_a_psql_command_in_the_middle_of_a_statement_is_left_out():
    (statement,) = split_statements("SELECT\n\\echo x\n1;")

    assert statement.sql.split() == ["SELECT", "1"]


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("\\connect other", "\\connect"),
        ("\\i more.sql", "\\i"),
        ("\\set name value", "\\set"),
        ("\\.", "\\."),
        ("\\gexec", "\\gexec"),
    ],
)
def test_any_other_psql_command_is_refused_by_its_name(command: str, name: str):
    with pytest.raises(SqlError) as caught:
        split_statements(f"SELECT 1;\n\n{command}\n", shown="a.sql")

    assert str(caught.value) == f'a.sql:3: psql command "{name}" cannot be run here'


def test_a_backslash_inside_a_body_is_no_psql_command():
    sql = "SELECT $$\n\\connect x\n$$, '\n\\i y';\nSELECT /*\n\\q\n*/ 2;\n\\restrict z\n"

    assert len(split_statements(sql)) == 2
