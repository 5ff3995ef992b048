"""The difference between two sources, as proved plans in both directions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from confiture_core.beyond import notes_beyond
from confiture_core.catalog import model
from confiture_core.catalog.model import (
    Catalog,
    Column,
    Constraint,
    Default,
    Identity,
    Index,
    Object,
    SystemPrivileges,
    View,
)
from confiture_core.catalog.reader import read_catalog
from confiture_core.errors import ConfigError
from confiture_core.proof import Proved, State, confirm, prove
from confiture_core.renaming import Renames, rename
from confiture_core.settling import is_worded, settle
from confiture_core.sources import MIGRATIONS, Place, open_both, open_schema, open_source
from confiture_core.statements import defined_object, split_statements

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from confiture_core.diff.operation import Hazard, Step
    from confiture_core.factory.shadows import Shadows

_RELATIONS = ("table", "foreign table", "view", "materialized view", "sequence", "type", "domain")
_PUBLIC = Identity(kind="schema", name="public")
_UNDUMPED = ("TABLE information_schema.", "SCHEMA information_schema", "LANGUAGE ")
_MEMBERS = ("column", "default", "constraint", "partition", "domain constraint")


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """The states that a difference lies between, and its parts."""

    old: State
    renamed: State  # the old one with the new names
    new: State
    rename: tuple[Step, ...]
    give_back: tuple[Step, ...]  # the old names
    up: Proved  # from `renamed`


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What leads from one source to another and back; both plans are empty where they are equal."""

    up: Proved
    down: Proved
    notes: tuple[str, ...] = ()
    basis: Basis | None = None  # None: a part of another difference

    @property
    def is_empty(self) -> bool:
        """Whether the sources are equal."""
        return not self.up.steps and not self.down.steps

    @property
    def transactional(self) -> bool:
        """Tell whether both directions can run in one transaction each."""
        return self.up.transactional and self.down.transactional

    @property
    def hazards(self) -> tuple[Hazard, ...]:
        """The hazards of the way up, each once, in the order of the steps."""
        return tuple(dict.fromkeys(hazard for step in self.up.steps for hazard in step.hazards))


def read_difference(
    old: str | None,
    new: str | None,
    place: Place,
    shadows: Shadows,
    *,
    drop: bool = False,
    renames: Renames | None = None,
) -> Difference:
    """Compare two sources; without any, the migrations with the schema files.

    A single file inside the schema directory as `new` stands for the objects it defines; `drop`
    makes it stand, with the files beside it, for the whole schema.
    """
    if (old is None) != (new is None):
        raise ConfigError("give both sources, or none for the migrations against the schema files")
    file = (place.directory / new).resolve() if new else None
    in_schema = file is not None and _is_schema_file(file, place)

    def opened_old() -> State:
        return open_source(old or MIGRATIONS, place, shadows)

    def opened_new() -> State:
        if new is not None and not in_schema:
            return open_source(new, place, shadows)
        without = [(place.directory / old).resolve()] if old else []
        return _schema(place, shadows, without=without)

    if new == MIGRATIONS:  # their Python is not to run in a thread
        before, after = opened_old(), opened_new()
    else:
        before, after = open_both(opened_old, opened_new, shadows)
    scope = file if in_schema and not drop else None
    return between(before, after, shadows, renames=renames, file=scope)


