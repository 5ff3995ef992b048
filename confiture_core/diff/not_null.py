"""NOT NULL of columns: from PostgreSQL 18 on, a constraint with a name and flags of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from confiture_core import names
from confiture_core.catalog.generated import generated_name
from confiture_core.catalog.model import Column, Identity, Object
from confiture_core.diff.actions import action_on
from confiture_core.diff.facts import parents_of
from confiture_core.diff.operation import Context, Hazard, Step

if TYPE_CHECKING:
    from collections.abc import Mapping


def element(column: Column) -> str:
    """Write NOT NULL as a column's definition takes it."""
    named = f"CONSTRAINT {names.quote(column.not_null_name)} " if column.not_null_name else ""
    return f"{named}NOT NULL" + (" NO INHERIT" if column.not_null_no_inherit else "")


def table_element(column: Column, context: Context) -> str | None:
    """Write the name of a new partition's NOT NULL, where it is not the one of its parent."""
    name = constraint_name(column)
    above = [constraint_name(one) for one in from_parents(column.identity, context.new.objects)]
    if not above or name in above:
        return None
    return f"CONSTRAINT {names.quote(name)} NOT NULL {names.quote(column.identity.member)}"


def alter(old: Column, new: Column, context: Context) -> list[Step]:
    """Write what becomes of a column's NOT NULL."""
    if old.not_null and not new.not_null:
        return [action_on(new, context, "DROP NOT NULL")]
    if old.not_null and old.not_null_valid and not new.not_null_valid:
        again = alter(replace(old, not_null=False), new, context)
        return [action_on(new, context, "DROP NOT NULL"), *again]
    if new.not_null and not old.not_null:
        return [_set(new, context)]
    return _alter_constraint(old, new, context) if new.not_null else []


def _set(column: Column, context: Context) -> Step:
    message = f"reads the whole table, and fails if {column.identity} has NULLs"
    hazards: tuple[Hazard, ...] = (
        Hazard(kind="scans table", message=message),
        Hazard(kind="may fail", message=message),
    )
    if not column.not_null_valid:
        hazards = ()
    elif not (column.not_null_name or column.not_null_no_inherit):
        return action_on(column, context, "SET NOT NULL", *hazards)
    valid = "" if column.not_null_valid else " NOT VALID"
    head = f"ALTER TABLE {context.name(column.identity)} ADD"
    named = f" CONSTRAINT {names.quote(column.not_null_name)}" if column.not_null_name else ""
    inherit = " NO INHERIT" if column.not_null_no_inherit else ""
    sql = f"{head}{named} NOT NULL {names.quote(column.identity.member)}{inherit}{valid}"
    return Step(sql=sql, hazards=hazards)


def _alter_constraint(old: Column, new: Column, context: Context) -> list[Step]:
    table = f"ALTER TABLE {context.name(new.identity)}"
    after = names.quote(constraint_name(new))
    steps = []
    if is_renamed(old, new) and not _is_bound(new.identity, context):
        steps.append(rename(old, new, context))
    if new.not_null_valid and not old.not_null_valid:
        steps.append(Step(sql=f"{table} VALIDATE CONSTRAINT {after}"))
    if old.not_null_no_inherit != new.not_null_no_inherit:
        word = "NO INHERIT" if new.not_null_no_inherit else "INHERIT"
        steps.append(Step(sql=f"{table} ALTER CONSTRAINT {after} {word}"))
    return steps


def is_renamed(old: Object | None, new: Object | None) -> bool:
    """Tell whether a column's NOT NULL has another name afterwards, where it has one to show."""
    return (
        isinstance(old, Column)
        and isinstance(new, Column)
        and (old.not_null and old.not_null_is_local and new.not_null and new.not_null_is_local)
        and constraint_name(old) != constraint_name(new)
    )


def rename(old: Column, new: Column, context: Context) -> Step:
    """Write the new name of a NOT NULL that is not inherited."""
    before, after = (names.quote(constraint_name(column)) for column in (old, new))
    table = context.name(new.identity)
    return Step(sql=f"ALTER TABLE {table} RENAME CONSTRAINT {before} TO {after}")


def _is_bound(column: Identity, context: Context) -> bool:
    """Tell whether the name is bound to other tables' before the change and after it."""
    place = replace(column, kind="partition", member="")
    if context.old.objects.get(place) != context.new.objects.get(place):
        return False
    return all(is_bound(column, side.objects) for side in (context.old, context.new))


def is_bound(column: Identity, objects: Mapping[Identity, Object]) -> bool:
    """Tell whether the name of a NOT NULL cannot be changed by itself.

    PostgreSQL renames it in all tables below the first at once, if all have the same name there.
    """
    if from_parents(column, objects):
        return True
    own = objects.get(column)
    table = replace(column, kind="table", member="")
    return isinstance(own, Column) and any(
        constraint_name(heir) != constraint_name(own)
        for identity, heir in objects.items()
        if isinstance(heir, Column) and heir.not_null and heir.not_null_is_local
        if identity.member == column.member and table in parents_of(identity, objects)
    )


def from_parents(column: Identity, objects: Mapping[Identity, Object]) -> list[Column]:
    """Return the columns of parents from which a column has its NOT NULL."""
    found = (
        objects.get(replace(column, schema=parent.schema, name=parent.name))
        for parent in parents_of(column, objects)
    )
    return [
        one
        for one in found
        if isinstance(one, Column) and one.not_null and not one.not_null_no_inherit
    ]


def constraint_name(column: Column) -> str:
    """Return the name of a column's NOT NULL constraint."""
    identity = column.identity
    made_up = generated_name(identity.name, identity.member, label="not_null")
    return column.not_null_name or made_up
