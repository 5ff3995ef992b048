"""The roles a statement speaks of: they belong to the server, not to the database."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pglast import ast
from pglast.enums import ObjectType, RoleSpecType

from confiture_core.statements.tree import nodes_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from confiture_core.statements.split import Statement

_Node = Any  # pglast's types make every field optional; the grammar says which are there


# Where none of these words stands, no role does: most statements need no parsing to know.
_ROLE_WORD = re.compile(
    r"\b(?:authorization|grant|group|owned|owner|policy|privileges|revoke|role|user)\b",
    re.IGNORECASE,
)


def may_mention_roles(statement: Statement) -> bool:
    """Tell whether the statement names a role that must exist, or creates one."""
    if _ROLE_WORD.search(statement.sql) is None:
        return False
    return bool(mentioned_roles(statement)) or created_role(statement) is not None


def administers_roles(statement: Statement) -> bool:
    """Tell whether the statement makes or changes roles, which all databases share."""
    return isinstance(statement.node, _ADMINISTERS) or bool(
        isinstance(statement.node, ast.CommentStmt) and mentioned_roles(statement)
    )


def mentioned_roles(statement: Statement) -> frozenset[str]:
    """Name the roles that must exist for the statement to run."""
    # The others are words: public, current_user, session_user, current_role.
    names = {
        node.rolename
        for node in nodes_of(statement.node)
        if isinstance(node, ast.RoleSpec) and node.roletype == RoleSpecType.ROLESPEC_CSTRING
    }
    more = _ROLES_BY_NAME.get(type(statement.node))
    if more is not None:
        names.update(more(statement.node))
    return frozenset(name for name in names if name)


def created_role(statement: Statement) -> str | None:
    """Name the role that the statement creates."""
    return statement.node.role if isinstance(statement.node, ast.CreateRoleStmt) else None


_ADMINISTERS = (
    ast.AlterRoleSetStmt,
    ast.AlterRoleStmt,
    ast.CreateRoleStmt,
    ast.DropRoleStmt,
    ast.GrantRoleStmt,
)


def _set_role(node: _Node) -> list[str]:
    if node.name not in ("role", "session_authorization"):
        return []
    names = [getattr(value.val, "sval", None) for value in node.args or ()]
    return [name for name in names if name and name != "none"]


# Where the grammar has a plain name and not a RoleSpec.
_ROLES_BY_NAME: dict[type[ast.Node], Callable[[_Node], list[str]]] = {
    ast.CommentStmt: lambda node: (
        [node.object.sval] if node.objtype == ObjectType.OBJECT_ROLE else []
    ),
    ast.GrantRoleStmt: lambda node: [role.priv_name for role in node.granted_roles],
    ast.VariableSetStmt: _set_role,
}
