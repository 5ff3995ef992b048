"""ALTER TABLE … ALTER COLUMN, as the kind of table takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confiture_core import names
from confiture_core.catalog.model import Identity
from confiture_core.diff.operation import Step

if TYPE_CHECKING:
    from confiture_core.catalog.model import Column
    from confiture_core.diff.operation import Context, Hazard


def action_on(column: Column, context: Context, action: str, *hazards: Hazard) -> Step:
    """Write ALTER TABLE … ALTER COLUMN."""
    word = table_word(column, context)
    only = (
        "ONLY " if action.startswith(("SET STATISTICS", "SET STORAGE", "SET (", "RESET (")) else ""
    )
    head = f"ALTER {word} {only}{context.name(column.identity)}"
    return Step(
        sql=f"{head} ALTER COLUMN {names.quote(column.identity.member)} {action}", hazards=hazards
    )


def table_word(column: Column, context: Context) -> str:
    """Return what ALTER calls the table of a column."""
    foreign = Identity(
        kind="foreign table", schema=column.identity.schema, name=column.identity.name
    )
    is_foreign = foreign in context.new.objects or foreign in context.old.objects
    return "FOREIGN TABLE" if is_foreign else "TABLE"
