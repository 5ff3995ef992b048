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

# What begins otherwise is about the schema: most statements need no parsing to know.
_SPACE = r"(?:\s|--[^\n]*\n|/\*.*?\*/)+"
_SUSPECT = re.compile(
    rf"(?:alter|create|drop){_SPACE}(?:database|group|large|role|system|tablespace|user)\b"
    rf"|comment\b|grant\b|revoke\b|security\b",
    re.IGNORECASE | re.DOTALL,
)
_PLAIN_COMMENT = re.compile(rf"comment{_SPACE}on{_SPACE}(?:column|function|table)\b", re.IGNORECASE)
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
    ast.AlterDatabaseSetStmt,
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

    A database that is named is not the one that the statement is run in: that has a name of ours.
    """
    if _SUSPECT.match(statement.sql) is None or _PLAIN_COMMENT.match(statement.sql):
        return False
    node: _Node = statement.node
    if isinstance(node, _STATEMENTS) or administers_roles(statement):
        return True
    return getattr(node, _KINDS.get(type(node), ""), None) in _OBJECTS
