"""Groups of folded operations as steps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from confiture_core import names
from confiture_core.catalog.model import (
    Catalog,
    Column,
    Constraint,
    Default,
    Definition,
    Domain,
    DomainConstraint,
    Identity,
    Object,
    Sequence,
    Table,
)
from confiture_core.diff import (
    casts,
    columns,
    constraints,
    kinds,
    not_null,
    ranges,
    sequences,
    tables,
)
from confiture_core.diff.access import metadata
from confiture_core.diff.facts import (
    IndexPartition,
    Partition,
    SequenceOwner,
    ShellType,
    TableIndex,
    parents_of,
)
from confiture_core.diff.operation import Context, Hazard, Operation, Step
from confiture_core.diff.types import create_domain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confiture_core.diff.words import Words

_FACTS = (Partition, IndexPartition, SequenceOwner, ShellType, TableIndex)
# While a type or table is replaced, the old one lives on under this name.
_ASIDE = "__old"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """An operation and those that its statement does too."""

    leader: Operation
    members: tuple[Operation, ...] = ()
    words: Words | None = None

    def new(self, kind: type[Object]) -> Iterator[Object]:
        """Yield the created objects of one class, the leader's own first."""
        for operation in (self.leader, *self.members):
            if isinstance(operation.new, kind):
                yield operation.new


def render(group: Group, context: Context) -> tuple[Step, ...]:
    """Write a group as steps, each with the object it serves."""
    match group.leader.action:
        case "drop":
            steps = _render_drop(group.leader, context)
        case "alter":
            steps = _render_alter(group.leader, context)
        case _:
            steps = (*_render_creation(group, context), *_render_metadata(group, context))
    return tuple(replace(step, identity=step.identity or group.leader.identity) for step in steps)


def _render_drop(operation: Operation, context: Context) -> tuple[Step, ...]:
    assert operation.old is not None
    item = operation.old
    if not operation.renames:
        return kinds.drop(item, context)
    aside = replace(item, identity=_aside(item.identity))
    if not isinstance(item, Table):
        return kinds.drop(aside, context)
    gone = Step(sql=f"DROP TABLE {context.name(aside.identity)}")
    return (*_copy_rows(item, context), gone)


def _copy_rows(table: Table, context: Context) -> Iterator[Step]:
    """Write what takes the rows of a table set aside into the one made in its place."""
    pairs = [
        (old, new)
        for old in _columns_of(table.identity, context.old)
        for new in _columns_of(table.identity, context.new)
        if old.identity == new.identity and not new.generated
    ]
    if not pairs:
        return
    listed = ", ".join(names.quote(new.identity.member) for _, new in pairs)
    values = ", ".join(_value_of(old, new, context) for old, new in pairs)
    target, source = context.name(table.identity), context.name(_aside(table.identity))
    overriding = "OVERRIDING SYSTEM VALUE " if any(new.identity_kind for _, new in pairs) else ""
    message = f"all rows of {table.identity} are copied into a new table under a full lock"
    yield Step(
        sql=f"INSERT INTO {target} ({listed}) {overriding}\nSELECT {values} FROM {source}",
        hazards=(
            Hazard(kind="rewrites table", message=message),
            Hazard(kind="blocks reads", message=message),
            Hazard(
                kind="may fail", message=f"rows that do not fit the new {table.identity} stop it"
            ),
        ),
    )
    for _, new in pairs:
        if new.identity_kind:
            yield columns.continue_from_rows(new.identity_sequence, new.identity, context)


def _columns_of(table: Identity, catalog: Catalog) -> list[Column]:
    found = (
        item
        for item in catalog.objects.values()
        if isinstance(item, Column)
        and (item.identity.schema, item.identity.name) == (table.schema, table.name)
    )
    return sorted(found, key=lambda column: column.position)


def _value_of(old: Column, new: Column, context: Context) -> str:
    """Write the value in the new table; by then its type may be another of the same name."""
    column = names.quote(old.identity.member)
    through_text = any(
        dependent == old.identity and referenced.kind in ("type", "domain")
        for dependent, referenced in context.old.dependencies
    )
    return casts.using(column, old.type, new.type, through_text=through_text) or column


def _aside(identity: Identity) -> Identity:
    return replace(identity, name=identity.name[: 63 - len(_ASIDE)] + _ASIDE)


