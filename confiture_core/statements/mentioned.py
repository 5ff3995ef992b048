"""The names a statement speaks of, as far as they can be read without a catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pglast import ast

from confiture_core.statements.tree import nodes_of

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
    names: set[tuple[str | None, str]] = set()
    for node in nodes_of(statement.node):
        if isinstance(node, ast.RangeVar):
            names.add((node.schemaname, node.relname or ""))
        elif parts := getattr(node, _NAME_FIELDS.get(type(node), ""), None):
            *schema, name = (part.sval for part in parts)
            names.add((schema[-1] if schema else None, name))
    return frozenset(names | {(None, schema) for schema, _ in names if schema is not None})
