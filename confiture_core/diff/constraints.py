"""Table constraints."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from confiture_core import names
from confiture_core.catalog.model import Constraint, Identity, Object, Table
from confiture_core.diff.indexes import alter_options, are_options_alterable, move_index
from confiture_core.diff.operation import Context, Hazard, Kind, Step
from confiture_core.diff.options import quoted_option

if TYPE_CHECKING:
    from collections.abc import Iterable

    from confiture_core.diff.operation import Operation

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


def merged(operations: Iterable[Operation]) -> frozenset[Identity]:
    """Return the keys that CREATE TABLE would take for another one on the same columns."""
    keys: dict[tuple[object, ...], list[Constraint]] = defaultdict(list)
    for operation in operations:
        identity, item = operation.identity, operation.new
        if operation.action == "create" and isinstance(item, Constraint) and item.type in "pux":
            keys[identity.schema, identity.name, item.columns].append(item)
    return frozenset(
        constraint.identity
        for listed in keys.values()
        for constraint in sorted(listed, key=lambda key: (key.type, key.identity))[1:]
    )


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
        return (_validate(new, context),)
    if _structure(old) == _structure(new):
        return ()
    if (old.index_options, old.index_tablespace) != (new.index_options, new.index_tablespace):
        return _alter_index(old, new, context)
    if new.type == "f" and old.definition != new.definition:
        return _alter_timing(old, new, context)
    is_same = _definition(old) == _definition(new)
    if old.is_inherited and new.is_inherited and old.is_local != new.is_local:
        if not is_same:
            return None
        return _create(new, context) if new.is_local else ()
    if is_same and new.type == "c" and old.is_local and new.is_local:
        return ()  # the parent's, which comes or goes, is merged with it
    return () if is_same and _has_other_parents(new.identity, context) else None


def _validate(constraint: Constraint, context: Context) -> Step:
    table, name = context.name(constraint.identity), names.quote(constraint.identity.member)
    hazard = Hazard(kind="scans table", message=f"reads all of {constraint.identity.qualified}")
    return Step(sql=f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}", hazards=(hazard,))


def _alter_index(old: Constraint, new: Constraint, context: Context) -> tuple[Step, ...] | None:
    """Set how and where the index behind the constraint is stored, if that is all."""
    table = replace(new.identity, kind="table", member="")
    before, after = (
        _structure(replace(side, index_options=(), index_tablespace=None)) for side in (old, new)
    )
    is_alterable = old.index_options == new.index_options or are_options_alterable(
        new.identity, table, context
    )
    if before != after or not is_alterable:
        return None
    index = Identity(kind="index", schema=new.identity.schema, name=new.identity.member)
    return (
        *move_index(index, old.index_tablespace, new.index_tablespace, context),
        *alter_options(index, old.index_options, new.index_options, context),
    )


# In the order in which a definition ends with them.
_TIMES = (" DEFERRABLE", " INITIALLY DEFERRED", " NOT ENFORCED")


def _alter_timing(old: Constraint, new: Constraint, context: Context) -> tuple[Step, ...] | None:
    """Set when a foreign key is checked, or whether, if that is all."""
    (before, was), (after, becomes) = _timing(old), _timing(new)
    if (before, replace(_structure(old), definition="", is_valid=True)) != (
        after,
        replace(_structure(new), definition="", is_valid=True),
    ):
        return None
    if not new.is_valid and " NOT ENFORCED" not in becomes and old.is_valid:
        return None
    if new.parent is not None:
        return ()  # its table's, which comes with its change
    words = [] if " DEFERRABLE" in becomes else ["NOT DEFERRABLE"]
    words += [word.strip() for word in _TIMES if word in becomes]
    hazards: tuple[Hazard, ...] = ()
    if " NOT ENFORCED" in was and " NOT ENFORCED" not in becomes:
        words.append("ENFORCED")
        hazards = _hazards(new)
    head = f"ALTER TABLE {context.name(new.identity)}"
    name = names.quote(new.identity.member)
    steps = [Step(sql=f"{head} ALTER CONSTRAINT {name} {' '.join(words)}", hazards=hazards)]
    if new.is_valid and not old.is_valid and not hazards:
        steps.append(_validate(new, context))
    return tuple(steps)


def _timing(constraint: Constraint) -> tuple[str, frozenset[str]]:
    """Cut off what a definition ends with that says when the constraint is checked."""
    text, found = _structure(constraint).definition, set()
    for word in reversed(_TIMES):
        if text.endswith(word):
            text = text.removesuffix(word)
            found.add(word)
    return text, frozenset(found)


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
