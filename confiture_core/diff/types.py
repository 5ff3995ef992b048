"""Enums, domains and composite types.

Attributes of composite types and columns of views are one class, RelationColumn. Making, dropping
or replacing the type or view makes and drops them too; only what changes them in a type or
materialized view that stays is written here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from confiture_core import names
from confiture_core.catalog.generated import generated_name
from confiture_core.catalog.model import (
    Catalog,
    Composite,
    Domain,
    DomainConstraint,
    Enum,
    Identity,
    Object,
    RelationColumn,
    Table,
    View,
)
from confiture_core.diff.columns import storage_word
from confiture_core.diff.operation import Context, Hazard, Kind, Step
from confiture_core.diff.options import set_and_reset

if TYPE_CHECKING:
    from collections.abc import Iterable

_NOT_VALID = " NOT VALID"


def relation_columns(relation: Identity, catalog: Catalog) -> tuple[RelationColumn, ...]:
    """Return the attributes of a composite type, or the columns of a view, in order."""
    place = (relation.schema, relation.name)
    found = (
        item
        for item in catalog.objects.values()
        if isinstance(item, RelationColumn) and (item.identity.schema, item.identity.name) == place
    )
    return tuple(sorted(found, key=lambda column: column.position))


def alter_settings(
    old: RelationColumn | None, new: RelationColumn, context: Context
) -> tuple[Step, ...]:
    """Write the settings of a materialized view's column."""
    old = old or replace(new, statistics=None, storage=None, compression=None, options=())
    actions = []
    if old.storage != new.storage:
        actions.append(f"SET STORAGE {storage_word(new.storage, new.type, context)}")
    if old.compression != new.compression:
        actions.append(f"SET COMPRESSION {new.compression or 'default'}")
    if old.statistics != new.statistics:
        actions.append(f"SET STATISTICS {-1 if new.statistics is None else new.statistics}")
    actions += set_and_reset(old.options, new.options)
    name = names.quote(new.identity.member)
    head = f"ALTER MATERIALIZED VIEW {context.name(new.identity)} ALTER COLUMN {name}"
    return tuple(Step(sql=f"{head} {action}") for action in actions)


def are_attributes_alterable(composite: Identity, context: Context) -> bool:
    """Tell whether ALTER TYPE leads to a composite type's new attributes.

    New attributes come last, and a type that is stored in a table keeps its attributes' types.
    """
    old = relation_columns(composite, context.old)
    new = relation_columns(composite, context.new)
    before = {column.identity: column for column in old}
    after = {column.identity for column in new}
    reached = [column.identity for column in old if column.identity in after]
    reached += [column.identity for column in new if column.identity not in before]
    if reached != [column.identity for column in new]:
        return False
    is_retyped = any(
        column.identity in before and not _is_same_type(before[column.identity], column)
        for column in new
    )
    return not (is_retyped and is_stored(composite, context.old))


def is_stored(type_: Identity, catalog: Catalog) -> bool:
    """Tell whether values of the type are kept in a table, alone or inside others."""
    users: dict[Identity, list[Identity]] = defaultdict(list)
    for dependent, referenced in catalog.dependencies:
        if dependent.kind in ("column", "type", "domain"):
            users[referenced].append(dependent)
    waiting, seen = [type_], {type_}
    while waiting:
        for user in users[waiting.pop()]:
            if user.kind == "column" and _keeps_rows(user, catalog):
                return True
            whole = _composite_of(user, catalog)
            if whole not in seen:
                seen.add(whole)
                waiting.append(whole)
    return False


def _keeps_rows(column: Identity, catalog: Catalog) -> bool:
    return any(
        Identity(kind=kind, schema=column.schema, name=column.name) in catalog.objects
        for kind in ("table", "materialized view")
    )


def _composite_of(identity: Identity, catalog: Catalog) -> Identity:
    type_ = Identity(kind="type", schema=identity.schema, name=identity.name)
    return type_ if identity.member and type_ in catalog.objects else identity


def _create_enum(enum: Enum, context: Context) -> tuple[Step, ...]:
    labels = ",\n".join(f"    {names.literal(label)}" for label in enum.labels)
    listed = f"(\n{labels}\n)" if labels else "()"
    return (Step(sql=f"CREATE TYPE {context.name(enum.identity)} AS ENUM {listed}"),)


def _drop_type(type_: Enum | Composite, context: Context) -> tuple[Step, ...]:
    return (Step(sql=f"DROP TYPE {context.name(type_.identity)}"),)


def _alter_enum(old: Enum, new: Enum, context: Context) -> tuple[Step, ...] | None:
    """Add the labels that are new; PostgreSQL can neither remove nor move any."""
    kept = set(old.labels)
    if [label for label in new.labels if label in kept] != list(old.labels):
        return None
    head = f"ALTER TYPE {context.name(new.identity)} ADD VALUE"
    steps = []
    for position, label in enumerate(new.labels):
        if label not in kept:
            place = _label_place(position, old.labels, new.labels)
            steps.append(Step(sql=f"{head} {names.literal(label)}{place}"))
    return tuple(steps)


