"""Splitting an SQL text into statements, each with its place in the text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pglast.parser import ParseError, parse_sql, scan, split

from confiture_core.errors import SqlError
from confiture_core.statements.psql import COMMENTS, PlainSql, strip_psql

if TYPE_CHECKING:
    from pglast import ast


@dataclass(frozen=True, kw_only=True)  # no slots: the parse tree is cached on the instance
class Statement:
    """One statement in its author's words, without comments around it and without `;`."""

    sql: str
    line: int  # of the first token, from 1
    offset: int  # of the first token, in characters
    shown: str | None = None  # the file, as errors name it
    copy_rows: str | None = None  # the lines after COPY … FROM stdin, up to `\.`
    comment: str = ""  # the comments above it
    is_csv: bool = False  # the file is all rows

    @cached_property
    def node(self) -> ast.Node:
        """The parse tree; made when first asked for, because it costs fifty times the split."""
        node = parse_sql(self.sql)[0].stmt
        assert node is not None  # pglast's types make every field optional
        return node

    def line_of_row(self, number: int) -> int:
        """Give the line of a line of `copy_rows`, counted from 1."""
        return number if self.is_csv else self.line + self.sql.count("\n") + number

    def line_at(self, position: int) -> int:
        """Give the line of a character of `sql`, counted from 0."""
        return self.line + self.sql.count("\n", 0, position)


def split_statements(text: str, *, shown: str | None = None) -> tuple[Statement, ...]:
    r"""Split a text; a syntax error is raised with its line.

    The psql commands that pg_dump writes (`\restrict`) and those that only talk to the terminal
    are left out; any other is refused by its name.
    """
    if text.startswith("\ufeff"):
        text = " " + text[1:]
    plain, slices = _slices(text, shown)
    statements = []
    line, counted, end = 1, 0, 0
    for part in slices:
        start, sql = _without_comments(plain.text[part], part.start)
        line += text.count("\n", counted, start)
        counted = start
        statements.append(
            Statement(
                sql=sql,
                line=line,
                offset=start,
                shown=shown,
                copy_rows=plain.copy_rows.get(start),
                comment=_comment(plain.text[end:start], first=end == 0),
            )
        )
        end = part.stop
    return tuple(statements)


def _slices(text: str, shown: str | None) -> tuple[PlainSql, tuple[slice, ...]]:
    plain = PlainSql(text=text, copy_rows={})
    if "stdin" not in text.lower():
        try:
            return plain, split(text, only_slices=True)
        except ParseError as exc:
            if "\\" not in text:
                raise _syntax_error(exc, text, shown) from exc
    plain = strip_psql(text, shown=shown)
    try:
        return plain, split(plain.text, only_slices=True)
    except ParseError as exc:
        raise _syntax_error(exc, text, shown) from exc


def _syntax_error(exc: ParseError, text: str, shown: str | None) -> SqlError:
    message, location = exc.args[0], exc.args[1]
    if location is None:  # at the end of the input
        location = len(text.rstrip())
    return SqlError(message, path=shown, line=text.count("\n", 0, location) + 1)


def _without_comments(sql: str, start: int) -> tuple[int, str]:
    """Cut comments off both ends; give where the rest begins, and it.

    Those in front are part of the first statement up to the grammar of PostgreSQL 17. Those
    between the last token and the semicolon would swallow what is appended.
    """
    if (
        not sql.startswith(("--", "/*"))
        and not sql.endswith("*/")
        and "--" not in sql[sql.rfind("\n") + 1 :]
    ):
        return start, sql
    tokens = [token for token in scan(sql) if token.name not in COMMENTS]
    return start + tokens[0].start, sql[tokens[0].start : tokens[-1].end + 1]


def _comment(gap: str, *, first: bool) -> str:
    """Take the comments above a statement out of the text since the last one's end."""
    if not first:  # what stands on the line of the last semicolon belongs to that statement
        gap = gap.partition("\n")[2]
    return gap.strip()
