"""Whoever wants to see each statement of a migration while it runs."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    import psycopg

    from confiture_core.migrations.script import Unit
    from confiture_core.statements import Statement

    Connection = psycopg.Connection[Any]


class Observer(Protocol):
    """Sees a statement begin and end, inside its transaction where it has one."""

    def watch(
        self, connection: Connection, unit: Unit, statement: Statement
    ) -> AbstractContextManager[None]:
        """Stand around the statement while it is run."""
        ...


def watched(
    observer: Observer | None, connection: Connection, unit: Unit, statement: Statement
) -> AbstractContextManager[None]:
    """Stand around a statement, if there is somebody to see it."""
    return nullcontext() if observer is None else observer.watch(connection, unit, statement)
