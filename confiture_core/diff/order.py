"""What has to come before what, among the operations of a plan.

Most of it follows from the dependencies of both catalogs: what is referred to is dropped after and
made before its dependents. The rest are names that have to be free, and tables that are only
whole once their parts are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace

from confiture_core.catalog.model import (
    Catalog,
    Column,
    Constraint,
    Identity,
    Object,
    Table,
)
from confiture_core.diff.compare import namesake
from confiture_core.diff.facts import Partition, parents_of
from confiture_core.diff.not_null import constraint_name
from confiture_core.diff.operation import Context, Operation
from confiture_core.diff.partition_order import order_not_null_names, order_partitions

Key = tuple[Identity, str]  # an operation: identity and action
_Order = Callable[[Operation, Operation], None]  # the first comes before the second
_INDEX_TIES = ("index partition", "constraint partition")


def edges(
    operations: tuple[Operation, ...], homes: Mapping[Key, Key], context: Context
) -> dict[Key, set[Key]]:
    """Map each group to those that come before it."""
    actions: dict[Identity, dict[str, Operation]] = defaultdict(dict)
    for operation in operations:
        actions[operation.identity][operation.action] = operation
    after: dict[Key, set[Key]] = defaultdict(set)

    def order(first: Operation, second: Operation) -> None:
        one, two = homes[first.key], homes[second.key]
        if one != two:
            after[two].add(one)

    apart = _order_own_parts(operations, actions, homes, context, order)
    _order_dependencies(actions, apart, context, order)
    _order_same_names(operations, homes, order)
    _order_replaced(operations, actions, homes, order)
    order_partitions(operations, homes, order)
    _order_copies(operations, actions, homes, order)
    _order_persistence(actions, context, order)
    order_not_null_names(operations, actions, order)
    return after


def _order_dependencies(
    actions: Mapping[Identity, dict[str, Operation]],
    apart: frozenset[Identity],
    context: Context,
    order: _Order,
) -> None:
    types = _types_of_tables(context.old)
    for dependent, referenced in context.old.dependencies:
        if dependent in apart and _is_parents(referenced, dependent):
            continue
        if dependent.kind in _INDEX_TIES and referenced.kind == "partition":
            continue  # an index leaves its place with its table
        if mine := actions.get(dependent):
            for its in _changes(referenced, actions, types):
                _order_old(mine, its, order)
    types = _types_of_tables(context.new)
    for dependent, referenced in context.new.dependencies:
        if dependent in apart and _is_parents(referenced, dependent):
            continue
        if mine := actions.get(dependent):
            for its in _changes(referenced, actions, types):
                _order_new(mine, its, order)


def _order_own_parts(
    operations: tuple[Operation, ...],
    actions: Mapping[Identity, dict[str, Operation]],
    homes: Mapping[Key, Key],
    context: Context,
    order: _Order,
) -> frozenset[Identity]:
    """Put columns and checks that a table has of its own and from a parent around the parent's.

    PostgreSQL drops none that is inherited still, and adds none that is inherited already. Gives
    what was ordered so.
    """
    ordered: set[Identity] = set()
    for operation in operations:
        is_drop = operation.action == "drop"
        part = operation.old if is_drop else operation.new
        if operation.action == "alter" or not _is_own_and_inherited(part):
            continue
        if homes[operation.key] != operation.key:
            continue
        side = context.old if is_drop else context.new
        for parent in parents_of(operation.identity, side.objects):
            above = replace(operation.identity, schema=parent.schema, name=parent.name)
            its = actions.get(above, {}).get(operation.action)
            if its:
                order(*((its, operation) if is_drop else (operation, its)))
                ordered.add(operation.identity)
    return frozenset(ordered)


def _is_parents(above: Identity, part: Identity) -> bool:
    return (above.kind, above.member) == (part.kind, part.member)


def _is_own_and_inherited(part: Object | None) -> bool:
    match part:
        case Column(is_local=True, is_inherited=True):
            return True
        case Constraint(type="c", is_local=True, is_inherited=True):
            return True
    return False


def _types_of_tables(catalog: Catalog) -> dict[tuple[str, str], Identity]:
    """Return the types that typed tables have their columns from."""
    typed = [i for i in catalog.objects.values() if isinstance(i, Table) and i.of_type]
    if not typed:
        return {}
    names = {i.qualified: i for i in catalog.objects if i.kind == "type"}
    return {
        (table.identity.schema, table.identity.name): names[table.of_type]
        for table in typed
        if table.of_type in names
    }


def _changes(
    referenced: Identity,
    actions: Mapping[Identity, dict[str, Operation]],
    types: Mapping[tuple[str, str], Identity],
) -> list[dict[str, Operation]]:
    """Return what happens to an object, or to the relations of a column to which nothing does."""
    own = actions.get(referenced)
    if own or referenced.kind != "column":
        return [own] if own else []
    if type_ := types.get((referenced.schema, referenced.name)):
        attribute = actions.get(replace(type_, kind="column", member=referenced.member))
        if attribute:
            return [attribute]
    kinds = ("table", "foreign table", "view", "materialized view")
    found = (actions.get(replace(referenced, kind=kind, member="")) for kind in kinds)
    return [change for change in found if change]


def _order_copies(
    operations: tuple[Operation, ...],
    actions: Mapping[Identity, dict[str, Operation]],
    homes: Mapping[Key, Key],
    order: _Order,
) -> None:
    """Copy the rows of a replaced table once the new one is whole, before triggers could fire."""
    copied = {op.identity: op for op in operations if op.renames and isinstance(op.old, Table)}
    for operation in operations:
        identity, item = operation.identity, operation.old or operation.new
        table = replace(identity, kind="table", member="")
        if isinstance(item, Partition):
            table = item.parent
        if table not in copied:
            continue
        is_folded = homes[operation.key] == homes[copied[table].key]
        if operation.action == "drop" and identity.kind == "partition" and not is_folded:
            order(operation, actions[table]["create"])
        if operation.action == "create" and identity.kind in ("trigger", "rule", "policy"):
            order(copied[table], operation)
        if operation.action == "create" and identity.kind == "partition":
            order(operation, copied[table])


def _order_persistence(
    actions: Mapping[Identity, dict[str, Operation]], context: Context, order: _Order
) -> None:
    """Let no logged table refer to an unlogged one on the way."""
    changing = {
        identity: same["alter"]
        for identity, same in actions.items()
        if "alter" in same and _persistence(same["alter"].old) != _persistence(same["alter"].new)
    }
    if len(changing) < 2:
        return
    for key in context.new.objects.values():
        if not isinstance(key, Constraint) or key.references not in changing:
            continue
        table = replace(key.identity, kind="table", member="")
        if table in changing and table != key.references:
            referring, referred = changing[table], changing[key.references]
            if _persistence(referring.new) == "u":
                order(referring, referred)
            else:
                order(referred, referring)


def _persistence(item: Object | None) -> str | None:
    return item.persistence if isinstance(item, Table) else None


def _order_old(mine: dict[str, Operation], its: dict[str, Operation], order: _Order) -> None:
    """Drop what is referred to after its dependents let go; change it after they are dropped."""
    if "drop" in its:
        for action in ("drop", "alter"):
            if action in mine:
                order(mine[action], its["drop"])
        if "create" in mine and _keeps_computed(mine, its["drop"].identity):
            order(mine["create"], its["drop"])
    if "alter" in its and "drop" in mine:
        if _is_freed(mine["drop"], its["alter"]):
            order(its["alter"], mine["drop"])
        elif not _lets_drop_later(its["alter"], mine["drop"]):
            order(mine["drop"], its["alter"])


def _keeps_computed(column: dict[str, Operation], other: Identity) -> bool:
    """Tell whether a column is made again with what PostgreSQL computes for it from another."""
    old, new = column["drop"].old if "drop" in column else None, column["create"].new
    if not isinstance(old, Column) or not isinstance(new, Column):
        return False
    return old.generated > new.generated and replace(other, member=new.identity.member) == (
        new.identity
    )


def _is_freed(part: Operation, table: Operation) -> bool:
    """Tell whether a table has to leave a parent or type before its part can be dropped."""
    old, new = table.old, table.new
    return (
        part.identity.kind in ("column", "constraint")
        and replace(part.identity, kind="table", member="") == table.identity
        and isinstance(old, Table)
        and isinstance(new, Table)
        and (not set(old.inherits) <= set(new.inherits) or old.of_type not in (new.of_type, None))
    )


def _lets_drop_later(table: Operation, dropped: Operation) -> bool:
    """Tell whether a column may go after its table has changed: unless its type or place does.

    So may the tie of a sequence to a column, unless the column becomes an identity, whose own
    sequence needs the name.
    """
    old, new = table.old, table.new
    if isinstance(new, Column):
        return dropped.identity.kind == "sequence owner" and not new.identity_kind
    return (
        dropped.identity.kind == "column"
        and isinstance(old, Table)
        and isinstance(new, Table)
        and (old.of_type, old.persistence) == (new.of_type, new.persistence)
    )


def _order_new(mine: dict[str, Operation], its: dict[str, Operation], order: _Order) -> None:
    """Make a dependent after what it refers to is there, in its new form."""
    for action in ("create", "alter"):
        for made in ("create", "alter"):
            if action not in mine or made not in its or _is_apart(mine[action], its[made]):
                continue
            if _is_fitted(mine[action], its[made]):
                order(mine[action], its[made])
            else:
                order(its[made], mine[action])


def _is_fitted(part: Operation, table: Operation) -> bool:
    """Tell whether a table needs its changed part before it can have a new parent or type."""
    old, new = table.old, table.new
    return (
        part.identity.kind in ("column", "constraint")
        and replace(part.identity, kind="table", member="") == table.identity
        and isinstance(old, Table)
        and isinstance(new, Table)
        and (not set(new.inherits) <= set(old.inherits) or new.of_type not in (old.of_type, None))
    )


def _is_apart(mine: Operation, its: Operation) -> bool:
    """Tell whether the two are changes in place of a table and of what hangs on it."""
    return (
        mine.action == its.action == "alter"
        and mine.identity.kind in ("policy", "rule", "trigger")
        and its.identity.kind in ("table", "foreign table")
    )


def _order_same_names(
    operations: tuple[Operation, ...], homes: Mapping[Key, Key], order: _Order
) -> None:
    """Free a name before it is taken: relations, types and constraints' indexes share names."""
    dropped: dict[tuple[str, str, str], list[Operation]] = defaultdict(list)
    renamed = {operation.key for operation in operations if operation.renames}
    for operation in operations:
        if operation.action == "drop" and homes[operation.key] not in renamed:
            for name in _names(operation.identity, operation.old):
                dropped[name].append(operation)
        elif operation.action == "alter":
            for name in _not_null_names(operation.old, operation.new):
                dropped[name].append(operation)
    for operation in operations:
        taken = _not_null_names(operation.new, operation.old)
        if operation.action == "create":
            taken = _names(operation.identity, operation.new)
        for name in taken:
            for other in dropped.get(name, ()):
                order(other, operation)


