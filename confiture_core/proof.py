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

from psycopg import errors

from confiture_core.catalog.following import Follower
from confiture_core.catalog.model import (
    Catalog,
    Column,
    Identity,
    Object,
    SystemPrivileges,
    Table,
)
from confiture_core.catalog.reader import read_catalog
from confiture_core.diff import columns
from confiture_core.diff.compare import compare, context_of
from confiture_core.diff.facts import with_casts
from confiture_core.diff.origins import origins
from confiture_core.diff.plan import plan
from confiture_core.diff.words import all_words, find_words
from confiture_core.errors import Unsupported
from confiture_core.settling import (
    Failure,
    are_equal_when_settled,
    complete,
    complete_in,
    first_difference,
    run_steps,
    unchecked,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from confiture_core.catalog.beyond import Beyond
    from confiture_core.catalog.reading import Reading
    from confiture_core.diff.operation import Context, Operation, Step
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
    python: str = ""  # of migrations, the text in which more statements stand
    is_dump: bool = False  # pg_dump leaves materialized views empty, whatever they were
    renames: tuple[RenameRequest, ...] = ()  # that comments in its files tell of
    beyond: frozenset[Beyond] = frozenset()  # what was done to PostgreSQL's own objects
    # Of a live database, who may use those: a provider has its say in that, so the catalog leaves
    # them out, and they count only where the other side speaks of them. None of other states.
    system: Mapping[Identity, SystemPrivileges] | None = None
    reading: Reading | None = None  # of which the catalog is, where others can follow it


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


def prove(old: State, new: State, shadows: Shadows) -> tuple[Proved, Proved]:
    """Find the plans up and down between two states.

    Raises Unsupported, naming the object, where no way to write one of them holds.
    """
    context = context_of(old.catalog, new.catalog)
    up, reached = _search(_Task(old, new, context, compare(context), _base(old, new)), shadows)
    context = replace(context, old=context.new, new=with_casts(context.old))
    arrived = replace(new, database=reached.database)
    task = _Task(arrived, old, context, compare(context), reached.reading)
    down, _ = _search(task, shadows)
    return up, down


def _base(old: State, new: State) -> Reading | None:
    """Give the reading that those of copies of the old state can follow."""
    is_shared = old.catalog.default_owner == new.catalog.default_owner
    is_current = old.reading is not None and old.reading.catalog is old.catalog
    return old.reading if is_current and is_shared else None


def confirm(old: State, new: State, up: Proved, down: Proved, shadows: Shadows) -> None:
    """Run two plans one after the other; raises Unsupported where one does not lead there."""
    database = shadows.make(template=old.database)
    with shadows.connect(database) as connection:
        complete(old.catalog, connection)
        for one, goal in ((up, new), (down, old)):
            failure = run_steps(one.steps, connection, transactional=one.transactional)
            if not failure:
                reached = read_catalog(connection, default_owner=goal.catalog.default_owner)
                reason = reason_not_reached(reached, goal.catalog, shadows)
                failure = Failure(reason=reason) if reason else None
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
    task = _Task(old, new, context, compare(context), _base(old, new))
    proved, reached = _search(task, shadows)
    shadows.drop(reached.database)
    return proved


def follow(plan: Proved, state: State, shadows: Shadows) -> State:
    """Run a plan in a copy of a state; raises Unsupported where it fails."""
    database = shadows.make(template=state.database)
    with shadows.connect(database) as connection:
        complete(state.catalog, connection)
        failure = run_steps(plan.steps, connection, transactional=plan.transactional)
        if failure:
            detail = failure.step.sql if failure.step else None
            raise Unsupported(f"a step of the plan fails: {failure.reason}", detail=detail)
        catalog = read_catalog(connection, default_owner=state.catalog.default_owner)
    return replace(state, catalog=catalog, database=database, statements=())


def reason_not_reached(reached: Catalog, wanted: Catalog, shadows: Shadows) -> str | None:
    """Tell how a catalog differs from the one wanted, other than in PostgreSQL's wording."""
    failure = first_difference(reached, wanted)
    if failure is None or are_equal_when_settled(reached, wanted, shadows):
        return None
    return failure.reason


@dataclass(frozen=True, slots=True)
class _Task:
    """One direction: from where, to where, and what has to be done."""

    old: State
    new: State
    context: Context
    operations: tuple[Operation, ...]
    base: Reading | None  # of the database of the old state


@dataclass(frozen=True, slots=True)
class _Reached:
    """A scratch database in which a plan has been run, and what was read there."""

    database: str
    reading: Reading


def _search(task: _Task, shadows: Shadows) -> tuple[Proved, _Reached]:
    """Try the ways in turn; give the plan and where it has led."""
    failures: list[Failure] = []
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
        if not isinstance(result, Failure):
            proved, reading = result
            return proved, _Reached(database, reading)
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
    context = task.context
    created = [
        op.identity
        for op in task.operations
        if op.action == "create" and not columns.computed_before(op.identity, context)
    ]
    names = {name.lower() for i in created for name in (i.name.partition("(")[0], i.member) if name}
    statements = task.new.statements
    if len(names) <= _FEW and not any('"' in name for name in names):
        statements = tuple(s for s in statements if _mentions(s, names))
    if not created or not statements:
        return {}
    found = all_words(statements, context.new)
    return {i: words for i, words in found.items() if not columns.computed_before(i, context)}


def _mentions(statement: Statement, names: set[str]) -> bool:
    lowered = statement.sql.lower()
    return any(name in lowered for name in names)


def _ways(words: Mapping[Identity, Words]) -> Iterator[_Way]:
    yield _Way(words=words)
    yield _Way(words=words, unchecked_bodies=True)
    yield _Way(words=words, unchecked_bodies=True, short_names=False)
    for attach_indexes in (False, True):
        yield _Way(words={}, attach_indexes=attach_indexes)
        yield _Way(
            words={}, attach_indexes=attach_indexes, unchecked_bodies=True, short_names=False
        )


def _mend(way: _Way, failure: Failure) -> _Way | None:
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


def _try(
    task: _Task, way: _Way, database: str, shadows: Shadows
) -> tuple[Proved, Reading] | Failure:
    old, new, operations = task.old, task.new, task.operations
    context = replace(task.context, short_names=way.short_names, attach_indexes=way.attach_indexes)
    try:
        steps = plan(operations, context, way.words)
    except Unsupported as exc:
        return Failure(reason=str(exc))
    if way.unchecked_bodies:
        steps = unchecked(steps)
    with shadows.connect(database) as connection:
        complete_in(old.catalog, context, connection)
        before = _read_places(connection)
        done = _run_all(task, steps, way, connection)
        if isinstance(done, Failure):
            return done
        steps, reading = done
        after = _read_places(connection)
    found = first_difference(reading.catalog, new.catalog)
    if found and not are_equal_when_settled(reading.complete(), new.catalog, shadows):
        return found
    lost = _loss(before, after, operations, old, new)
    if lost:
        return lost
    proved = Proved(steps=steps, operations=operations, transactional=way.transactional)
    return proved, reading


def _run_all(
    task: _Task, steps: tuple[Step, ...], way: _Way, connection: Connection
) -> tuple[tuple[Step, ...], Reading] | Failure:
    """Run the steps and those that turn out to be needed; read what the server says then."""
    goal = task.new.catalog
    follower = Follower(connection, default_owner=goal.default_owner, brief=True)
    moment = follower.begin()

    def read() -> Reading:
        if task.base is None:
            return follower.read()
        followed = follower.read_later(task.base, moment).settled()
        # No plan is given up for what a shorter reading says.
        return followed if followed.catalog == goal else follower.read()

    failure = run_steps(steps, connection, transactional=way.transactional)
    if failure:
        return failure
    reading = read()
    left = () if reading.catalog == goal else origins(reading.catalog, goal)
    if left:
        failure = run_steps(left, connection, transactional=way.transactional)
        if failure:
            return failure
        reading = read()
    return (*steps, *left), reading


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


def _loss(
    before: Mapping[tuple[str, str, str], tuple[int, int]],
    after: Mapping[tuple[str, str, str], tuple[int, int]],
    operations: tuple[Operation, ...],
    old: State,
    new: State,
) -> Failure | None:
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
            return Failure(reason=f"{identity} would be dropped and made again", identity=identity)
        table = replace(identity, kind="table", member="")
        if table not in replaced:
            return Failure(reason=f"{identity} would be dropped and made again", identity=identity)
    return None


def _is_computed(item: Object, new: State) -> bool:
    after = new.catalog.objects[item.identity]
    if not isinstance(item, Column) or not isinstance(after, Column):
        return False
    return bool(item.generated or after.generated)


def _refusal(task: _Task, failures: list[Failure]) -> Unsupported:
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
