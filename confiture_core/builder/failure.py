"""What PostgreSQL refused, in terms of the user's files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import errors

from confiture_core.builder.access import missing_roles
from confiture_core.errors import ConfitureError, DatabaseError, SqlError
from confiture_core.names import quote
from confiture_core.statements import (
    created_role,
    defined_object,
    is_pg_dump,
    mentioned_names,
    mentioned_roles,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from confiture_core.builder.script import Connection, Script, StatementFailed
    from confiture_core.statements import DefinedObject, Statement

_DUPLICATE = (
    errors.DuplicateFunction,
    errors.DuplicateObject,
    errors.DuplicateSchema,
    errors.DuplicateTable,
    errors.InvalidTableDefinition,  # multiple primary keys
)
_UNDEFINED = (
    errors.InvalidSchemaName,
    errors.UndefinedFunction,
    errors.UndefinedObject,
    errors.UndefinedTable,
    errors.InvalidParameterValue,  # SET ROLE to one that does not exist
)


def explain(
    failure: StatementFailed, connection: Connection, scripts: Sequence[Script], number: int
) -> ConfitureError:
    """Make the error that names file and line, and the way out where there is one."""
    file = scripts[number].file
    cause = failure.cause
    if connection.closed:
        return DatabaseError(
            f'the connection was lost while running "{file.shown}"', detail=str(cause).strip()
        )
    details = [cause.diag.message_detail, cause.diag.context]
    if cause.diag.internal_query:
        details.append(f"in: {cause.diag.internal_query}")
    hint = cause.diag.message_hint
    if isinstance(cause, _DUPLICATE):
        details += _defined_before(failure, scripts, number)
        hint = _duplicate_hint(failure, scripts[: number + 1]) or hint
    elif isinstance(cause, _UNDEFINED):
        details += _defined_after(failure, scripts, number)
        hint = hint or _role_hint(failure, connection)
    return SqlError(
        cause.diag.message_primary or str(cause),
        path=file.shown,
        line=failure.line,
        detail="\n".join(detail for detail in details if detail) or None,
        hint=hint,
    )


def _defined_before(
    failure: StatementFailed, scripts: Sequence[Script], number: int
) -> Iterator[str]:
    """Say where the object that exists already is defined."""
    defined = failure.statement and defined_object(failure.statement)
    if not failure.statement or not defined:
        return
    for statement in _statements(scripts[: number + 1]):
        if statement is failure.statement:
            return
        other = _candidate(statement, defined.name)
        if other is not None and other.identity == defined.identity:
            yield f"first defined in {statement.shown}:{statement.line}"
            return


def _defined_after(
    failure: StatementFailed, scripts: Sequence[Script], number: int
) -> Iterator[str]:
    """Say where an object is defined that the statement uses too early."""
    if failure.statement is None:
        return
    names = mentioned_names(failure.statement)
    for statement in _statements(scripts[number:]):
        if statement.shown == failure.statement.shown and statement.line <= failure.statement.line:
            continue
        for schema, name in sorted(names, key=str):
            other = _candidate(statement, name)
            if other is not None and other.name == name and other.schema in (schema, None):
                yield (
                    f'{other.kind} "{name}" is defined later, in {statement.shown}:'
                    f"{statement.line}: files run in alphabetical order"
                )
                return


def _statements(scripts: Iterable[Script]) -> Iterator[Statement]:
    for script in scripts:
        yield from script.statements


def _candidate(statement: Statement, name: str | None) -> DefinedObject | None:
    """Tell what a statement defines, parsing it only if the name stands in it at all."""
    if name is None or name.lower() not in statement.sql.lower():
        return None
    return defined_object(statement)


def _duplicate_hint(failure: StatementFailed, scripts: Sequence[Script]) -> str | None:
    """Name the dump among the files: it defines again what the others define."""
    for script in reversed(scripts):
        if is_pg_dump(script.file.text):
            return (
                f"{script.file.shown} is a pg_dump of the whole database: it does not belong among"
                " the files it was built from; keep it outside the folders of the environment"
            )
    if failure.statement is not None and created_role(failure.statement) is not None:
        return "roles belong to the server, not to one database: create it outside of the build"
    return None


def _role_hint(failure: StatementFailed, connection: Connection) -> str | None:
    if failure.statement is None:
        return None
    missing = missing_roles(connection, mentioned_roles(failure.statement))
    if not missing:
        return None
    return f"create it on the server first: CREATE ROLE {', '.join(map(quote, sorted(missing)))}"