def _not_null_names(one: Object | None, other: Object | None) -> list[tuple[str, str, str]]:
    """Return the name that a column's NOT NULL has on one side and not on the other."""
    if not isinstance(one, Column) or not isinstance(other, Column) or not one.not_null:
        return []
    name = constraint_name(one)
    if other.not_null and constraint_name(other) == name:
        return []
    return [("constraint", one.identity.qualified, name)]


def _order_replaced(
    operations: tuple[Operation, ...],
    actions: Mapping[Identity, dict[str, Operation]],
    homes: Mapping[Key, Key],
    order: _Order,
) -> None:
    """Drop what is replaced before it is made again, unless it was renamed away for the time."""
    renamed = {operation.key for operation in operations if operation.renames}
    for identity, same in actions.items():
        drop, create = same.get("drop"), same.get("create")
        if drop and drop.renames and not create:
            other = namesake(identity)
            create = actions[other]["create"] if other else None
        if drop and create:
            if drop.renames:
                order(create, drop)
            elif homes[drop.key] not in renamed:
                order(drop, create)


def _names(identity: Identity, item: Object | None) -> list[tuple[str, str, str]]:
    match identity.kind:
        case "table" | "foreign table" | "view" | "materialized view" | "sequence" | "index":
            return [("relation", identity.schema, identity.name)]
        case "type" | "domain":
            return [("relation", identity.schema, identity.name)]
        case "function" | "procedure" | "aggregate":
            return [("routine", identity.schema, identity.name)]
        case "constraint":
            names = [("constraint", identity.qualified, identity.member)]
            if isinstance(item, Constraint) and item.type in "pux":
                names.append(("relation", identity.schema, identity.member))
            return names
    return []
