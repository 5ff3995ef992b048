"""What has to come before what where partitions leave their tables and others come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace

from confiture_core.catalog.model import Constraint, Identity, Index, Object
from confiture_core.diff.facts import Partition
from confiture_core.diff.not_null import is_renamed
from confiture_core.diff.operation import Operation

Key = tuple[Identity, str]  # an operation: identity and action
_Order = Callable[[Operation, Operation], None]  # the first comes before the second


def order_partitions(
    operations: tuple[Operation, ...], homes: Mapping[Key, Key], order: _Order
) -> None:
    """Let a partition leave after it has had its parent's changes, and before others come."""
    leaving, coming = _places(operations, homes)
    for parent, places in leaving.items():
        for operation in coming[parent]:
            for place in places:
                order(place, operation)
    aside = {op.identity for op in operations if op.renames and op.action == "drop"}
    back = {(op.identity, parent) for parent, listed in coming.items() for op in listed}
    attached = {op.identity: op for listed in coming.values() for op in listed}
    for operation in operations:
        if attached and operation.action == "create" and _is_check(operation.new):
            own = attached.get(replace(operation.identity, kind="partition", member=""))
            if own:
                order(operation, own)
        table = table_of(operation)
        for place in leaving.get(table, ()):
            if replace(place.identity, kind="table") not in aside:
                is_back = (place.identity, table) in back
                _order_leaving(place, operation, order, is_back=is_back)
            elif operation.action == "drop":
                order(place, operation)


def _places(
    operations: tuple[Operation, ...], homes: Mapping[Key, Key]
) -> tuple[dict[Identity, list[Operation]], dict[Identity, list[Operation]]]:
    """Return the partitions that leave, other than with their tables, and those that come."""
    leaving: dict[Identity, list[Operation]] = defaultdict(list)
    coming: dict[Identity, list[Operation]] = defaultdict(list)
    for operation in operations:
        item = operation.old or operation.new
        if not isinstance(item, Partition):
            continue
        if operation.action == "create":
            coming[item.parent].append(operation)
        elif homes[operation.key] == operation.key:
            leaving[item.parent].append(operation)
    return leaving, coming


def _order_leaving(place: Operation, operation: Operation, order: _Order, *, is_back: bool) -> None:
    """Order a change of the parent against a partition that leaves, for good or for another bound.

    One that comes back has the parent's changes by then; one that does not keeps its indexes.
    """
    kind = operation.identity.kind
    # An index that goes takes those under it along, if they are under it still.
    is_index_gone = kind == "index" and operation.action == "drop"
    if is_back and (is_index_gone or kind in ("column", "default", "constraint")):
        order(operation, place)
    if is_back or operation.action != "drop":
        return
    if kind in ("index", "constraint"):
        order(place, operation)


def order_not_null_names(
    operations: tuple[Operation, ...],
    actions: Mapping[Identity, dict[str, Operation]],
    order: _Order,
) -> None:
    """Rename what is NOT NULL while the table is no partition.

    A new one has the names of its parent, which PostgreSQL must not find taken when it makes those.
    """
    for operation in operations:
        if operation.action == "create" and isinstance(operation.new, Partition):
            table = actions.get(replace(operation.identity, kind="table"), {})
            parent = actions.get(operation.new.parent, {})
            if "create" in table and "create" in parent:
                order(parent["create"], table["create"])
        if operation.action == "alter" and is_renamed(operation.old, operation.new):
            place = actions.get(replace(operation.identity, kind="partition", member=""), {})
            if "drop" in place:
                order(place["drop"], operation)
            if "create" in place:
                order(operation, place["create"])


def _is_check(item: Object | None) -> bool:
    return isinstance(item, Constraint) and item.type == "c"


def table_of(operation: Operation) -> Identity:
    """Return the table that an operation is about, or whose part it changes."""
    item = operation.old or operation.new
    if isinstance(item, Index):
        return item.table
    return replace(operation.identity, kind="table", member="")