def _render_alter(operation: Operation, context: Context) -> tuple[Step, ...]:
    old, new = operation.old, operation.new
    assert old is not None
    assert new is not None
    steps: tuple[Step, ...] = ()
    if operation.retypes and isinstance(old, Column) and isinstance(new, Column):
        if not columns.stays_heir(old, new):
            steps = (columns.retype(old, new, context, through_text=True),)
        old = replace(old, type=new.type, collation=new.collation)
    steps += kinds.alter(old, new, context) or ()
    if isinstance(new, _FACTS):
        return steps
    if isinstance(old, Sequence) and _is_owned(new.identity, context):
        old = replace(old, owner=new.owner)  # an owned sequence's owner is its table's
    return steps + metadata(old, new, context)


def _is_owned(sequence: Identity, context: Context) -> bool:
    return replace(sequence, kind="sequence owner") in context.new.objects


def _render_creation(group: Group, context: Context) -> tuple[Step, ...]:
    item = group.leader.new
    assert item is not None
    match item:
        case Table():
            steps = _create_table(group, item, context)
            return (*_set_table_aside(item, context), *steps) if group.leader.renames else steps
        case Column():
            return _add_column(group, item, context)
        case SequenceOwner():
            return _own_sequence(item, context)
        case Domain():
            steps = create_domain(item, _constraints_of(group), context)
        case _:
            steps = kinds.create(item, context)
    if group.words:
        hazards = tuple(hazard for step in steps for hazard in step.hazards)
        steps = (Step(sql=group.words.sql, hazards=hazards),)
    if group.leader.renames:
        steps = (_set_aside(item, context), *_set_parts_aside(item, context), *steps)
    return steps


def _constraints_of(group: Group) -> list[DomainConstraint]:
    return [item for item in group.new(DomainConstraint) if isinstance(item, DomainConstraint)]


def _set_table_aside(table: Table, context: Context) -> Iterator[Step]:
    for column in _columns_of(table.identity, context.old):
        if column.identity_kind:  # its sequence would keep the name that the new one needs
            head = f"ALTER TABLE {context.name(table.identity)} ALTER COLUMN"
            yield Step(sql=f"{head} {names.quote(column.identity.member)} DROP IDENTITY")
    yield _set_aside(table, context)


def _set_aside(item: Object, context: Context) -> Step:
    identity = item.identity
    if identity not in context.old.objects:
        identity = replace(identity, kind="domain" if identity.kind == "type" else "type")
    kind, name = identity.kind.upper(), names.quote(_aside(identity).name)
    return Step(sql=f"ALTER {kind} {context.name(identity)} RENAME TO {name}")


def _set_parts_aside(item: Object, context: Context) -> Iterator[Step]:
    before = context.old.objects.get(item.identity)
    if not isinstance(item, Definition) or not isinstance(before, Definition):
        return
    if ranges.is_range(item) and ranges.is_range(before):
        yield from ranges.set_parts_aside(before, item, _ASIDE, context)


def _own_sequence(owner: SequenceOwner, context: Context) -> tuple[Step, ...]:
    steps = kinds.create(owner, context)
    sequence = context.new.objects.get(replace(owner.identity, kind="sequence"))
    is_new = replace(owner.identity, kind="sequence") not in context.old.objects
    if is_new and owner.column in context.old.objects and isinstance(sequence, Sequence):
        steps += (columns.continue_from_rows(sequence, owner.column, context),)
    return steps


def _create_table(group: Group, table: Table, context: Context) -> tuple[Step, ...]:
    place = next((p for p in group.new(Partition) if isinstance(p, Partition)), None)
    own = [
        c
        for c in group.new(Column)
        if isinstance(c, Column)
        and c.identity.name == table.identity.name
        and c.identity.schema == table.identity.schema
    ]
    taken = [c for c in own if _is_taken_from_parent(c, place, context)]
    if group.words:
        steps = (Step(sql=group.words.sql), *tables.settings(table, context))
        return (*steps, *_not_covered(group, context))
    elements = [_definition(c, group, context) for c in own if c not in taken]
    elements += [constraints.element(c) for c in _declared(group, table, place)]
    if place:
        elements += filter(None, (not_null.table_element(c, context) for c in taken if c.not_null))
    steps = tables.create_table(table, elements, place, context)
    for column in own:
        steps += columns.settings(column, context)
    for column in taken:
        steps += _overrides(column, group, context)
    return steps


