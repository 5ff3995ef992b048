"""Nodes of pglast's parse tree, as they are read here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from pglast import ast

# pglast's types make every field optional; the grammar says which are there.
Node: TypeAlias = Any


def is_a(node: Node, *classes: type[ast.Node]) -> bool:
    """Tell a node's class; unlike isinstance() without making its fields optional to mypy."""
    return isinstance(node, classes)
