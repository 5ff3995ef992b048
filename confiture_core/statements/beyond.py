"""Statements about more than the schema of a database: no catalog holds what they say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pglast import ast
from pglast.enums import ObjectType

from confiture_core.statements.roles import administers_roles

if TYPE_CHECKING:
    from confiture_core.statements.split import Statement

_Node = Any  # pglast's types make every field optional; the grammar says which are there

# Where none of these stands, the statement is about the schema: most need no parsing to know.
_SUSPECT = re.compile(
    r"\b(?:database|group|large|parameter|role|system|tablespace|user)\b|^(?:grant|revoke)\b",
    re.IGNORECASE,
)
_OBJECTS = frozenset(
    {
        ObjectType.OBJECT_DATABASE,
        ObjectType.OBJECT_LARGEOBJECT,
        ObjectType.OBJECT_ROLE,
        ObjectType.OBJECT_TABLESPACE,
        ObjectType.OBJECT_PARAMETER_ACL,
    }
)
_STATEMENTS = (
    ast.AlterDatabaseRefreshCollStmt,
    ast.AlterDatabaseStmt,
    ast.AlterSystemStmt,
    ast.AlterTableSpaceOptionsStmt,
    ast.CreateTableSpaceStmt,
    ast.CreatedbStmt,
    ast.DropTableSpaceStmt,
    ast.DropdbStmt,
)
# Where a statement says what kind of object it is about.
_KINDS: dict[type[ast.Node], str] = {
    ast.AlterOwnerStmt: "objectType",
    ast.CommentStmt: "objtype",
    ast.GrantStmt: "objtype",
    ast.RenameStmt: "renameType",
    ast.SecLabelStmt: "objtype",
}


def is_beyond_schema(statement: Statement) -> bool:
    """Tell whether the statement is about roles, databases, tablespaces, large objects, the server.

    Settings of a role in a database are the database's.
    """
    if _SUSPECT.search(statement.sql) is None:
        return False
    node: _Node = statement.node
    if isinstance(node, ast.AlterRoleSetStmt):
        return node.database is None
    if isinstance(node, _STATEMENTS) or administers_roles(statement):
        return True
    return getattr(node, _KINDS.get(type(node), ""), None) in _OBJECTS
