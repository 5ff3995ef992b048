"""The names a statement speaks of, as far as they can be read without a catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pglast import ast
from pglast.visitors import Visitor

if TYPE_CHECKING:
    from confiture_core.statements.split import Statement

_Node = Any  # pglast's types make every field optional; the grammar says which are there

_NAME_FIELDS: dict[type[ast.Node], str] = {
    ast.CreateTrigStmt: "funcname",
    ast.FuncCall: "funcname",
    ast.TypeName: "names",
}


def mentioned_names(statement: Statement) -> frozenset[tuple[str | None, str]]:
    """Give the relations, types, functions and schemas that the statement uses or makes.

    Each is (schema, name); the schema is None where none is written, and for a schema itself.
    """
    names = _Names()
    names(statement.node)
    schemas = {(None, schema) for schema, _ in names.found if schema is not None}
    return frozenset(names.found | schemas)


class _Names(Visitor):
    """Collects the names of a tree."""

    def __init__(self) -> None:
        self.found: set[tuple[str | None, str]] = set()

    def visit_RangeVar(self, _: object, node: _Node) -> None:
        self.found.add((node.schemaname, node.relname))

    def visit(self, _: object, node: _Node) -> None:  # the nodes without a method of their own
        parts = getattr(node, _NAME_FIELDS.get(type(node), ""), None)
        if parts:
            names = [part.sval for part in parts]
            self.found.add((names[-2] if len(names) > 1 else None, names[-1]))