def _label_place(position: int, old: tuple[str, ...], new: tuple[str, ...]) -> str:
    if not set(old).intersection(new[position:]):
        return ""  # without a place a label comes last
    if position == 0:
        return f" BEFORE {names.literal(old[0])}"
    return f" AFTER {names.literal(new[position - 1])}"


def create_domain(
    domain: Domain, constraints: Iterable[DomainConstraint], context: Context
) -> tuple[Step, ...]:
    """Write CREATE DOMAIN with the constraints that are folded into it.

    Once there is an array of the domain in a table, none can be added.
    """
    parts = [f"CREATE DOMAIN {context.name(domain.identity)} AS {domain.base_type}"]
    if domain.collation:
        parts.append(f"COLLATE {domain.collation}")
    if domain.default is not None:
        parts.append(f"DEFAULT {domain.default}")
    if domain.not_null:
        parts.append(_not_null(domain))
    lines, later = [" ".join(parts)], []
    for constraint in constraints:
        if constraint.is_valid:
            lines.append(_constraint(constraint))
        else:
            later.append(_add_constraint(constraint, context))
    return (Step(sql="\n    ".join(lines)), *later)


def _create_domain(domain: Domain, context: Context) -> tuple[Step, ...]:
    return create_domain(domain, (), context)


def _constraint(constraint: DomainConstraint) -> str:
    return f"CONSTRAINT {names.quote(constraint.identity.member)} {constraint.definition}"


def _drop_domain(domain: Domain, context: Context) -> tuple[Step, ...]:
    return (Step(sql=f"DROP DOMAIN {context.name(domain.identity)}"),)


def tightened(context: Context) -> set[Identity]:
    """Return the domains that take fewer values than before, so that those there are checked."""
    old, new = context.old.objects, context.new.objects
    found = {
        _domain(identity)
        for identity, item in new.items()
        if isinstance(item, DomainConstraint) and item != old.get(identity)
    }
    for identity, item in new.items():
        before = old.get(identity)
        if not isinstance(item, Domain) or not isinstance(before, Domain):
            continue
        if item.not_null > before.not_null:
            found.add(identity)
    return {identity for identity in found if identity in old and identity in new}


def _alter_domain(old: Domain, new: Domain, context: Context) -> tuple[Step, ...] | None:
    if (old.base_type, old.collation) != (new.base_type, new.collation):
        return None
    head = f"ALTER DOMAIN {context.name(new.identity)}"
    steps = []
    if old.default != new.default:
        action = "DROP DEFAULT" if new.default is None else f"SET DEFAULT {new.default}"
        steps.append(Step(sql=f"{head} {action}"))
    if old.not_null and not new.not_null:
        steps.append(Step(sql=f"{head} DROP NOT NULL"))
    if new.not_null and not old.not_null:
        hazards = _domain_hazards(new.identity, "has NULLs")
        action = f"ADD {_not_null(new)}" if new.not_null_name else "SET NOT NULL"
        steps.append(Step(sql=f"{head} {action}", hazards=hazards))
    if old.not_null and new.not_null and old.not_null_name != new.not_null_name:
        before, after = (names.quote(not_null_name(side)) for side in (old, new))
        steps.append(Step(sql=f"{head} RENAME CONSTRAINT {before} TO {after}"))
    return tuple(steps)


def _not_null(domain: Domain) -> str:
    name = f"CONSTRAINT {names.quote(domain.not_null_name)} " if domain.not_null_name else ""
    return f"{name}NOT NULL"


def not_null_name(domain: Domain) -> str:
    """Return the name of a domain's NOT NULL constraint."""
    return domain.not_null_name or generated_name(domain.identity.name, label="not_null")


def _create_constraint(constraint: DomainConstraint, context: Context) -> tuple[Step, ...]:
    is_old = _domain(constraint.identity) in context.old.objects
    hazards = _constraint_hazards(constraint) if is_old else ()
    return (_add_constraint(constraint, context, hazards=hazards),)


def _add_constraint(
    constraint: DomainConstraint, context: Context, *, hazards: tuple[Hazard, ...] = ()
) -> Step:
    text = _constraint(constraint)
    if not constraint.is_valid:
        text, hazards = text.removesuffix(_NOT_VALID) + _NOT_VALID, ()
    head = f"ALTER DOMAIN {context.name(constraint.identity)}"
    return Step(sql=f"{head} ADD {text}", hazards=hazards)


def _drop_constraint(constraint: DomainConstraint, context: Context) -> tuple[Step, ...]:
    domain, name = context.name(constraint.identity), names.quote(constraint.identity.member)
    return (Step(sql=f"ALTER DOMAIN {domain} DROP CONSTRAINT {name}"),)


