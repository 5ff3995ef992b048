"""Migrations between two states, written only after they have been proved.

A plan is run on a scratch copy of the old state as a runner would run it. It holds if the
catalog afterwards is exactly the new one, if the way back gives exactly the old one, and if no
table or column that both have was made again on the way. Where a plan does not hold, the next of
a few ways to write it is tried: without the author's words that failed, with function bodies
unchecked, with indexes of partitions attached one by one. Nothing else is ever given out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import psycopg
from psycopg import errors

from confiture_core.catalog.model import (
    Catalog,
    Column,
    DatabaseSetting,
    Identity,
    Object,
    Routine,
    Subscription,
    Table,
)
from confiture_core.catalog.reader import read_catalog
from confiture_core.diff import kinds
from confiture_core.diff.access import metadata
from confiture_core.diff.compare import compare, context_of
from confiture_core.diff.operation import Operation, Step
from confiture_core.diff.plan import plan
from confiture_core.diff.words import column_words, find_words
from confiture_core.errors import Unsupported

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from confiture_core.diff.operation import Context
    from confiture_core.diff.rename_requests import RenameRequest
    from confiture_core.diff.words import Words
    from confiture_core.factory.databases import Connection
    from confiture_core.factory.shadows import Shadows
    from confiture_core.statements import Statement

# The author's words that failed are left out one after the other, up to so many times.
_PATIENCE = 8
# Up to so many names are looked for in the text of statements before those are parsed.
_FEW = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A schema that stands in a shadow database, to which nobody is connected."""

    catalog: Catalog
    database: str
    shown: str
    statements: tuple[Statement, ...] = ()  # the author's, whose words a plan quotes
    is_dump: bool = False  # pg_dump leaves materialized views empty, whatever they were
    renames: tuple[RenameRequest, ...] = ()  # that comments in its files tell of


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """A plan that was seen to lead from one state to the other."""

    steps: tuple[Step, ...]
    operations: tuple[Operation, ...]
    transactional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """One way to write a plan."""

    words: Mapping[Identity, Words]
    unchecked_bodies: bool = False
    attach_indexes: bool = False
    short_names: bool = True
    transactional: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Failure:
    """Why a plan does not hold, and at which step or object."""

    reason: str
    step: Step | None = None
    identity: Identity | None = None
    error: psycopg.Error | None = None


def prove(old: State, new: State, shadows: Shadows) -> tuple[Proved, Proved]:
    """Find the plans up and down between two states.

    Raises Unsupported, naming the object, where no way to write one of them holds.
    """
    context = context_of(old.catalog, new.catalog)
    up, database = _search(_Task(old, new, context, compare(context)), shadows)
    context = replace(context, old=context.new, new=context.old)
    reached = replace(new, database=database)
    down, _ = _search(_Task(reached, old, context, compare(context)), shadows)
    return up, down


def confirm(old: State, new: State, up: Proved, down: Proved, shadows: Shadows) -> None:
    """Run two plans one after the other; raises Unsupported where one does not lead there."""
    database = shadows.make(template=old.database)
    with shadows.connect(database) as connection:
        complete(old.catalog, connection)
        for one, goal in ((up, new), (down, old)):
            failure = _run(one.steps, connection, transactional=one.transactional)
            if not failure:
                reached = read_catalog(connection, default_owner=goal.catalog.default_owner)
                reason = reason_not_reached(reached, goal.catalog, shadows)
                failure = _Failure(reason=reason) if reason else None
            if failure:
                what = failure.step.sql if failure.step else None
                raise Unsupported(
                    f"these changes cannot be combined: {failure.reason}",
                    detail=what,
                    hint="make the renames and the other changes in two migrations",
                )
    shadows.drop(database)


def lead(old: State, new: State, shadows: Shadows) -> Proved:
    """Find the plan of one direction; raises Unsupported."""
    context = context_of(old.catalog, new.catalog)
    proved, database = _search(_Task(old, new, context, compare(context)), shadows)
    shadows.drop(database)
    return proved


def follow(plan: Proved, state: State, shadows: Shadows) -> State:
    """Run a plan in a copy of a state; raises Unsupported where it fails."""
    database = shadows.make(template=state.database)
    with shadows.connect(database) as connection:
        complete(state.catalog, connection)
        failure = _run(plan.steps, connection, transactional=plan.transactional)
        if failure:
            detail = failure.step.sql if failure.step else None
            raise Unsupported(f"a step of the plan fails: {failure.reason}", detail=detail)
        catalog = read_catalog(connection, default_owner=state.catalog.default_owner)
    return replace(state, catalog=catalog, database=database, statements=())


