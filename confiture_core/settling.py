"""Schemas made in scratch databases: steps run, catalogs filled in, and what came of it.

A text that PostgreSQL deparsed does not always give itself when it is run again; after a round or
two it does. Catalogs that differ are therefore settled, made anew from their own texts, before
they are called different.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg

from confiture_core.catalog.model import DatabaseSetting, Routine, Subscription
from confiture_core.catalog.reader import read_catalog
from confiture_core.diff import kinds
from confiture_core.diff.access import metadata
from confiture_core.diff.compare import compare, context_of
from confiture_core.diff.operation import Step
from confiture_core.diff.plan import plan
from confiture_core.errors import Unsupported

if TYPE_CHECKING:
    from confiture_core.catalog.model import Catalog, Identity, Object
    from confiture_core.diff.operation import Context
    from confiture_core.factory.databases import Connection
    from confiture_core.factory.shadows import Shadows


# Fields whose text PostgreSQL writes: pg_get_expr and the like do not always give a fixpoint.
_DEPARSED = (
    "arguments",
    "default",
    "definition",
    "expression",
    "extra",
    "members",
    "partition_bound",
    "partition_key",
    "query",
    "using",
    "with_check",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a plan does not hold, and at which step or object."""

    reason: str
    step: Step | None = None
    identity: Identity | None = None
    error: psycopg.Error | None = None


def settle(catalog: Catalog, shadows: Shadows) -> Catalog:
    """Make the catalog's objects anew from its own texts and read it again."""
    database = shadows.make()
    try:
        with shadows.connect(database) as connection:
            fill(catalog, connection)
            return read_catalog(connection, default_owner=catalog.default_owner)
    finally:
        shadows.drop(database)


def fill(catalog: Catalog, connection: Connection) -> tuple[Step, ...]:
    """Make all objects of the catalog in an empty database; return the steps that do.

    Raises Unsupported, naming the object, where PostgreSQL refuses one.
    """
    empty = read_catalog(connection, default_owner=catalog.default_owner)
    context = context_of(empty, catalog, short_names=False, attach_indexes=True)
    steps = plan(compare(context), context)
    if any(isinstance(item, Routine) for item in catalog.objects.values()):
        steps = unchecked(steps)
    failure = run_steps(steps, connection, transactional=False)
    if failure:
        step = failure.step
        where = step.identity if step else "a schema"
        detail = step.sql if step else None
        raise Unsupported(f"{where} cannot be made again: {failure.reason}", detail=detail)
    return steps


def complete(catalog: Catalog, connection: Connection) -> None:
    """Make in a copy of a database what belongs to the database itself, and is not copied."""
    context = context_of(catalog, catalog, short_names=False)
    complete_in(catalog, context, connection)


def complete_in(catalog: Catalog, context: Context, connection: Connection) -> None:
    """Make in a copy of a database what is bound to the database itself, so that no copy has it."""
    for item in catalog.objects.values():
        if isinstance(item, DatabaseSetting | Subscription):
            steps = (*kinds.create(item, context), *metadata(None, item, context))
            run_steps(steps, connection, transactional=True)


def unchecked(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Put the steps between those that leave the bodies of functions unchecked."""
    return (
        Step(sql="SET check_function_bodies = off"),
        *steps,
        Step(sql="RESET check_function_bodies"),
    )


def run_steps(
    steps: tuple[Step, ...], connection: Connection, *, transactional: bool
) -> Failure | None:
    """Run steps as a runner would: in one transaction, or each in its own."""
    step = None
    try:
        if transactional:
            with connection.transaction():
                for step in steps:
                    connection.execute(step.sql.encode())
        else:
            for step in steps:
                connection.execute(step.sql.encode())
    except psycopg.Error as exc:
        message = exc.diag.message_primary or str(exc)
        return Failure(reason=message, step=step, error=exc)
    return None


def are_equal_when_settled(reached: Catalog, wanted: Catalog, shadows: Shadows) -> bool:
    """Tell whether two catalogs differ only in how PostgreSQL words the same expressions.

    pg_get_expr and pg_get_constraintdef do not always give a text that, run again, gives itself;
    after a round or two they do.
    """
    if not all(
        is_worded(reached.objects.get(identity), item)
        for identity, item in wanted.objects.items()
        if item != reached.objects.get(identity)
    ):
        return False  # what no text of theirs says would be lost on the way
    for _ in range(2):
        if reached.objects.keys() != wanted.objects.keys():
            return False
        reached, wanted = settle(reached, shadows), settle(wanted, shadows)
        if reached == wanted:
            return True
    return False


def is_worded(old: Object | None, new: Object) -> bool:
    """Tell whether two objects differ in nothing but texts that PostgreSQL deparses."""
    if type(old) is not type(new):
        return False
    return all(
        name in _DEPARSED or getattr(old, name) == getattr(new, name)
        for name in type(new).__dataclass_fields__
    )


def first_difference(reached: Catalog, wanted: Catalog) -> Failure | None:
    """Name the first object that is missing, left over or changed."""
    if reached.objects == wanted.objects:
        return None
    left = sorted(reached.objects.keys() - wanted.objects.keys())
    missing = sorted(wanted.objects.keys() - reached.objects.keys())
    changed = sorted(
        identity
        for identity in reached.objects.keys() & wanted.objects.keys()
        if reached.objects[identity] != wanted.objects[identity]
    )
    if missing:
        return Failure(reason=f"{missing[0]} would be missing", identity=missing[0])
    if left:
        return Failure(reason=f"{left[0]} would be left over", identity=left[0])
    if changed:
        identity = changed[0]
        facts = _unlike(reached.objects[identity], wanted.objects[identity])
        return Failure(reason=f"{identity} would differ: {facts}", identity=identity)
    return None


def _unlike(reached: Object, wanted: Object) -> str:
    if type(reached) is not type(wanted):
        return "another kind of object"
    names = [
        name
        for name in type(wanted).__dataclass_fields__
        if getattr(reached, name) != getattr(wanted, name)
    ]
    return "; ".join(
        f"{name} {getattr(reached, name)!r} instead of {getattr(wanted, name)!r}" for name in names
    )
