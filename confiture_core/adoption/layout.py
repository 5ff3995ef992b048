"""The files of a schema: a catalog's steps, one file for each object, in folders that run in order.

What belongs to an object stands in its file: a table's indexes, constraints, triggers, policies,
comments and privileges. Files that need each other are taken apart: foreign keys go into a later
file, then triggers and the like; where nothing can be taken away, the objects share a file.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from confiture_core import graph
from confiture_core.adoption import homes
from confiture_core.adoption.folders import Unit, place, write_names
from confiture_core.diff.compare import context_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from confiture_core.catalog.model import Catalog, Identity
    from confiture_core.diff.operation import Step

UNCHECKED = "SET check_function_bodies = off"
_CHECKED_AGAIN = "RESET check_function_bodies"


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaText:
    """A file to be written."""

    path: str  # "10_tables/users.sql"
    statements: tuple[str, ...]
    is_unchecked: bool = False  # the bodies of its functions speak of what comes later

    @property
    def text(self) -> str:
        """What the file holds."""
        first = (UNCHECKED,) if self.is_unchecked else ()
        return "\n".join(f"{statement};\n" for statement in (*first, *self.statements))


def lay_out(
    catalog: Catalog, steps: Sequence[Step], *, keys_apart: bool = False
) -> tuple[SchemaText, ...]:
    """Divide the steps that make a catalog into files, in the order in which they run.

    With `keys_apart` every foreign key stands in a later file.
    """
    layout = _Layout(catalog, steps, keys_apart=keys_apart)
    layout.take_apart()
    units = layout.units()
    folders = place(units, layout.after(), layout.mentions())
    paths = write_names(units, layout.after(), folders)
    texts = [
        SchemaText(
            path=paths[unit],
            statements=tuple(step.sql for step in own),
            is_unchecked=unit.group == "functions" and folders[unit] < homes.LATE_FUNCTIONS,
        )
        for unit, own in layout.steps_of().items()
    ]
    return tuple(sorted(texts, key=lambda text: text.path.split("/")))


def in_one_file(steps: Sequence[Step]) -> tuple[SchemaText, ...]:
    """Write all steps into one file, where their order holds whatever they need."""
    statements = tuple(step.sql for step in steps if step.identity is not None)
    return (SchemaText(path="schema.sql", statements=statements, is_unchecked=True),)


@dataclass(slots=True)
class _Layout:
    """The search for files that can run one after the other."""

    catalog: Catalog
    steps: Sequence[Step]
    keys_apart: bool = False
    apart: dict[Identity, Unit] = field(default_factory=dict)  # objects taken from their home
    merged: dict[Unit, Unit] = field(default_factory=dict)
    _homes: homes.Homes = field(init=False)
    _edges: list[tuple[Identity, Identity]] = field(init=False)

    def __post_init__(self) -> None:
        empty = type(self.catalog)(objects={})
        facts = context_of(empty, self.catalog).new
        self._homes = homes.Homes(facts)
        known = facts.objects
        self._edges = sorted(
            (one, other) for one, other in facts.dependencies if one in known and other in known
        )
        if self.keys_apart:
            for step in self._own_steps():
                if step.identity and self._homes.is_foreign_key(step.identity):
                    self.apart[step.identity] = self._homes.later(step.identity)

    def take_apart(self) -> None:
        """Take members out of their homes until no files need each other."""
        alone = {step.identity for step in self._own_steps()}
        while knot := _knot(self.units(), self.after()):
            inside = [
                one
                for one, other in self._edges
                if self.unit(one) in knot
                and self.unit(other) in knot
                and self.unit(one) != self.unit(other)
                and one in alone
                and one not in self.apart
            ]
            keys = [one for one in inside if self._homes.is_foreign_key(one)]
            chosen = keys or [one for one in inside if self._homes.is_movable(one)]
            for identity in chosen:
                self.apart[identity] = self._homes.later(identity)
            if not chosen:
                self._merge(knot)

    def _merge(self, knot: Iterable[Unit]) -> None:
        first, *others = sorted(knot)
        for other in others:
            self.merged[other] = first

    def unit(self, identity: Identity) -> Unit:
        """Name the file that an object stands in."""
        unit = self.apart.get(identity) or self._homes.unit(identity)
        while unit in self.merged:
            unit = self.merged[unit]
        return unit

    def units(self) -> tuple[Unit, ...]:
        return tuple(self.steps_of())

    def steps_of(self) -> dict[Unit, list[Step]]:
        """Give each file its steps, in the order they have among all."""
        found: dict[Unit, list[Step]] = defaultdict(list)
        for step in self._own_steps():
            assert step.identity is not None  # _own_steps leaves out the others
            found[self.unit(step.identity)].append(step)
        return dict(found)

    def after(self) -> dict[Unit, set[Unit]]:
        """Map each file to those that have to run before it."""
        after: dict[Unit, set[Unit]] = defaultdict(set)
        present = set(self.units())
        for one, other in self._edges:
            first, second = self.unit(other), self.unit(one)
            if first != second and first in present and second in present:
                after[second].add(first)
        return after

    def mentions(self) -> dict[Unit, set[Unit]]:
        """Map functions to those that their texts name: PostgreSQL keeps no record of bodies.

        It only chooses between folders: to run too early does no harm where bodies are unchecked.
        """
        own = {unit: steps for unit, steps in self.steps_of().items() if unit.group == "functions"}
        named: dict[str, set[Unit]] = defaultdict(set)
        for unit in own:
            named[unit.name].add(unit)
        found: dict[Unit, set[Unit]] = {}
        for unit, steps in own.items():
            words = {word for step in steps for word in re.findall(r"\w+", step.sql)}
            found[unit] = {other for word in words for other in named.get(word, ())} - {unit}
        return found

    def _own_steps(self) -> Iterator[Step]:
        for step in self.steps:
            if step.identity is not None and step.sql not in (UNCHECKED, _CHECKED_AGAIN):
                yield step


def _knot(units: Sequence[Unit], after: Mapping[Unit, set[Unit]]) -> frozenset[Unit]:
    """Find files that need each other, if there are any."""
    try:
        graph.topological_order(units, after, key=lambda unit: unit)
    except graph.Cycle as cycle:
        return frozenset(cycle.vertices)
    return frozenset()
