"""The statements that are about the server, or about a database by its name.

A schema file is run in whatever database is being built: a scratch one, a template, a test's; so
is a migration that is tried on a copy. What names a database would change another one, which may
be somebody's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pglast import ast
from pglast.enums import ObjectType

from confiture_core.errors import SqlError

if TYPE_CHECKING:
    from collections.abc import Callable

    from confiture_core.statements.split import Statement

_Node = Any  # pglast's types make every field optional; the grammar says which are there

_OF_THE_CURRENT = (
    "say it of the database it is run in: DO $$ BEGIN EXECUTE"
    " format('ALTER DATABASE %I SET …', current_database()); END $$"
)
# Where none of these words stands, nothing of it does: most files need no parsing to know.
_WORD = re.compile(r"\b(?:database|system)\b", re.IGNORECASE)


def may_reach_beyond_database(text: str) -> bool:
    """Tell whether one of the text's statements may name a database or change the server."""
    return _WORD.search(text) is not None


def refuse_beyond_database(statement: Statement) -> None:
    """Raise an SqlError if the statement changes a database by its name, or the whole server."""
    if not may_reach_beyond_database(statement.sql):
        return
    read_name = _NAMES.get(type(statement.node))
    name = None if read_name is None else read_name(statement.node)
    if name is not None:
        raise SqlError(
            f'the statement names the database "{name}", but it is run in another one: a copy,'
            " or one that is being built",
            path=statement.shown,
            line=statement.line,
            hint=_OF_THE_CURRENT,
        )
    if isinstance(statement.node, ast.AlterSystemStmt):
        raise SqlError(
            "ALTER SYSTEM changes the whole server, and this is run to make one database",
            path=statement.shown,
            line=statement.line,
            hint=_OF_THE_CURRENT,
        )


def _if_database(kind: str, name: str) -> Callable[[_Node], str | None]:
    def read(node: _Node) -> str | None:
        if getattr(node, kind) != ObjectType.OBJECT_DATABASE:
            return None
        found = getattr(node, name)
        named: str = getattr(found, "sval", found)
        return named

    return read


def _granted(node: _Node) -> str | None:
    return node.objects[0].sval if node.objtype == ObjectType.OBJECT_DATABASE else None


_NAMES: dict[type[ast.Node], Callable[[_Node], str | None]] = {
    ast.AlterDatabaseRefreshCollStmt: lambda node: node.dbname,
    ast.AlterDatabaseSetStmt: lambda node: node.dbname,
    ast.AlterDatabaseStmt: lambda node: node.dbname,
    ast.AlterOwnerStmt: _if_database("objectType", "object"),
    ast.AlterRoleSetStmt: lambda node: node.database,
    ast.CommentStmt: _if_database("objtype", "object"),
    ast.CreatedbStmt: lambda node: node.dbname,
    ast.DropdbStmt: lambda node: node.dbname,
    ast.GrantStmt: _granted,
    ast.RenameStmt: _if_database("renameType", "subname"),
    ast.SecLabelStmt: _if_database("objtype", "object"),
}
