"""Whether inherited columns and constraints are declared by their own table too.

A table made with INHERITS has columns that are its parent's alone; one that gets a parent later
has declared them itself, and goes on having them without it. No ALTER TABLE says one or the other
of what is there: like pg_dump for pg_upgrade, it is written into the system catalog.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from confiture_core import names
from confiture_core.catalog.model import Catalog, Column, Constraint, Identity, Object
from confiture_core.diff.operation import Hazard, Step

if TYPE_CHECKING:
    from collections.abc import Iterator


def origins(reached: Catalog, wanted: Catalog) -> tuple[Step, ...]:
    """Write what is left to do where a plan has led to a catalog that differs in this alone."""
    steps = [_step(item) for item in sorted(_misplaced(reached, wanted), key=_identity)]
    columns = sorted(_with_other_not_null(reached, wanted), key=_identity)
    return (*steps, *map(_not_null_step, columns))


def _with_other_not_null(reached: Catalog, wanted: Catalog) -> Iterator[Column]:
    for identity, item in wanted.objects.items():
        found = reached.objects.get(identity)
        if isinstance(item, Column) and isinstance(found, Column):
            is_there = item.not_null and found.not_null
            if is_there and item.not_null_is_local != found.not_null_is_local:
                yield item


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
    table = f"{names.literal(column.identity.qualified)}::regclass"
    member = names.literal(column.identity.member)
    sql = (
        f"UPDATE pg_catalog.pg_constraint SET conislocal = {word}"
        f" WHERE conrelid = {table} AND contype = 'n' AND conkey = ARRAY[(SELECT attnum"
        f" FROM pg_catalog.pg_attribute WHERE attrelid = {table} AND attname = {member})]"
    )
    origin = "declared here too" if column.not_null_is_local else "only inherited"
    message = f"only a superuser may write that NOT NULL of {column.identity} is {origin}"
    hazard = Hazard(kind="needs superuser", message=message)
    return Step(sql=sql, hazards=(hazard,), identity=column.identity)


def _origin(item: Column | Constraint) -> str:
    return "declared here too" if item.is_local else "only inherited"
