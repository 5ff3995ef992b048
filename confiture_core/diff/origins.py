"""What a plan cannot write: whose inherited parts are, and names that are bound to others.

A table made with INHERITS has columns that are its parent's alone; one that gets a parent later
has declared them itself, and goes on having them without it. No ALTER TABLE says one or the other
of what is there: like pg_dump for pg_upgrade, it is written into the system catalog.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from confiture_core import names
from confiture_core.catalog.model import Catalog, Column, Constraint, Identity, Object
from confiture_core.diff import not_null
from confiture_core.diff.compare import context_of
from confiture_core.diff.operation import Hazard, Step

if TYPE_CHECKING:
    from collections.abc import Iterator


def origins(reached: Catalog, wanted: Catalog) -> tuple[Step, ...]:
    """Write what is left to do where a plan has led to a catalog that differs in this alone."""
    steps = [_step(item) for item in sorted(_misplaced(reached, wanted), key=_identity)]
    columns = sorted(_with_other_not_null(reached, wanted), key=_identity)
    return (*steps, *map(_not_null_step, columns), *_other_names(reached, wanted))


def _with_other_not_null(reached: Catalog, wanted: Catalog) -> Iterator[Column]:
    for identity, item in wanted.objects.items():
        found = reached.objects.get(identity)
        if isinstance(item, Column) and isinstance(found, Column):
            is_there = item.not_null and found.not_null
            if is_there and item.not_null_is_local != found.not_null_is_local:
                yield item


def _other_names(reached: Catalog, wanted: Catalog) -> Iterator[Step]:
    """Write the names of NOT NULL that a plan leaves: a former partition has those of its parent.

    A partition's own name cannot be changed by ALTER TABLE.
    """
    renamed = [
        (found, item)
        for identity, item in wanted.objects.items()
        if not_null.is_renamed(found := reached.objects.get(identity), item)
    ]
    if not renamed:
        return
    context = context_of(reached, wanted)
    for found, item in sorted(renamed, key=lambda pair: pair[1].identity):
        assert isinstance(found, Column)
        assert isinstance(item, Column)
        if not_null.is_bound(item.identity, context.old.objects):
            yield _name_step(item)
        else:
            yield replace(not_null.rename(found, item, context), identity=item.identity)


def _name_step(column: Column) -> Step:
    name = names.literal(not_null.constraint_name(column))
    sql = f"UPDATE pg_catalog.pg_constraint SET conname = {name} WHERE {_of_not_null(column)}"
    message = f"only a superuser may change the name of NOT NULL of {column.identity} here"
    hazard = Hazard(kind="needs superuser", message=message)
    return Step(sql=sql, hazards=(hazard,), identity=column.identity)


def _misplaced(reached: Catalog, wanted: Catalog) -> Iterator[Column | Constraint]:
    for identity, item in wanted.objects.items():
        if not isinstance(item, Column | Constraint) or not item.is_inherited:
            continue
        found = reached.objects.get(identity)
        if not isinstance(found, Column | Constraint) or not found.is_inherited:
            continue
        if item.is_local != found.is_local:
            yield item


def _identity(item: Object) -> Identity:
    return item.identity


def _step(item: Column | Constraint) -> Step:
    word = "true" if item.is_local else "false"
    table = f"{names.literal(item.identity.qualified)}::regclass"
    member = names.literal(item.identity.member)
    if isinstance(item, Column):
        sql = (
            f"UPDATE pg_catalog.pg_attribute SET attislocal = {word}"
            f" WHERE attrelid = {table} AND attname = {member}"
        )
    else:
        sql = (
            f"UPDATE pg_catalog.pg_constraint SET conislocal = {word}"
            f" WHERE conrelid = {table} AND conname = {member}"
        )
    message = f"only a superuser may write that {item.identity} is {_origin(item)}"
    hazard = Hazard(kind="needs superuser", message=message)
    return Step(sql=sql, hazards=(hazard,), identity=item.identity)


def _not_null_step(column: Column) -> Step:
    word = "true" if column.not_null_is_local else "false"
    sql = f"UPDATE pg_catalog.pg_constraint SET conislocal = {word} WHERE {_of_not_null(column)}"
    origin = "declared here too" if column.not_null_is_local else "only inherited"
    message = f"only a superuser may write that NOT NULL of {column.identity} is {origin}"
    hazard = Hazard(kind="needs superuser", message=message)
    return Step(sql=sql, hazards=(hazard,), identity=column.identity)


def _of_not_null(column: Column) -> str:
    table = f"{names.literal(column.identity.qualified)}::regclass"
    member = names.literal(column.identity.member)
    return (
        f"conrelid = {table} AND contype = 'n' AND conkey = ARRAY[(SELECT attnum"
        f" FROM pg_catalog.pg_attribute WHERE attrelid = {table} AND attname = {member})]"
    )


def _origin(item: Column | Constraint) -> str:
    return "declared here too" if item.is_local else "only inherited"
