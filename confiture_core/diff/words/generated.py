"""The names that PostgreSQL gives to what the author left without one.

ChooseIndexColumnNames() and its neighbours in commands/indexcmds.c.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pglast import ast

from confiture_core.catalog.generated import generated_name
from confiture_core.diff.words.nodes import Node, is_a

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


_LONGEST = 63  # bytes: NAMEDATALEN - 1


def numbered_name(table: str, addition: str | None, label: str, number: int = 0) -> str:
    """Return the name of the `number`th try: `users_email_key`, `users_email_key1`."""
    names = (table, addition) if addition else (table,)
    return generated_name(*names, label=f"{label}{number or ''}")


def column_addition(columns: Iterable[str]) -> str:
    """Join columns' names as far as a generated name needs them."""
    joined = ""
    for column in columns:
        joined += ("_" if joined else "") + column
        if len(joined.encode()) > _LONGEST:
            break
    return joined


def index_columns(elements: Sequence[Node]) -> tuple[str, ...] | None:
    """Name the columns of an index as PostgreSQL does; None where that is not known here."""
    names: list[str] = []
    for element in elements:
        base = element.name or _expression_name(element.expr)
        if base is None:
            return None
        number, name = 0, base
        while name in names:
            number += 1
            name = f"{base}{number}"
        names.append(name)
    return tuple(names)


def checked_column(expression: Node) -> str | None:
    """Return the column that a CHECK expression is about, if it is about exactly one."""
    columns = set(_columns(expression))
    return columns.pop() if len(columns) == 1 else None


def _expression_name(expression: Node) -> str | None:
    """FigureIndexColname(), for the expressions whose name does not depend on their parts."""
    if is_a(expression, ast.FuncCall):
        return str(expression.funcname[-1].sval)
    if is_a(expression, ast.ColumnRef):
        return getattr(expression.fields[-1], "sval", None)
    if is_a(expression, ast.CollateClause):
        return _expression_name(expression.arg)
    if is_a(expression, ast.CoalesceExpr):
        return "coalesce"
    is_unnamed = is_a(expression, ast.A_Expr, ast.BoolExpr, ast.NullTest)
    return "expr" if is_unnamed else None


def _columns(node: Node) -> Iterator[str]:
    if is_a(node, ast.ColumnRef):
        yield getattr(node.fields[-1], "sval", "*")
    elif isinstance(node, tuple):
        for item in node:
            yield from _columns(item)
    elif is_a(node, ast.Node):
        for field in node:
            yield from _columns(getattr(node, field))
