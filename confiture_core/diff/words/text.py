"""Cutting and tidying the author's text, by the tokens of PostgreSQL's own scanner.

Formatting and comments inside a text are the author's and stay; what goes is what belongs to the
file and not to the object: its line endings, its indentation, a comment behind the last token.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pglast.parser import scan

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pglast.parser import Token

_COMMENTS = frozenset({"SQL_COMMENT", "C_COMMENT"})
_LITERALS = frozenset({"SCONST", "USCONST", "BCONST", "XCONST", "IDENT", "UIDENT"})
_OPENING = frozenset({"ASCII_40", "ASCII_91"})
_CLOSING = frozenset({"ASCII_41", "ASCII_93"})
_COMMA, _DOT, _STAR, _PARENTHESIS = "ASCII_44", "ASCII_46", "ASCII_42", "ASCII_40"
_IF_NOT_EXISTS = ("IF_P", "NOT", "EXISTS")


class Piece(NamedTuple):
    """A part of a statement, tidied, and where it starts in the statement."""

    text: str
    start: int


def statement_text(sql: str, *, without: Sequence[tuple[str, ...]] = ()) -> str:
    """Tidy a whole statement and leave out runs of tokens: `[("IF_P", "NOT", "EXISTS")]`."""
    last_line = sql[sql.rfind("\n") + 1 :]
    if without or "--" in last_line or last_line.endswith("*/"):
        sql = _without(sql, without)
    indent = last_line[: -len(last_line.lstrip())] if last_line.lstrip().startswith(")") else ""
    return _tidy(sql, indent)


def table_elements(sql: str) -> tuple[Piece, ...]:
    """Cut the columns and constraints out of the parentheses of CREATE TABLE."""
    tokens = _tokens(sql)
    for number, token in enumerate(tokens):
        if token.name == _PARENTHESIS:
            return tuple(_pieces(sql, tokens[number + 1 :]))
    return ()


def alter_table_actions(sql: str) -> tuple[str, tuple[Piece, ...]]:
    """Cut ALTER TABLE into what comes before its actions, and the actions."""
    tokens = _tokens(sql)
    number = next(n for n, token in enumerate(tokens) if token.name == "TABLE") + 1
    head_end = tokens[number - 1].end + 1
    if tokens[number].name == "IF_P":  # IF EXISTS would hide that the table is not there
        number += 2
    name_start = tokens[number].start
    if tokens[number].name == "ONLY":
        number += 1
    while tokens[number + 1].name == _DOT:
        number += 2
    if tokens[number + 1].name == _STAR:
        number += 1
    head = sql[:head_end] + " " + sql[name_start : tokens[number + 1].start]
    return _tidy(head, ""), tuple(_pieces(sql, tokens[number + 1 :]))


def column_definition(action: Piece) -> Piece:
    """Cut ADD COLUMN IF NOT EXISTS off the definition of a column."""
    tokens = _tokens(action.text)
    number = 1
    if tokens[number].name == "COLUMN":
        number += 1
    if tuple(token.name for token in tokens[number : number + 3]) == _IF_NOT_EXISTS:
        number += 3
    start = tokens[number].start
    return Piece(action.text[start:], action.start + start)


def identifiers(sql: str) -> frozenset[str]:
    """List the words of a statement that may be names, as PostgreSQL folds them."""
    words = (sql[token.start : token.end + 1] for token in scan(sql) if _may_be_name(token))
    return frozenset(
        word[1:-1].replace('""', '"') if word.startswith('"') else word.lower() for word in words
    )


def _may_be_name(token: Token) -> bool:
    return token.name == "IDENT" or token.kind != "NO_KEYWORD"


def _tokens(sql: str) -> list[Token]:
    return [token for token in scan(sql) if token.name not in _COMMENTS]


def _without(sql: str, runs: Sequence[tuple[str, ...]]) -> str:
    tokens = _tokens(sql)
    sql = sql[: tokens[-1].end + 1]
    names = tuple(token.name for token in tokens)
    for run in sorted(runs, key=lambda run: -_position(names, run)):
        number = _position(names, run)
        if number >= 0:
            after = tokens[number + len(run)].start
            sql = sql[: tokens[number].start] + sql[after:]
    return sql


def _position(names: tuple[str, ...], run: tuple[str, ...]) -> int:
    starts = range(len(names) - len(run))
    return next((n for n in starts if names[n : n + len(run)] == run), -1)


def _pieces(sql: str, tokens: Sequence[Token]) -> Iterator[Piece]:
    """Cut at commas outside parentheses, up to the end or an unmatched closing parenthesis."""
    depth, start, end = 0, -1, -1
    for token in tokens:
        if depth == 0 and (token.name == _COMMA or token.name in _CLOSING):
            yield _piece(sql, start, end)
            start = -1
            if token.name != _COMMA:
                return
            continue
        depth += (token.name in _OPENING) - (token.name in _CLOSING)
        start = token.start if start < 0 else start
        end = token.end + 1
    if start >= 0:
        yield _piece(sql, start, end)


def _piece(sql: str, start: int, end: int) -> Piece:
    before = sql[sql.rfind("\n", 0, start) + 1 : start]
    return Piece(_tidy(sql[start:end], before if before.isspace() else ""), start)


def _tidy(sql: str, indent: str) -> str:
    """End lines with a line feed and take `indent` off all lines but the first.

    Neither touches a literal; with a literal over several lines, the indentation stays too.
    """
    if "\r" not in sql and not (indent and "\n" in sql):
        return sql
    literals = [
        (token.start, token.end + 1)
        for token in scan(sql)
        if token.name in _LITERALS and "\n" in sql[token.start : token.end]
    ]
    sql = _with_line_feeds(sql, literals)
    first, *rest = sql.split("\n")
    if literals or not all(line.startswith(indent) or not line.strip() for line in rest):
        return sql
    return "\n".join([first, *(line[len(indent) :] for line in rest)])


def _with_line_feeds(sql: str, literals: Sequence[tuple[int, int]]) -> str:
    parts, done = [], 0
    for start, end in literals:
        parts += [sql[done:start].replace("\r\n", "\n"), sql[start:end]]
        done = end
    return "".join([*parts, sql[done:].replace("\r\n", "\n")])