def _is_taken_from_parent(column: Column, place: Partition | None, context: Context) -> bool:
    table = context.new.objects.get(replace(column.identity, kind="table", member=""))
    if place is not None or (isinstance(table, Table) and table.of_type):
        return True
    standalone = replace(column.identity, kind="partition", member="") in context.new.objects
    return column.is_inherited and not column.is_local and not standalone


def _declared(group: Group, table: Table, place: Partition | None) -> Iterator[Constraint]:
    for constraint in group.new(Constraint):
        if not isinstance(constraint, Constraint) or constraint.type == "f":
            continue
        if (constraint.identity.schema, constraint.identity.name) != (
            table.identity.schema,
            table.identity.name,
        ):
            continue
        inherited = constraint.parent is not None or not constraint.is_local
        # A table that is attached later needs its parent's CHECK constraints already.
        if not inherited or (place is None and not table.inherits and constraint.type == "c"):
            yield constraint


def _definition(column: Column, group: Group, context: Context) -> str:
    default = _default_of(column, group)
    return columns.definition(
        column,
        context,
        default=default.expression if default else None,
        serial=_serial_of(column, group),
    )


def _default_of(column: Column, group: Group) -> Default | None:
    identity = replace(column.identity, kind="default")
    found = (default for default in group.new(Default) if default.identity == identity)
    default = next(found, None)
    return default if isinstance(default, Default) else None


def _serial_of(column: Column, group: Group) -> str | None:
    for owner in group.new(SequenceOwner):
        if isinstance(owner, SequenceOwner) and owner.column == column.identity:
            return sequences.SERIAL_TYPES[column.type]
    return None


def _overrides(column: Column, group: Group, context: Context) -> tuple[Step, ...]:
    """Write where a new partition or heir differs from what it takes from its parent."""
    objects = context.new.objects
    parent = _parent_column(column, context)
    default = _default_of(column, group)
    steps: tuple[Step, ...] = ()
    inherited = objects.get(replace(parent.identity, kind="default")) if parent else None
    expression = inherited.expression if isinstance(inherited, Default) else None
    if default and default.expression != expression:
        steps += columns.set_default(default, context)
    if default is None and expression is not None and not column.generated:
        gone = Default(identity=replace(column.identity, kind="default"), expression="")
        steps += kinds.drop(gone, context)
    if column.not_null and not (parent and parent.not_null):
        steps += kinds.alter(replace(column, not_null=False), column, context) or ()
    return steps


def _parent_column(column: Column, context: Context) -> Column | None:
    objects = context.new.objects
    for parent in parents_of(column.identity, objects):
        found = objects.get(replace(column.identity, schema=parent.schema, name=parent.name))
        if isinstance(found, Column):
            return found
    return None


def _add_column(group: Group, column: Column, context: Context) -> tuple[Step, ...]:
    default, serial = _default_of(column, group), _serial_of(column, group)
    expression = default.expression if default else None
    computed = columns.computed_before(column.identity, context)
    if computed:
        return columns.add_filled(column, computed, context, default=expression)
    steps = columns.add_column(column, context, default=expression, serial=serial)
    if not group.words:
        return steps
    head = f"ALTER TABLE {context.name(column.identity)} ADD COLUMN"
    quoted = Step(sql=f"{head} {group.words.sql}", hazards=steps[0].hazards)
    return (quoted, *_not_covered(group, context))


def _not_covered(group: Group, context: Context) -> tuple[Step, ...]:
    """Write the members that the author's words do not make."""
    assert group.words is not None
    steps: tuple[Step, ...] = ()
    for operation in group.members:
        item = operation.new
        if operation.identity in group.words.covers or not isinstance(item, Default | Constraint):
            continue
        if isinstance(item, Constraint) and (item.parent or not item.is_local):
            continue
        steps += kinds.create(item, context)
    return steps


def _render_metadata(group: Group, context: Context) -> tuple[Step, ...]:
    steps: tuple[Step, ...] = ()
    for operation in (group.leader, *group.members):
        item = operation.new
        if item is None or isinstance(item, _FACTS):
            continue
        if isinstance(item, Sequence) and operation is not group.leader:
            item = replace(item, owner=None)  # a serial column's follows its table
        made = metadata(None, item, context)
        steps += tuple(replace(step, identity=item.identity) for step in made)
    return steps
