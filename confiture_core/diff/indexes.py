"""Indexes that back no constraint."""

from __future__ import annotations

from dataclasses import replace

from confiture_core import names
from confiture_core.catalog.model import Constraint, Identity, Index, Object
from confiture_core.diff.facts import IndexPartition
from confiture_core.diff.operation import Context, Hazard, Kind, Step
from confiture_core.diff.options import set_and_reset


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
    if _bare(old) != _bare(new):
        return None
    if old.options != new.options and not are_options_alterable(new.identity, new.table, context):
        return None
    return (
        *_statistics(old.statistics, new, context),
        *move_index(new.identity, old.tablespace, new.tablespace, context),
        *alter_options(new.identity, old.options, new.options, context),
    )


def move_index(
    index: Identity, old: str | None, new: str | None, context: Context
) -> tuple[Step, ...]:
    """Move an index to another tablespace."""
    if old == new:
        return ()
    space = names.quote(new or "pg_default")
    return (Step(sql=f"ALTER INDEX {context.name(index)} SET TABLESPACE {space}"),)


def are_options_alterable(index: Identity, table: Identity, context: Context) -> bool:
    """Tell whether PostgreSQL can set them: not for the index of a partitioned table.

    Those under it are made again with it. `index` may be the constraint that it is behind.
    """
    if table in context.parents:
        return False
    place = context.old.objects.get(replace(index, kind=f"{index.kind} partition"))
    if not isinstance(place, IndexPartition):
        return True
    before, after = (side.objects.get(place.parent) for side in (context.old, context.new))
    return _options_of(before) == _options_of(after)


def _options_of(item: Object | None) -> tuple[str, ...]:
    match item:
        case Index():
            return item.options
        case Constraint():
            return item.index_options
    return ()


def alter_options(
    index: Identity, old: tuple[str, ...], new: tuple[str, ...], context: Context
) -> tuple[Step, ...]:
    """Set storage parameters of an index; what is in it already stays as it is."""
    head = f"ALTER INDEX {context.name(index)}"
    return tuple(Step(sql=f"{head} {text}") for text in set_and_reset(old, new))


def _bare(index: Index) -> Index:
    """Return the index without what can be changed in place."""
    return replace(
        index,
        definition=_without_options(index),
        options=(),
        statistics=(),
        tablespace=None,
        comment=None,
        security_labels=(),
        required_extensions=(),
    )


def _without_options(index: Index) -> str:
    if not index.options:
        return index.definition
    start, name = index.definition.find(" WITH ("), index.options[0].partition("=")[0]
    while start >= 0 and not index.definition.startswith(f" WITH ({name}=", start):
        start = index.definition.find(" WITH (", start + 1)
    end = index.definition.find(")", start)
    return index.definition[:start] + index.definition[end + 1 :] if start >= 0 else ""


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
