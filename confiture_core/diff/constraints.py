"""Table constraints."""

from __future__ import annotations

from dataclasses import replace

from confiture_core import names
from confiture_core.catalog.model import Constraint, Identity, Object, Table
from confiture_core.diff.columns import quoted_option
from confiture_core.diff.operation import Context, Hazard, Kind, Step

_FOREIGN_KEY_LOCK = "writes to both tables wait until all rows are checked"


def element(constraint: Constraint) -> str:
    """Write the constraint as CREATE TABLE and ADD take it."""
    text = f"CONSTRAINT {names.quote(constraint.identity.member)} {constraint.definition}"
    storage = ""
    if constraint.index_options:
        pairs = (option.split("=", 1) for option in constraint.index_options)
        listed = ", ".join(f"{name}={quoted_option(value)}" for name, value in pairs)
        storage += f" WITH ({listed})"
    if constraint.index_tablespace:
        storage += f" USING INDEX TABLESPACE {names.quote(constraint.index_tablespace)}"
    if not storage:
        return text
    # Storage comes before WHERE of EXCLUDE and before DEFERRABLE.
    for word in (" WHERE (", " DEFERRABLE"):
        head, found, tail = text.partition(word)
        if found:
            return head + storage + found + tail
    return text + storage


def _create(constraint: Constraint, context: Context) -> tuple[Step, ...]:
    head = f"ALTER TABLE {_only(constraint, context)}{context.name(constraint.identity)}"
    return (Step(sql=f"{head} ADD {element(constraint)}", hazards=_hazards(constraint)),)


def _only(constraint: Constraint, context: Context) -> str:
    """Leave partitions out of a key of their parent where their indexes are attached to it."""
    if constraint.type not in ("p", "u"):
        return ""
    table = replace(constraint.identity, kind="table", member="")
    return "ONLY " if table in context.parents and context.attach_indexes else ""


def _hazards(constraint: Constraint) -> tuple[Hazard, ...]:
    may_fail = Hazard(kind="may fail", message=f"rows that break {constraint.identity} stop it")
    match constraint.type:
        case "p" | "u" | "x":
            message = f"builds an index on {constraint.identity.qualified} under a full lock"
            return (Hazard(kind="blocks reads", message=message), may_fail)
        case _ if not constraint.is_valid:
            return ()
        case "f":
            return (Hazard(kind="blocks writes", message=_FOREIGN_KEY_LOCK), may_fail)
        case _:
            message = f"reads all of {constraint.identity.qualified} under a full lock"
            return (Hazard(kind="scans table", message=message), may_fail)


def _drop(constraint: Constraint, context: Context) -> tuple[Step, ...]:
    name = names.quote(constraint.identity.member)
    return (Step(sql=f"ALTER TABLE {context.name(constraint.identity)} DROP CONSTRAINT {name}"),)


def _alter(old: Constraint, new: Constraint, context: Context) -> tuple[Step, ...] | None:
    if replace(_structure(old), is_valid=True) == _structure(new) and not old.is_valid:
        table, name = context.name(new.identity), names.quote(new.identity.member)
        hazard = Hazard(kind="scans table", message=f"reads all of {new.identity.qualified}")
        return (Step(sql=f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}", hazards=(hazard,)),)
    if _structure(old) == _structure(new):
        return ()
    if not old.is_local and new.is_local and old.is_inherited and new.is_inherited:
        return _create(new, context) if _definition(old) == _definition(new) else None
    is_same = _definition(old) == _definition(new)
    return () if is_same and _has_other_parents(new.identity, context) else None


def _has_other_parents(member: Identity, context: Context) -> bool:
    """Tell whether the table changes its parents, which says whose its constraints are."""
    table = replace(member, kind="table", member="")
    old, new = (side.objects.get(table) for side in (context.old, context.new))
    place = replace(table, kind="partition")
    if context.old.objects.get(place) != context.new.objects.get(place):
        return True
    return isinstance(old, Table) and isinstance(new, Table) and old.inherits != new.inherits


def _definition(constraint: Constraint) -> Constraint:
    return replace(_structure(constraint), is_local=True, is_inherited=False, parent=None)


def _structure(constraint: Constraint) -> Constraint:
    """Return the constraint without what is not made by its own definition."""
    return replace(
        constraint,
        definition=constraint.definition.removesuffix(" NOT VALID"),
        owner=None,
        privileges=(),
        comment=None,
        index_comment=None,
        security_labels=(),
    )


KINDS: dict[type[Object], Kind] = {Constraint: Kind(create=_create, drop=_drop, alter=_alter)}
