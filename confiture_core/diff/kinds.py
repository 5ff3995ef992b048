"""The one table of object classes and how each is created, dropped and altered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confiture_core.diff import (
    access,
    columns,
    constraints,
    definitions,
    facts,
    indexes,
    replication,
    routines,
    schemas,
    sequences,
    tables,
    triggers,
    types,
    views,
)

if TYPE_CHECKING:
    from confiture_core.catalog.model import Object
    from confiture_core.diff.operation import Context, Kind, Step

KINDS: dict[type[Object], Kind] = {
    **schemas.KINDS,
    **types.KINDS,
    **sequences.KINDS,
    **tables.KINDS,
    **columns.KINDS,
    **constraints.KINDS,
    **indexes.KINDS,
    **facts.KINDS,
    **routines.KINDS,
    **views.KINDS,
    **triggers.KINDS,
    **definitions.KINDS,
    **replication.KINDS,
    **access.KINDS,
}


def create(new: Object, context: Context) -> tuple[Step, ...]:
    """Write the statements that make the object, its structure only."""
    return KINDS[type(new)].create(new, context)


def drop(old: Object, context: Context) -> tuple[Step, ...]:
    """Write the statements that drop the object."""
    return KINDS[type(old)].drop(old, context)


def alter(old: Object, new: Object, context: Context) -> tuple[Step, ...] | None:
    """Write the statements that change the structure in place; None where that is impossible."""
    if type(old) is not type(new):
        return None
    return KINDS[type(new)].alter(old, new, context)
