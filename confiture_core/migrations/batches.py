"""Data steps in batches: a statement that is run by ranges of a key, one transaction each.

In Python they are calls, `self.in_batches(…)`, with placeholders where the range belongs. In SQL
files they are UPDATE and DELETE under a comment, and the range is put into their WHERE.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from pglast import ast
from pglast.enums import BoolExprType
from pglast.parser import ParseError, parse_sql, scan

from confiture_core import names
from confiture_core.errors import MigrationError
from confiture_core.migrations.options import parse_duration
from confiture_core.statements import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_Node = Any  # pglast's types make every field optional; the grammar says which are there

_DIRECTIVE = re.compile(r"\s*--\s*confiture:\s*in_batches\b\s*[:=]?\s*(?P<value>.*?)\s*")
_VALUE = re.compile(r'(?P<key>\w+|"(?:[^"]|"")+")(?P<rest>(?:[\s,]+\w+\s*=\s*[\w.]+)*)')
_SETTING = re.compile(r"(?P<name>\w+)\s*=\s*(?P<value>[\w.]+)")
_HINT = "write -- confiture: in_batches: id size=1000 pause=100ms"


class Batches(NamedTuple):
    """One statement over all rows of a table, by ranges of a key."""

    sql: str  # with the placeholders %(first)s and %(last)s, or as the file has it
    table: tuple[str, ...]  # ("users",) or ("public", "users")
    column: str
    size: int
    pause_s: float = 0.0
    at: Statement | None = None  # of an SQL file
    around: tuple[str, str] | None = None  # of that: what stands before and after the range

    @property
    def position(self) -> str:
        """What a position is one of: it stays the same where the statement is corrected."""
        return f"in batches by {'.'.join((*self.table, self.column))}"

    @property
    def statement(self) -> Statement:
        """The statement without its range."""
        return self.at or Statement(sql=self.sql, line=1, offset=0)

    @property
    def shown(self) -> str | None:
        """The file it stands in, as errors name it."""
        return self.at.shown if self.at else None

    @property
    def line(self) -> int | None:
        """The line of that file."""
        return self.at.line if self.at else None

    def between(self, first: str, last: str) -> Statement:
        """Return the statement of an SQL file for one range."""
        assert self.at is not None
        assert self.around is not None
        span = f"{names.literal(first)} AND {names.literal(last)}"
        return replace(self.at, sql=span.join(self.around))


def parse_batches(text: str, key: str, size: int, pause_s: float) -> Batches:
    """Check what an author says; the key is "users.id" or "public.users.id"."""
    *table, column = key.split(".")
    if not table or not all((*table, column)):
        raise MigrationError(
            f'"{key}" is not a key to go by', hint='name the table and its column: "users.id"'
        )
    if size < 1:
        raise MigrationError(f'"{size}" is not a size of batches')
    for name in ("%(first)s", "%(last)s"):
        if name not in text:
            raise MigrationError(
                f"the statement does not say {name}, where its batch is",
                hint=f"write: WHERE {column} BETWEEN %(first)s AND %(last)s",
            )
    return Batches(sql=text, table=tuple(table), column=column, size=size, pause_s=pause_s)


def refuse_batches() -> MigrationError:
    """Say that batches have no place in one transaction."""
    return MigrationError(
        "in_batches() commits as it goes, and this migration runs in one transaction",
        hint="say `transactional = False` in its class",
    )


def batches_of(statement: Statement) -> Batches | None:
    """Read the comment above a statement that has it run in batches; None if there is none."""
    for line in statement.comment.split("\n"):
        if match := _DIRECTIVE.fullmatch(line):
            return _of_directive(match["value"], statement)
    return None


def refuse_stray_directives(text: str, statements: Sequence[Statement]) -> None:
    """Raise an error if there is such a comment that stands above no statement."""
    if "in_batches" not in text:
        return
    above = [line for one in statements for line in one.comment.split("\n")]
    found = sum(_DIRECTIVE.fullmatch(line) is not None for line in above)
    lines = [
        number
        for number, line in enumerate(text.split("\n"), start=1)
        if _DIRECTIVE.fullmatch(line)
    ]
    if found != len(lines) or found != sum(batches_of(one) is not None for one in statements):
        shown = statements[0].shown if statements else None
        raise MigrationError(
            "a comment for batches stands once above each statement it is for, and nowhere else",
            path=shown,
            line=lines[-1],
        )


def _of_directive(value: str, statement: Statement) -> Batches:
    column, size, pause_s = _settings(value, statement)
    if not isinstance(statement.node, ast.UpdateStmt | ast.DeleteStmt):
        raise _error(
            statement, "only UPDATE and DELETE are run in batches", "leave out the comment"
        )
    around = _around(statement, column)
    if around is None:
        raise _error(statement, "its WHERE has no place for a range of keys")
    relation: _Node = statement.node.relation
    return Batches(
        sql=statement.sql,
        table=tuple(filter(None, (relation.schemaname, relation.relname))),
        column=column,
        size=size,
        pause_s=pause_s,
        at=statement,
        around=around,
    )


def _settings(value: str, statement: Statement) -> tuple[str, int, float]:
    match = _VALUE.fullmatch(value)
    if match is None:
        raise _error(statement, f'cannot read "in_batches: {value}"', _HINT)
    said = {one["name"]: one["value"] for one in _SETTING.finditer(match["rest"])}
    if unknown := sorted(said.keys() - {"size", "pause"}):
        raise _error(statement, f'"{unknown[0]}" is no setting of batches', _HINT)
    size, pause_s = said.get("size", "1000"), parse_duration(said.get("pause", "0"))
    if not size.isdecimal() or int(size) < 1:
        raise _error(statement, f'"{size}" is not a size of batches', _HINT)
    if pause_s is None:
        raise _error(statement, f'"{said["pause"]}" is not a duration', 'write "100ms" or "2s"')
    key = match["key"]
    column = key[1:-1].replace('""', '"') if key.startswith('"') else key.lower()
    return column, int(size), pause_s


def _error(statement: Statement, message: str, hint: str | None = None) -> MigrationError:
    return MigrationError(message, path=statement.shown, line=statement.line, hint=hint)


def _around(statement: Statement, column: str) -> tuple[str, str] | None:
    """Say what stands before and after the range, once it is part of the WHERE.

    The words stay the author's. Where they were taken apart wrongly, the parse tree shows it.
    """
    sql, node = statement.sql, _node(statement.sql)
    name = node.relation.alias.aliasname if node.relation.alias else node.relation.relname
    begin = f"{names.quote(name)}.{names.quote(column)} BETWEEN "
    places = dict(_places(sql))
    end = places.get("RETURNING", len(sql))
    after = f"\n{sql[end:]}".rstrip()
    if (where := places.get("WHERE")) is None:
        before = f"{sql[:end].rstrip()}\nWHERE {begin}"
    else:
        start = where + len("WHERE")
        before = f"{sql[:start]} ({sql[start:end]}\n) AND {begin}"
    try:
        made = _node(f"{before}'' AND ''{after}")
    except ParseError:
        return None
    # Nothing but the last operand of its AND is new.
    *others, _ = _operands(made.whereClause)
    made.whereClause = None
    condition, node.whereClause = node.whereClause, None
    is_same = others == list(_operands(condition)) and made == node
    return (before, after) if is_same else None


def _node(sql: str) -> _Node:
    return parse_sql(sql)[0].stmt


def _operands(condition: _Node) -> tuple[_Node, ...]:
    if isinstance(condition, ast.BoolExpr) and condition.boolop == BoolExprType.AND_EXPR:
        return tuple(condition.args or ())
    return () if condition is None else (condition,)


def _places(sql: str) -> Iterator[tuple[str, int]]:
    """Find the words of the statement itself, and not of a query inside it."""
    depth = 0  # of parentheses, which the scanner calls by their codes
    for token in scan(sql):
        if token.name == "ASCII_40":
            depth += 1
        elif token.name == "ASCII_41":
            depth -= 1
        elif depth == 0 and token.name in ("WHERE", "RETURNING"):
            yield token.name, token.start
