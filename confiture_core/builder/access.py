"""Roles that a file names and the server does not have.

They are looked for before the file is run, never after it failed: a second run would find the
sequences advanced.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Literal, NamedTuple

from psycopg import errors, sql

from confiture_core.builder.script import StatementFailed, run_one
from confiture_core.statements import (
    administers_roles,
    created_role,
    is_access_statement,
    may_mention_roles,
    mentioned_roles,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from confiture_core.builder.script import Connection, Script
    from confiture_core.statements import Statement

# refuse: PostgreSQL's error stands. create: make it, without login; only for a server of our own.
# skip: leave out what is only about access, and change no role of the server.
MissingRole = Literal["refuse", "create", "skip"]

# Two runs at once: the second fails in the index of pg_authid.
_ROLE_EXISTS = (errors.DuplicateObject, errors.UniqueViolation)


class SkippedStatement(NamedTuple):
    """A statement that was not run, because it is about a role that does not exist."""

    path: str  # as errors name it
    line: int
    sql: str
    role: str


def settle_roles(
    connection: Connection, script: Script, on_missing_role: MissingRole
) -> tuple[tuple[Statement, ...], tuple[SkippedStatement, ...]]:
    """Divide a file's statements into those to run and those skipped, making roles if asked."""
    if on_missing_role == "refuse":
        return script.statements, ()
    naming = {
        index: statement
        for index, statement in enumerate(script.statements)
        if may_mention_roles(statement)
    }
    if on_missing_role == "create":
        return _create(connection, script, naming), ()
    return _skip(connection, script, naming)


def missing_roles(connection: Connection, names: Iterable[str]) -> frozenset[str]:
    """Give those of the names that are no role of the server."""
    wanted = frozenset(names)
    if not wanted:
        return wanted
    found = connection.execute(
        "select rolname from pg_catalog.pg_roles where rolname = any(%s)", (list(wanted),)
    )
    return wanted - {name for (name,) in found}


def _create(
    connection: Connection, script: Script, naming: dict[int, Statement]
) -> tuple[Statement, ...]:
    creating = {index: s for index, s in naming.items() if created_role(s) is not None}
    mentioned = frozenset[str]().union(*(mentioned_roles(s) for s in naming.values()))
    own = {created_role(statement) for statement in creating.values()}
    for name in sorted(missing_roles(connection, mentioned - own)):
        with suppress(*_ROLE_EXISTS):
            connection.execute(sql.SQL("create role {}").format(sql.Identifier(name)))
    # A role is the server's: the first database with this file has made it for all the others.
    for statement in creating.values():
        try:
            run_one(connection, statement)
        except StatementFailed as failure:
            if not isinstance(failure.cause, _ROLE_EXISTS):
                raise
    return tuple(s for index, s in enumerate(script.statements) if index not in creating)


def _skip(
    connection: Connection, script: Script, naming: dict[int, Statement]
) -> tuple[tuple[Statement, ...], tuple[SkippedStatement, ...]]:
    roles = {index: mentioned_roles(s) for index, s in naming.items() if is_access_statement(s)}
    missing = missing_roles(connection, frozenset[str]().union(*roles.values()))
    skipped = {
        index: sorted(roles[index] & missing)[0]
        for index in roles
        if not roles[index].isdisjoint(missing)
    }
    # These change the server, whoever has asked for a database only.
    for index, statement in naming.items():
        if administers_roles(statement):
            skipped[index] = created_role(statement) or min(mentioned_roles(statement), default="")
    left = tuple(s for index, s in enumerate(script.statements) if index not in skipped)
    return left, tuple(
        SkippedStatement(
            path=script.file.shown, line=statement.line, sql=statement.sql, role=skipped[index]
        )
        for index, statement in naming.items()
        if index in skipped
    )