def reason_not_reached(reached: Catalog, wanted: Catalog, shadows: Shadows) -> str | None:
    """Tell how a catalog differs from the one wanted, other than in PostgreSQL's wording."""
    failure = _difference(reached, wanted)
    if failure is None or _are_equal_when_settled(reached, wanted, shadows):
        return None
    return failure.reason


def complete(catalog: Catalog, connection: Connection) -> None:
    """Make in a copy of a database what belongs to the database itself, and is not copied."""
    context = context_of(catalog, catalog, short_names=False)
    _complete(catalog, context, connection)


@dataclass(frozen=True, slots=True)
class _Task:
    """One direction: from where, to where, and what has to be done."""

    old: State
    new: State
    context: Context
    operations: tuple[Operation, ...]


def _search(task: _Task, shadows: Shadows) -> tuple[Proved, str]:
    """Try the ways in turn; give the plan and the scratch database it was run on."""
    failures: list[_Failure] = []
    pending = list(_ways(_quotable(task)))
    patience = _PATIENCE
    tried: list[_Way] = []
    while pending:
        way = pending.pop(0)
        if way in tried:
            continue
        tried.append(way)
        database = shadows.make(template=task.old.database)
        result = _try(task, way, database, shadows)
        if isinstance(result, Proved):
            return result, database
        shadows.drop(database)
        failures.append(result)
        better = _mend(way, result)
        if better is not None and patience:
            patience -= 1
            pending.insert(0, better)
    raise _refusal(task, failures)


def _quotable(task: _Task) -> dict[Identity, Words]:
    """Find the author's words for what is created.

    Parsing is the dearest part of a small change, so only statements are parsed in whose text
    one of the names occurs at all.
    """
    created = [op.identity for op in task.operations if op.action == "create"]
    names = {name.lower() for i in created for name in (i.name.partition("(")[0], i.member) if name}
    statements = task.new.statements
    if len(names) <= _FEW and not any('"' in name for name in names):
        statements = tuple(s for s in statements if any(name in s.sql.lower() for name in names))
    if not created or not statements:
        return {}
    catalog = task.new.catalog
    return {**column_words(statements, catalog), **find_words(statements, catalog)}


def _ways(words: Mapping[Identity, Words]) -> Iterator[_Way]:
    yield _Way(words=words)
    yield _Way(words=words, unchecked_bodies=True)
    yield _Way(words=words, unchecked_bodies=True, short_names=False)
    for attach_indexes in (False, True):
        yield _Way(words={}, attach_indexes=attach_indexes)
        yield _Way(
            words={}, attach_indexes=attach_indexes, unchecked_bodies=True, short_names=False
        )


def _mend(way: _Way, failure: _Failure) -> _Way | None:
    """Return the way again without what made it fail, if that can be told."""
    if isinstance(failure.error, errors.UnsafeNewEnumValueUsage | errors.ActiveSqlTransaction):
        return replace(way, transactional=False)
    suspect = failure.step.identity if failure.step else failure.identity
    if suspect is None:
        return None
    quoted = {
        identity
        for identity, words in way.words.items()
        if suspect == identity or suspect in words.covers
    }
    if not quoted:
        return None
    kept = {identity: words for identity, words in way.words.items() if identity not in quoted}
    return replace(way, words=kept)


def _try(task: _Task, way: _Way, database: str, shadows: Shadows) -> Proved | _Failure:
    old, new, operations = task.old, task.new, task.operations
    context = replace(task.context, short_names=way.short_names, attach_indexes=way.attach_indexes)
    try:
        steps = plan(operations, context, way.words)
    except Unsupported as exc:
        return _Failure(reason=str(exc))
    if way.unchecked_bodies:
        steps = unchecked(steps)
    with shadows.connect(database) as connection:
        _complete(old.catalog, context, connection)
        before = _read_places(connection)
        failure = _run(steps, connection, transactional=way.transactional)
        if failure:
            return failure
        reached = read_catalog(connection, default_owner=new.catalog.default_owner)
        after = _read_places(connection)
    found = _difference(reached, new.catalog)
    if found and not _are_equal_when_settled(reached, new.catalog, shadows):
        return found
    lost = _loss(before, after, operations, old, new)
    if lost:
        return lost
    return Proved(steps=steps, operations=operations, transactional=way.transactional)


def _complete(catalog: Catalog, context: Context, connection: Connection) -> None:
    """Make in a copy of a database what is bound to the database itself, so that no copy has it."""
    for item in catalog.objects.values():
        if isinstance(item, DatabaseSetting | Subscription):
            steps = (*kinds.create(item, context), *metadata(None, item, context))
            _run(steps, connection, transactional=True)