def between(
    old: State,
    new: State,
    shadows: Shadows,
    *,
    renames: Renames | None = None,
    file: Path | None = None,
) -> Difference:
    """Plan and prove both directions between two states.

    With a `file` of the schema, only what it defines is taken from the new state.
    """
    old, new = _with_owners(old, new, shadows), _with_owners(new, old, shadows)
    scope = _scope(file, new.catalog) if file else None

    def wanted(state: State) -> State:
        return new if scope is None else _scoped(state, new, scope)

    renaming = rename(old, new, shadows, said=renames or Renames(), wanted=wanted)
    start = renaming.state
    goal = with_same_words(start, wanted(start), shadows)
    up, down = _proved(start, goal, shadows)
    basis = Basis(
        old=old, renamed=start, new=goal, rename=renaming.up, give_back=renaming.down, up=up
    )
    if renaming.done:
        up = replace(up, steps=(*renaming.up, *up.steps))
        down = replace(down, steps=(*down.steps, *renaming.down))
        confirm(old, goal, up, down, shadows)
    left = _left_alone(start, new, scope, file) if file and scope else notes_beyond(old, new)
    return Difference(up=up, down=down, notes=(*renaming.notes, *left), basis=basis)


def _with_owners(dump: State, other: State, shadows: Shadows) -> State:
    """Read a dump again with its owners, where the one of all tables is of note in the other."""
    owner = dump.catalog.default_owner
    if not dump.is_dump or owner == other.catalog.default_owner:
        return dump
    if not any(item.owner == owner for item in other.catalog.objects.values()):
        return dump
    with shadows.connect(dump.database) as connection:
        catalog = read_catalog(connection, default_owner=other.catalog.default_owner)
    return replace(dump, catalog=catalog)


def _proved(old: State, new: State, shadows: Shadows) -> tuple[Proved, Proved]:
    if old.catalog == new.catalog:
        nothing = Proved(steps=(), operations=(), transactional=True)
        return nothing, nothing
    return prove(old, new, shadows)


def _schema(place: Place, shadows: Shadows, *, without: Sequence[Path] = ()) -> State:
    if place.environment is None:
        raise ConfigError("there is no project here, so no schema files", hint="confiture init")
    return open_schema(place.environment, shadows, without=without)


def _with_same_undumped(old: State, new: State) -> State:
    """Take from the old state what a dump on one side does not say.

    That is whether materialized views have data, whether an empty schema "public" is there, and who
    may use what is not in pg_catalog of PostgreSQL's own objects.
    """
    if not (old.is_dump or new.is_dump):
        return new
    before, after = old.catalog.objects, new.catalog.objects
    objects: dict[Identity, Object] = {
        identity: replace(item, is_populated=view.is_populated)
        if isinstance(item, View) and isinstance(view := before.get(identity), View)
        else item
        for identity, item in after.items()
        if not _is_undumped(item)
    }
    objects.update((identity, item) for identity, item in before.items() if _is_undumped(item))
    if not any(identity.schema == "public" for identity in (*before, *after)):
        if _PUBLIC in before:
            objects.setdefault(_PUBLIC, before[_PUBLIC])
        else:
            objects.pop(_PUBLIC, None)
    return replace(new, catalog=replace(new.catalog, objects=objects))


def _with_same_system(old: State, new: State) -> State:
    """Let a live side have what the other says of PostgreSQL's own objects, where it is so."""
    if old.system is None and new.system is None:
        return new
    live = old.system or new.system or {}
    declared = {
        identity: item
        for state in (old, new)
        for identity, item in state.catalog.objects.items()
        if isinstance(item, SystemPrivileges)
    }
    same = {identity for identity, item in declared.items() if live.get(identity) == item}
    objects = {each: item for each, item in new.catalog.objects.items() if each not in same}
    if old.system is None:
        objects.update((identity, live[identity]) for identity in declared if identity in live)
    return replace(new, catalog=replace(new.catalog, objects=objects))


def _is_undumped(item: Object) -> bool:
    return isinstance(item, SystemPrivileges) and item.target.startswith(_UNDUMPED)


