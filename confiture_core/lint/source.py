"""The statements of a migration, each at its line: those of SQL, and of Python's calls."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from confiture_core.errors import ConfitureError
from confiture_core.migrations.meaning import parse_python
from confiture_core.statements import Statement, split_statements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confiture_core.migrations.loader import Direction, MigrationFile

_CALLS = frozenset({"copy", "execute", "in_batches"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a direction of a migration runs, as far as its text says."""

    statements: tuple[Statement, ...]
    unknown_lines: tuple[int, ...] = ()  # calls whose SQL is put together at run time


def read_source(file: MigrationFile, direction: Direction) -> Source:
    """Take the text of a migration apart; SQL that is none is an error."""
    if file.kind == "sql":
        script = file.script(direction)
        return Source(statements=tuple(one for unit in script.units for one in unit.statements))
    statements: list[Statement] = []
    unknown: list[int] = []
    tree = parse_python(file.text)
    constants = dict(_constants(tree))
    for call in _calls(tree, direction):
        text = _text(call.args[0], constants)
        if text is None:
            unknown.append(call.lineno)
            continue
        try:
            statements += _placed(text, file)
        except ConfitureError:
            # With its placeholders it need not be SQL yet.
            unknown.append(call.lineno)
    return Source(statements=tuple(statements), unknown_lines=tuple(unknown))


def _placed(text: ast.Constant, file: MigrationFile) -> Iterator[Statement]:
    assert isinstance(text.value, str)
    sql = text.value.replace("%(first)s", "NULL").replace("%(last)s", "NULL")
    for statement in split_statements(sql):
        line = text.lineno + statement.line - 1
        yield replace(statement, line=line, shown=file.shown)


def _calls(tree: ast.Module, direction: Direction) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == direction:
            calls = [one for one in ast.walk(node) if isinstance(one, ast.Call)]
            for call in sorted(calls, key=lambda one: one.lineno):
                is_ours = isinstance(call.func, ast.Attribute) and call.func.attr in _CALLS
                if is_ours and call.args:
                    yield call


def _constants(tree: ast.Module) -> Iterator[tuple[str, ast.Constant]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            for target in node.targets:
                if isinstance(target, ast.Name) and isinstance(node.value.value, str):
                    yield target.id, node.value


def _text(node: ast.expr, constants: dict[str, ast.Constant]) -> ast.Constant | None:
    if isinstance(node, ast.Name):
        return constants.get(node.id)
    if isinstance(node, ast.Attribute):
        return constants.get(node.attr)
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return node if is_text and isinstance(node, ast.Constant) else None
