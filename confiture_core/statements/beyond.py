"""Statements about more than the schema of a database: no catalog holds what they say.

Schema files are run in whatever database is being built: a scratch one, a template, a test's; so is
a migration that is tried on a copy. What names a database there would change another one, which may
be somebody's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pglast import ast
from pglast.enums import ObjectType

from confiture_core.errors import SqlError
from confiture_core.statements.roles import administers_roles

if TYPE_CHECKING:
    from collections.abc import Callable

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
# Where none of these words stands, neither a database nor the server is named.
_NAMING = re.compile(r"\b(?:database|system)\b", re.IGNORECASE)

_OBJECTS = frozenset(
    {
        ObjectType.OBJECT_LARGEOBJECT,
        ObjectType.OBJECT_PARAMETER_ACL,
        ObjectType.OBJECT_ROLE,
        ObjectType.OBJECT_TABLESPACE,
    }
)
_STATEMENTS = (
    ast.AlterSystemStmt,
    ast.AlterTableSpaceOptionsStmt,
    ast.CreateTableSpaceStmt,
    ast.DropTableSpaceStmt,
)
# Where a statement says what kind of object it is about, and which.
_KINDS: dict[type[ast.Node], tuple[str, str]] = {
    ast.AlterOwnerStmt: ("objectType", "object"),
    ast.CommentStmt: ("objtype", "object"),
    ast.GrantStmt: ("objtype", "objects"),
    ast.RenameStmt: ("renameType", "subname"),
    ast.SecLabelStmt: ("objtype", "object"),
}
_NAMES: dict[type[ast.Node], Callable[[_Node], str | None]] = {
    ast.AlterDatabaseRefreshCollStmt: lambda node: node.dbname,
    ast.AlterDatabaseSetStmt: lambda node: node.dbname,
    ast.AlterDatabaseStmt: lambda node: node.dbname,
    ast.AlterRoleSetStmt: lambda node: node.database,
    ast.CreatedbStmt: lambda node: node.dbname,
    ast.DropdbStmt: lambda node: node.dbname,
}
_OF_THE_CURRENT = (
    "say it of the database it is run in: DO $$ BEGIN EXECUTE"
    " format('ALTER DATABASE %I SET …', current_database()); END $$"
)


def is_beyond_schema(statement: Statement) -> bool:
    """Tell whether the statement is about roles, databases, tablespaces, large objects, the server.

    A database that is named is not the one that the statement is run in: that has a name of ours.
    """
    if _SUSPECT.match(statement.sql) is None or _PLAIN_COMMENT.match(statement.sql):
        return False
    node: _Node = statement.node
    if isinstance(node, _STATEMENTS) or administers_roles(statement):
        return True
    kind, _ = _KINDS.get(type(node), ("", ""))
    return getattr(node, kind, None) in _OBJECTS or _named_database(node) is not None


def may_name_database(text: str) -> bool:
    """Tell whether one of the text's statements may name a database or the server."""
    return _NAMING.search(text) is not None


def refuse_beyond_database(statement: Statement) -> None:
    """Raise an SqlError if the statement changes a database by its name, or the whole server."""
    if not may_name_database(statement.sql):
        return
    if (name := _named_database(statement.node)) is not None:
        message = (
            f'the statement names the database "{name}", but it is run in another one: a copy,'
            " or one that is being built"
        )
    elif isinstance(statement.node, ast.AlterSystemStmt):
        message = "ALTER SYSTEM changes the whole server, and this is run to make one database"
    else:
        return
    raise SqlError(message, path=statement.shown, line=statement.line, hint=_OF_THE_CURRENT)


def _named_database(node: _Node) -> str | None:
    if (read_name := _NAMES.get(type(node))) is not None:
        return read_name(node)
    kind, name = _KINDS.get(type(node), ("", ""))
    if getattr(node, kind, None) != ObjectType.OBJECT_DATABASE:
        return None
    found = getattr(node, name)
    if isinstance(found, tuple):
        found = found[0]  # of several in one GRANT
    named: str = getattr(found, "sval", found)
    return named