def _alter_constraint(
    old: DomainConstraint, new: DomainConstraint, context: Context
) -> tuple[Step, ...] | None:
    before, after = (side.definition.removesuffix(_NOT_VALID) for side in (old, new))
    if before != after or (old.is_valid and not new.is_valid):
        return None
    if old.is_valid == new.is_valid:
        return ()
    domain, name = context.name(new.identity), names.quote(new.identity.member)
    sql = f"ALTER DOMAIN {domain} VALIDATE CONSTRAINT {name}"
    return (Step(sql=sql, hazards=_constraint_hazards(new)),)


def _domain(constraint: Identity) -> Identity:
    return Identity(kind="domain", schema=constraint.schema, name=constraint.name)


def _constraint_hazards(constraint: DomainConstraint) -> tuple[Hazard, ...]:
    name = names.quote(constraint.identity.member)
    return _domain_hazards(_domain(constraint.identity), f"breaks {name}")


def _domain_hazards(domain: Identity, failure: str) -> tuple[Hazard, ...]:
    message = f"reads all tables with columns of {domain}, and fails if one {failure}"
    return (
        Hazard(kind="scans table", message=message),
        Hazard(kind="may fail", message=message),
    )


def _create_composite(composite: Composite, context: Context) -> tuple[Step, ...]:
    columns = relation_columns(composite.identity, context.new)
    listed = ",\n".join(f"    {_attribute(column)}" for column in columns)
    attributes = f"(\n{listed}\n)" if listed else "()"
    return (Step(sql=f"CREATE TYPE {context.name(composite.identity)} AS {attributes}"),)


def _attribute(column: RelationColumn, verb: str = "") -> str:
    """Write an attribute as CREATE TYPE takes it, or ALTER ATTRIBUTE with the word TYPE."""
    collate = f" COLLATE {column.collation}" if column.collation else ""
    return f"{names.quote(column.identity.member)} {verb}{column.type}{collate}"


def _add_column(column: RelationColumn, context: Context) -> tuple[Step, ...]:
    relation = _relation(column, context.new)
    if not isinstance(relation, Composite) or relation.identity not in context.old.objects:
        return ()
    return (_alter_type(column, f"ADD ATTRIBUTE {_attribute(column)}", context),)


def _drop_column(column: RelationColumn, context: Context) -> tuple[Step, ...]:
    relation = _relation(column, context.old)
    if not isinstance(relation, Composite) or relation.identity not in context.new.objects:
        return ()
    hazards: tuple[Hazard, ...] = ()
    if is_stored(relation.identity, context.old) or _typed_tables(relation.identity, context):
        message = f"the values of {column.identity} are lost"
        hazards = (Hazard(kind="data lost", message=message),)
    action = f"DROP ATTRIBUTE {names.quote(column.identity.member)}"
    return (_alter_type(column, action, context, *hazards),)


def _alter_column(
    old: RelationColumn, new: RelationColumn, context: Context
) -> tuple[Step, ...] | None:
    relation = _relation(new, context.new)
    if isinstance(relation, View):
        return alter_settings(old, new, context)
    if relation is None or _is_same_type(old, new):
        return ()
    hazards: tuple[Hazard, ...] = ()
    if _typed_tables(relation.identity, context):
        message = f"the tables of {relation.identity} are written again as a whole"
        hazards = (Hazard(kind="rewrites table", message=message),)
    action = f"ALTER ATTRIBUTE {_attribute(new, 'TYPE ')}"
    return (_alter_type(new, action, context, *hazards),)


def _relation(column: RelationColumn, catalog: Catalog) -> Object | None:
    for kind in ("type", "view", "materialized view"):
        identity = Identity(kind=kind, schema=column.identity.schema, name=column.identity.name)
        if identity in catalog.objects:
            return catalog.objects[identity]
    return None


def _is_same_type(old: RelationColumn, new: RelationColumn) -> bool:
    return (old.type, old.collation) == (new.type, new.collation)


def _alter_type(column: RelationColumn, action: str, context: Context, *hazards: Hazard) -> Step:
    type_ = Identity(kind="type", schema=column.identity.schema, name=column.identity.name)
    cascade = " CASCADE" if _typed_tables(type_, context) else ""
    return Step(sql=f"ALTER TYPE {context.name(type_)} {action}{cascade}", hazards=hazards)


def _typed_tables(type_: Identity, context: Context) -> bool:
    return any(
        isinstance(item, Table) and item.of_type == type_.qualified
        for item in context.old.objects.values()
    )


KINDS: dict[type[Object], Kind] = {
    Enum: Kind(create=_create_enum, drop=_drop_type, alter=_alter_enum),
    Domain: Kind(create=_create_domain, drop=_drop_domain, alter=_alter_domain),
    DomainConstraint: Kind(
        create=_create_constraint, drop=_drop_constraint, alter=_alter_constraint
    ),
    Composite: Kind(create=_create_composite, drop=_drop_type, alter=lambda old, new, context: ()),
    RelationColumn: Kind(create=_add_column, drop=_drop_column, alter=_alter_column),
}
