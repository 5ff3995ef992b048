"""Indexes that back no constraint."""

from __future__ import annotations

from dataclasses import replace

from confiture_core import names
from confiture_core.catalog.model import Index, Object
from confiture_core.diff.facts import IndexPartition
from confiture_core.diff.operation import Context, Hazard, Kind, Step


def hazards(index: Index) -> tuple[Hazard, ...]:
    """Tell what building the index means for its table."""
    message = f"writes to {index.table} wait until the index is built"
    blocked = Hazard(kind="blocks writes", message=message)
    if not index.is_unique:
        return (blocked,)
    message = f"rows that are not unique under {index.identity} stop it"
    return (blocked, Hazard(kind="may fail", message=message))


def _create(index: Index, context: Context) -> tuple[Step, ...]:
    made = Step(sql=_definition(index, context), hazards=hazards(index))
    return (made, *_statistics((), index, context))


def _definition(index: Index, context: Context) -> str:
    if index.table in context.parents and not context.attach_indexes:
        # pg_get_indexdef writes ON ONLY for partitioned indexes; without it partitions get theirs.
        return index.definition.replace(" ON ONLY ", " ON ", 1)
    return index.definition


def _drop(index: Index, context: Context) -> tuple[Step, ...]:
    # Neither goes without the other: a key of a partition, and the index above its own.
    cascade = " CASCADE" if _is_above_keys(index, context) else ""
    return (Step(sql=f"DROP INDEX {context.name(index.identity)}{cascade}"),)


def _is_above_keys(index: Index, context: Context) -> bool:
    return index.table in context.parents and any(
        isinstance(item, IndexPartition) and item.is_key_under_index
        for item in context.old.objects.values()
        if getattr(item, "parent", None) == index.identity
    )


def _alter(old: Index, new: Index, context: Context) -> tuple[Step, ...] | None:
    same = replace(old, statistics=(), tablespace=None, comment=None, security_labels=())
    if same != replace(new, statistics=(), tablespace=None, comment=None, security_labels=()):
        return None
    steps = [*_statistics(old.statistics, new, context)]
    if old.tablespace != new.tablespace:
        space = names.quote(new.tablespace or "pg_default")
        steps.append(Step(sql=f"ALTER INDEX {context.name(new.identity)} SET TABLESPACE {space}"))
    return tuple(steps)


def _statistics(
    old: tuple[tuple[int, int], ...], index: Index, context: Context
) -> tuple[Step, ...]:
    before, after = dict(old), dict(index.statistics)
    head = f"ALTER INDEX {context.name(index.identity)} ALTER COLUMN"
    return tuple(
        Step(sql=f"{head} {number} SET STATISTICS {after.get(number, -1)}")
        for number in sorted(before.keys() | after.keys())
        if before.get(number) != after.get(number)
    )


KINDS: dict[type[Object], Kind] = {Index: Kind(create=_create, drop=_drop, alter=_alter)}