def unchecked(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Put the steps between those that leave the bodies of functions unchecked."""
    return (
        Step(sql="SET check_function_bodies = off"),
        *steps,
        Step(sql="RESET check_function_bodies"),
    )


def _run(
    steps: tuple[Step, ...], connection: Connection, *, transactional: bool
) -> _Failure | None:
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
        return _Failure(reason=message, step=step, error=exc)
    return None


def _read_places(connection: Connection) -> dict[tuple[str, str, str], tuple[int, int]]:
    """Read what stays the same while a table or column lives: oid and column number."""
    rows = connection.execute(
        """
        select n.nspname, c.relname, coalesce(a.attname, ''), c.oid::int8, coalesce(a.attnum, 0)
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        left join pg_catalog.pg_attribute a
          on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        """
    )
    places = {(schema, table, column): (oid, number) for schema, table, column, oid, number in rows}
    tables = {(schema, table, ""): (oid, 0) for (schema, table, _), (oid, _) in places.items()}
    return {**places, **tables}


def _difference(reached: Catalog, wanted: Catalog) -> _Failure | None:
    left = sorted(reached.objects.keys() - wanted.objects.keys())
    missing = sorted(wanted.objects.keys() - reached.objects.keys())
    changed = sorted(
        identity
        for identity in reached.objects.keys() & wanted.objects.keys()
        if reached.objects[identity] != wanted.objects[identity]
    )
    if missing:
        return _Failure(reason=f"{missing[0]} would be missing", identity=missing[0])
    if left:
        return _Failure(reason=f"{left[0]} would be left over", identity=left[0])
    if changed:
        identity = changed[0]
        facts = _unlike(reached.objects[identity], wanted.objects[identity])
        return _Failure(reason=f"{identity} would differ: {facts}", identity=identity)
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


def _loss(
    before: Mapping[tuple[str, str, str], tuple[int, int]],
    after: Mapping[tuple[str, str, str], tuple[int, int]],
    operations: tuple[Operation, ...],
    old: State,
    new: State,
) -> _Failure | None:
    """Find a table or column of both sides that is not the same one any more."""
    replaced = {operation.identity for operation in operations if operation.action == "drop"}
    copied = {operation.identity for operation in operations if operation.renames}
    for identity, item in old.catalog.objects.items():
        if not isinstance(item, Table | Column) or identity not in new.catalog.objects:
            continue
        place = (identity.schema, identity.name, identity.member)
        if before.get(place) == after.get(place) or _is_computed(item, new):
            continue
        if replace(identity, kind="table", member="") in copied:
            continue  # made again, and its rows copied
        if identity in replaced and isinstance(item, Table):
            return _Failure(reason=f"{identity} would be dropped and made again", identity=identity)
        table = replace(identity, kind="table", member="")
        if table not in replaced:
            return _Failure(reason=f"{identity} would be dropped and made again", identity=identity)
    return None


def _is_computed(item: Object, new: State) -> bool:
    after = new.catalog.objects[item.identity]
    return isinstance(item, Column) and isinstance(after, Column) and bool(after.generated)


def _are_equal_when_settled(reached: Catalog, wanted: Catalog, shadows: Shadows) -> bool:
    """Tell whether two catalogs differ only in how PostgreSQL words the same expressions.

    pg_get_expr and pg_get_constraintdef do not always give a text that, run again, gives itself;
    after a round or two they do.
    """
    for _ in range(2):
        if reached.objects.keys() != wanted.objects.keys():
            return False
        reached, wanted = settle(reached, shadows), settle(wanted, shadows)
        if reached == wanted:
            return True
    return False


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
    failure = _run(steps, connection, transactional=False)
    if failure:
        step = failure.step
        where = step.identity if step else "a schema"
        detail = step.sql if step else None
        raise Unsupported(f"{where} cannot be made again: {failure.reason}", detail=detail)
    return steps


def _refusal(task: _Task, failures: list[_Failure]) -> Unsupported:
    failure = failures[0]
    suspect = (failure.step.identity if failure.step else None) or failure.identity
    words = _words_of(suspect, task) if suspect else None
    what = f"the change of {suspect}" if suspect else "this change"
    detail = failure.step.sql if failure.step else None
    return Unsupported(
        f"{what} cannot be written exactly: {failure.reason}",
        path=words.shown if words else None,
        line=words.line if words else None,
        detail=detail,
        hint="write this migration by hand: confiture migrate generate NAME",
    )


def _words_of(suspect: Identity, task: _Task) -> Words | None:
    """Find where the author speaks of the object, or of the table it belongs to."""
    relation = replace(suspect, kind="table", member="")
    for state in (task.new, task.old):
        found = find_words(state.statements, state.catalog)
        if suspect in found or relation in found:
            return found.get(suspect) or found[relation]
    return None