def with_same_words(old: State, new: State, shadows: Shadows) -> State:
    """Take the old texts for objects that differ only in how PostgreSQL words an expression.

    A schema that went through pg_dump has its expressions deparsed once more often.
    """
    new = _with_same_undumped(old, _with_same_system(old, new))
    before_objects = old.catalog.objects
    suspects = [
        identity
        for identity, item in new.catalog.objects.items()
        if item != before_objects.get(identity) and is_worded(before_objects.get(identity), item)
    ]
    if not suspects:
        return new
    before, after = settle(old.catalog, shadows), settle(new.catalog, shadows)
    same = {
        identity: before_objects[identity]
        for identity in suspects
        if before.objects.get(identity) == after.objects.get(identity)
    }
    objects = {**new.catalog.objects, **same}
    return replace(new, catalog=replace(new.catalog, objects=objects))


def _is_schema_file(file: Path, place: Place) -> bool:
    environment = place.environment
    return environment is not None and file.is_file() and environment.schema_dir in file.parents


def _scoped(old: State, new: State, scope: frozenset[Identity]) -> State:
    """Return the old state with the objects of the scope as the new state has them."""
    kept = {
        identity: item
        for identity, item in old.catalog.objects.items()
        if not _is_in_scope(item, scope, old.catalog)
    }
    taken = {
        identity: item
        for identity, item in new.catalog.objects.items()
        if _is_in_scope(item, scope, new.catalog)
    }
    objects = {**kept, **taken}
    dependencies = frozenset(
        (one, other)
        for one, other in old.catalog.dependencies | new.catalog.dependencies
        if one in objects and other in objects
    )
    catalog = replace(new.catalog, objects=objects, dependencies=dependencies)
    return replace(new, catalog=catalog)


def _left_alone(old: State, new: State, scope: frozenset[Identity], file: Path) -> Iterator[str]:
    """Name what the old state has and no schema file defines."""
    left = sorted(
        str(identity)
        for identity, item in old.catalog.objects.items()
        if not _is_in_scope(item, scope, old.catalog)
        and identity not in new.catalog.objects
        and identity.kind not in _MEMBERS
    )
    for name in left:
        yield f"left alone, as {file.name} does not define it: {name}"


def _scope(file: Path, catalog: Catalog) -> frozenset[Identity]:
    """Return the identities that the statements of a file define."""
    found: set[Identity] = set()
    for statement in split_statements(file.read_text("utf-8-sig"), shown=str(file)):
        defined = defined_object(statement)
        if defined is None or defined.name is None:
            continue
        schema = defined.schema or "public"
        if defined.relation is not None:
            found.update(_on_relation(defined.kind, defined.relation, defined.name))
        elif defined.kind in ("function", "procedure", "aggregate"):
            found.update(_routines(catalog, defined.kind, schema, defined.name))
        else:
            found.update(_named(catalog, schema, defined.name))
    return frozenset(found)


def _on_relation(kind: str, relation: tuple[str | None, str], name: str) -> Iterable[Identity]:
    schema = relation[0] or "public"
    yield Identity(kind=kind, schema=schema, name=name)
    yield Identity(kind=kind, schema=schema, name=relation[1], member=name)


def _routines(catalog: Catalog, kind: str, schema: str, name: str) -> Iterable[Identity]:
    for identity in catalog.objects:
        if (identity.kind, identity.schema) == (kind, schema) and identity.name.startswith(
            name + "("
        ):
            yield identity


def _named(catalog: Catalog, schema: str, name: str) -> Iterable[Identity]:
    for identity in catalog.objects:
        if identity.name == name and identity.schema in (schema, "") and not identity.member:
            yield identity


def _is_in_scope(item: Object, scope: frozenset[Identity], catalog: Catalog) -> bool:
    identity = item.identity
    if identity in scope:
        return True
    match item:
        case Column() | Default() | Constraint():
            return any(replace(identity, kind=kind, member="") in scope for kind in _RELATIONS)
        case model.Sequence(owned_by=Identity() as column):
            return replace(column, kind="table", member="") in scope
        case Index():
            return False
    if identity.kind in ("column", "domain constraint"):
        return any(replace(identity, kind=kind, member="") in scope for kind in _RELATIONS)
    return False
