"""The nodes of a parse tree, one after the other.

pglast's own Visitor keeps the way to each node, and loading it loads the printers of all SQL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pglast import ast

if TYPE_CHECKING:
    from collections.abc import Iterator


def nodes_of(tree: object) -> Iterator[ast.Node]:
    """Give each node of a tree, or of several in a tuple: first itself, then those below it."""
    left = [tree]  # and no recursion: a || b || c … may be thousands deep
    while left:
        one = left.pop()
        if isinstance(one, tuple):
            left.extend(reversed(one))
        elif isinstance(one, ast.Node):
            yield one
            left.extend([getattr(one, field) for field in one][::-1])
