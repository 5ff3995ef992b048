"""Renames that schema files tell of: `-- confiture: renamed from users.name`.

The comment stands on the line of a column, a label or a statement, or above it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pglast import ast
from pglast.parser import scan

from confiture_core import names
from confiture_core.diff.rename_requests import RenameRequest
from confiture_core.diff.renames import ENUM_VALUE, ROUTINES
from confiture_core.diff.words.nodes import Node, is_a
from confiture_core.errors import SqlError
from confiture_core.statements import Statement, defined_object

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pglast.parser import Token

_COMMENTS = frozenset({"SQL_COMMENT", "C_COMMENT"})
_RENAMED = re.compile(r"confiture:\s*renamed\s+from\s+(.+?)\s*(?:\*/|$)", re.MULTILINE)
_OPENING = frozenset({"ASCII_40", "ASCII_91"})
_CLOSING = frozenset({"ASCII_41", "ASCII_93"})
_COMMA = "ASCII_44"


def find_rename_comments(text: str, statements: Iterable[Statement]) -> Iterator[RenameRequest]:
    """Find the renames that comments in a file tell of."""
    if not _RENAMED.search(text):
        return
    for statement in statements:
        end = statement.offset + len(statement.sql)
        behind = text[end:].partition("\n")[0]
        for found in (*_RENAMED.finditer(statement.comment), *_RENAMED.finditer(behind)):
            yield _request(statement, statement.node, found[1], statement.line)
        if _RENAMED.search(statement.sql):
            yield from _inside(statement)


def _inside(statement: Statement) -> Iterator[RenameRequest]:
    tokens = scan(statement.sql)
    code = [token for token in tokens if token.name not in _COMMENTS]
    elements = _elements(statement.node)
    for token in tokens:
        found = _RENAMED.search(statement.sql, token.start, token.end + 1)
        if token.name not in _COMMENTS or not found:
            continue
        number = _element_at(_anchor(token, code, statement.sql), code)
        element = elements[number] if number is not None and number < len(elements) else None
        line = statement.line_at(token.start)
        yield _request(statement, element or statement.node, found[1], line)


def _anchor(comment: Token, code: Sequence[Token], sql: str) -> Token:
    """Return the token that a comment is about: the last on its line, else the next."""
    before = [token for token in code if token.end < comment.start]
    on_line = [token for token in before if "\n" not in sql[token.end : comment.start]]
    if not on_line:
        return code[len(before)]
    is_after_comma = on_line[-1].name == _COMMA and len(before) > 1
    return before[-2] if is_after_comma else before[-1]


def _element_at(anchor: Token, code: Sequence[Token]) -> int | None:
    """Count which element of the outer parentheses a token is in."""
    depth = number = 0
    for token in code:
        if token.name in _CLOSING:
            depth -= 1
        if token is anchor:
            return number if depth > 0 else None
        if depth == 1 and token.name == _COMMA:
            number += 1
        if token.name in _OPENING:
            depth += 1
    return None


def _elements(node: Node) -> tuple[Node, ...]:
    if is_a(node, ast.CreateStmt):
        return node.tableElts or ()
    if is_a(node, ast.CompositeTypeStmt):
        return node.coldeflist or ()
    if is_a(node, ast.CreateEnumStmt):
        return node.vals or ()
    return ()


def _request(statement: Statement, node: Node, old: str, line: int) -> RenameRequest:
    defined = _whole(statement) if node is statement.node else _element(statement, node)
    if defined is None:
        raise SqlError(
            f'"renamed from {old}" stands at nothing that has a name',
            path=statement.shown,
            line=line,
            hint="write it on the line of a column, or above a CREATE statement",
        )
    kind, new = defined
    return RenameRequest(old=old, new=new, kind=kind, shown=statement.shown or "", line=line)


def _element(statement: Statement, node: Node) -> tuple[str, str] | None:
    holder = _whole(statement)
    if holder is None:
        return None
    if is_a(node, ast.String):
        return ENUM_VALUE, f"{holder[1]}.{names.literal(node.sval)}"
    return _member(node, holder[1])


def _member(node: Node, holder: str) -> tuple[str, str] | None:
    if is_a(node, ast.ColumnDef):
        return "column", f"{holder}.{_exact(node.colname)}"
    if is_a(node, ast.Constraint) and node.conname:
        return "constraint", f"{holder}.{_exact(node.conname)}"
    return None


def _whole(statement: Statement) -> tuple[str, str] | None:
    """Return the kind and the name of what a statement makes."""
    node: Node = statement.node
    if is_a(node, ast.AlterTableStmt) and len(node.cmds) == 1:
        relation = (node.relation.schemaname, node.relation.relname)
        return _member(node.cmds[0].def_, _dotted(*relation))
    defined = defined_object(statement)
    if defined is None or defined.name is None:
        return None
    name = _dotted(defined.schema, defined.name)
    if defined.kind in ROUTINES:
        name += f"({', '.join(defined.arguments)})"
    if defined.relation is not None:
        if defined.kind == "index":
            return defined.kind, _dotted(defined.relation[0], defined.name)
        return defined.kind, f"{_dotted(*defined.relation)}.{_exact(defined.name)}"
    return defined.kind, name


def _dotted(schema: str | None, name: str) -> str:
    return f"{_exact(schema)}.{_exact(name)}" if schema else _exact(name)


def _exact(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
