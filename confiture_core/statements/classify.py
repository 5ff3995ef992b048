"""What kind of statement it is, as far as running it depends on that."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pglast import ast
from pglast.enums import (
    AlterTableType,
    DiscardMode,
    OnCommitAction,
    ReindexObjectType,
    TransactionStmtKind,
)

from confiture_core.errors import SqlError
from confiture_core.statements.split import split_statements

if TYPE_CHECKING:
    from collections.abc import Callable

    from confiture_core.statements.split import Statement

_Node = Any  # pglast's types make every field optional; the grammar says which are there

# The words with which the statements begin that run in no transaction, or that end one. A
# statement with none of them needs no parsing to know.
_FIRST_WORD = re.compile(r"[a-z]*")
_SUSPECT_FIRST = frozenset(
    {"abort", "begin", "cluster", "commit", "discard", "end", "prepare", "reindex", "release"}
    | {"rollback", "savepoint", "start", "vacuum"}
)
_SUSPECT_DDL = re.compile("concurrently|database|system|subscription|tablespace")

# What needs no parsing to be known as a definition. A table may be made of a query.
_PLAIN_DEFINITION = re.compile(
    r"create (?:(?:unique )?index|(?:or replace )?(?:function|procedure|view)|sequence|domain"
    r"|table(?!.*\b(?:select|execute|values)\b)(?!.*\bas\s+(?!identity\b|\()))\b"
    r"|comment on (?!role\b|database\b|tablespace\b)",
    re.DOTALL,
)
_DEFINING_FIRST = frozenset({"alter", "comment", "create", "grant", "revoke"})

# pg_dump says what it sets before the first object.
_HEAD_OF_A_DUMP = 20


def runs_in_transaction(statement: Statement) -> bool:
    """Tell whether PostgreSQL runs the statement inside a transaction block."""
    forbids = _FORBIDS_TRANSACTION.get(type(statement.node))
    return forbids is None or not forbids(statement.node)


def transaction_control(statement: Statement) -> bool:
    """Tell whether the statement begins or ends a transaction, or a part of one."""
    return isinstance(statement.node, ast.TransactionStmt)


def may_leave_transaction(statement: Statement) -> bool:
    """Tell whether the statement ends a transaction or refuses to run in one.

    Most statements are told apart by their first word, without the cost of parsing them.
    """
    lowered = statement.sql.lower()
    first = _FIRST_WORD.match(lowered)[0]  # type: ignore[index]  # the pattern matches anything
    if first in ("alter", "create", "drop"):
        if not _SUSPECT_DDL.search(lowered):
            return False
    elif first not in _SUSPECT_FIRST:
        return False
    return transaction_control(statement) or not runs_in_transaction(statement)


def only_defines(statement: Statement) -> bool:
    """Tell whether the statement defines objects, and does the same in whatever transaction."""
    lowered = statement.sql.lower()
    if _PLAIN_DEFINITION.match(lowered):
        return not may_leave_transaction(statement)
    if _FIRST_WORD.match(lowered)[0] not in _DEFINING_FIRST:  # type: ignore[index]
        return False
    defines = _DEFINES.get(type(statement.node))
    return defines is not None and defines(statement.node)


def is_access_statement(statement: Statement) -> bool:
    """Tell whether the statement is only about who owns or may use what exists."""
    is_access = _ACCESS.get(type(statement.node))
    return is_access is not None and is_access(statement.node)


def is_pg_dump(text: str) -> bool:
    """Tell whether a text is what pg_dump writes: it empties the search path first of all."""
    if "search_path" not in text:
        return False
    try:
        statements = split_statements(text)
    except SqlError:
        return False
    return any(_empties_search_path(statement) for statement in statements[:_HEAD_OF_A_DUMP])


def turned_off_time_out(statement: Statement) -> str | None:
    """Name the time-out that `SET … = 0` takes away, as pg_dump does at the head of a dump."""
    if "_timeout" not in statement.sql or not isinstance(statement.node, ast.VariableSetStmt):
        return None
    node: _Node = statement.node
    value = node.args[0].val if node.args else None
    is_zero = isinstance(value, ast.Integer) and not value.ival
    return node.name if is_zero else None


def _always(_: _Node) -> bool:
    return True


def _is_concurrent(node: _Node) -> bool:
    return bool(node.concurrent)


def _reindexes_apart(node: _Node) -> bool:
    whole = (
        ReindexObjectType.REINDEX_OBJECT_SCHEMA,
        ReindexObjectType.REINDEX_OBJECT_SYSTEM,
        ReindexObjectType.REINDEX_OBJECT_DATABASE,
    )
    return node.kind in whole or _has_option(node.params, "concurrently")


def _detaches_concurrently(node: _Node) -> bool:
    return any(
        command.subtype == AlterTableType.AT_DetachPartition and command.def_.concurrent
        for command in node.cmds
    )


def _has_option(options: tuple[ast.DefElem, ...] | None, name: str) -> bool:
    return any(option.defname == name for option in options or ())


# https://www.postgresql.org/docs/current/: "cannot be executed inside a transaction block".
_FORBIDS_TRANSACTION: dict[type[ast.Node], Callable[..., bool]] = {
    ast.AlterDatabaseStmt: lambda node: _has_option(node.options, "tablespace"),
    ast.AlterSystemStmt: _always,
    ast.AlterTableStmt: _detaches_concurrently,
    ast.ClusterStmt: lambda node: node.relation is None,
    ast.CreateSubscriptionStmt: _always,
    ast.CreateTableSpaceStmt: _always,
    ast.CreatedbStmt: _always,
    ast.DiscardStmt: lambda node: node.target == DiscardMode.DISCARD_ALL,
    ast.DropStmt: _is_concurrent,
    ast.DropSubscriptionStmt: _always,
    ast.DropTableSpaceStmt: _always,
    ast.DropdbStmt: _always,
    ast.IndexStmt: _is_concurrent,
    ast.ReindexStmt: _reindexes_apart,
    ast.TransactionStmt: lambda node: (
        node.kind
        in (
            TransactionStmtKind.TRANS_STMT_COMMIT_PREPARED,
            TransactionStmtKind.TRANS_STMT_ROLLBACK_PREPARED,
        )
    ),
    ast.VacuumStmt: lambda node: bool(node.is_vacuumcmd),
}


# Not those that run a query, fire at what follows, or last for a transaction or a session.
_DEFINES: dict[type[ast.Node], Callable[[_Node], bool]] = {
    ast.AlterEnumStmt: _always,
    ast.AlterObjectSchemaStmt: _always,
    ast.AlterOwnerStmt: _always,
    ast.AlterSeqStmt: _always,
    ast.AlterTableStmt: lambda node: not _detaches_concurrently(node),
    ast.CommentStmt: _always,
    ast.CompositeTypeStmt: _always,
    ast.CreateCastStmt: _always,
    ast.CreateDomainStmt: _always,
    ast.CreateEnumStmt: _always,
    ast.CreateFunctionStmt: _always,
    ast.CreatePolicyStmt: _always,
    ast.CreateRangeStmt: _always,
    ast.CreateSchemaStmt: _always,
    ast.CreateSeqStmt: _always,
    ast.CreateStatsStmt: _always,
    ast.CreateStmt: lambda node: node.oncommit == OnCommitAction.ONCOMMIT_NOOP,
    ast.CreateTrigStmt: _always,
    ast.DefineStmt: _always,
    ast.GrantStmt: _always,
    ast.IndexStmt: lambda node: not _is_concurrent(node),
    ast.RuleStmt: _always,
    ast.ViewStmt: _always,
}


_ACCESS: dict[type[ast.Node], Callable[[_Node], bool]] = {
    ast.AlterDefaultPrivilegesStmt: _always,
    ast.AlterOwnerStmt: _always,
    ast.AlterTableStmt: lambda node: all(
        command.subtype == AlterTableType.AT_ChangeOwner for command in node.cmds
    ),
    ast.GrantRoleStmt: _always,
    ast.GrantStmt: _always,
    ast.ReassignOwnedStmt: _always,
    ast.VariableSetStmt: lambda node: node.name in ("role", "session_authorization"),
}


def _empties_search_path(statement: Statement) -> bool:
    """Recognise SELECT pg_catalog.set_config('search_path', '', false)."""
    if "search_path" not in statement.sql:
        return False  # without the cost of parsing it
    if not isinstance(statement.node, ast.SelectStmt) or not statement.node.targetList:
        return False
    call: _Node = statement.node.targetList[0].val
    if type(call) is not ast.FuncCall:
        return False
    arguments: list[_Node] = [getattr(argument, "val", None) for argument in call.args or ()]
    texts = [getattr(argument, "sval", None) for argument in arguments[:2]]
    name: _Node = call.funcname
    return name[-1].sval == "set_config" and texts == ["search_path", ""]
