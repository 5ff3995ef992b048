"""From operations to ordered steps.

Each operation is a vertex; edges come from the two catalogs' dependencies. Before they are
ordered, operations are folded: what a CREATE TABLE declares, what a DROP TABLE takes along and
what the author's own words make become part of one statement. A fold that closes a cycle is
taken back.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from confiture_core import graph
from confiture_core.catalog.model import (
    Constraint,
    Default,
    Identity,
    Index,
    Object,
    Policy,
    Rule,
    Trigger,
)
from confiture_core.diff import folding
from confiture_core.diff.facts import root_of
from confiture_core.diff.order import edges
from confiture_core.diff.partition_order import table_of
from confiture_core.diff.rendering import Group, render
from confiture_core.errors import Unsupported

if TYPE_CHECKING:
    from collections.abc import Mapping

    from confiture_core.diff.operation import Context, Operation, Step
    from confiture_core.diff.words import Words

# In the order of creation; drops go the other way round. Only where dependencies leave a choice.
_KIND_ORDER = (
    "database setting",
    "schema",
    "extension",
    "language",
    "access method",
    "foreign data wrapper",
    "server",
    "user mapping",
    "collation",
    "shell type",
    "type",
    "domain",
    "domain constraint",
    "sequence",
    "table",
    "foreign table",
    "column",
    "sequence owner",
    "default",
    "function",
    "procedure",
    "aggregate",
    "operator",
    "operator family",
    "operator class",
    "cast",
    "conversion",
    "transform",
    "text search parser",
    "text search template",
    "text search dictionary",
    "text search configuration",
    "constraint",
    "constraint partition",
    "index",
    "index partition",
    "partition",
    "replica identity",
    "clustered index",
    "view",
    "materialized view",
    "statistics",
    "rule",
    "policy",
    "trigger",
    "publication",
    "subscription",
    "event trigger",
    "default privileges",
    "system privileges",
)
_WEIGHT = {kind: weight for weight, kind in enumerate(_KIND_ORDER)}

Key = tuple[Identity, str]  # an operation: identity and action


def plan(
    operations: tuple[Operation, ...],
    context: Context,
    words: Mapping[Identity, Words] | None = None,
) -> tuple[Step, ...]:
    """Order the operations and write them.

    `words` are the author's statements for what is created, and definitions for added columns.
    Raises Unsupported where the operations cannot be ordered.
    """
    planner = _Planner(operations, context, dict(words or {}))
    made = {op.identity for op in operations if op.action == "create" and not op.renames}
    return tuple(
        replace(step, hazards=()) if table_of(group.leader) in made else step
        for group in planner.ordered()
        for step in render(group, context)
    )


@dataclass(slots=True)
class _Planner:
    """The search for folds that leave the operations without a cycle."""

    operations: tuple[Operation, ...]
    context: Context
    words: dict[Identity, Words]
    unfolded: set[Key] = field(default_factory=set)

    def ordered(self) -> list[Group]:
        while True:
            homes = folding.fold(self.operations, self.context, self.words, self.unfolded)
            groups = _groups(self.operations, homes, self.words)
            after = edges(self.operations, homes, self.context)
            try:
                order = graph.topological_order(groups, after, key=lambda key: _rank(groups[key]))
            except graph.Cycle as cycle:
                self._unfold(cycle, groups)
                continue
            return [groups[key] for key in order]

    def _unfold(self, cycle: graph.Cycle, groups: Mapping[Key, Group]) -> None:
        """Take back the folds of the cycle's groups, or, when there are none, give up."""
        quoted = [key[0] for key in cycle.vertices if key[0] in self.words and key[1] == "create"]
        for identity in quoted:
            del self.words[identity]
        if quoted:
            return
        members = [
            (root, operation.action)
            for key in cycle.vertices
            for operation in groups[key].members
            if (root := self._root(operation)) and (root, operation.action) not in self.unfolded
        ]
        if not members:
            objects = ", ".join(str(key[0]) for key in cycle.vertices)
            raise Unsupported(
                f"cannot order the changes of {objects}: each has to come before the other",
                hint="write this migration by hand, in two steps",
            )
        self.unfolded.update(members)

    def _root(self, operation: Operation) -> Identity | None:
        """Return what there is a statement for: a foreign key's on partitions go with it."""
        item = operation.old or operation.new
        if operation.action == "drop" and isinstance(item, Constraint) and item.type == "f":
            return root_of(item, self.context.old).identity
        tie = replace(operation.identity, kind=f"{operation.identity.kind} partition")
        is_part = operation.action == "drop" and tie in self.context.old.objects
        return operation.identity if _stands_alone(item) and not is_part else None


def _stands_alone(item: Object | None) -> bool:
    """Tell whether there is a statement for the object alone."""
    if isinstance(item, Constraint):
        return item.is_local and item.parent is None
    return isinstance(item, Default | Index | Policy | Rule | Trigger)


def _groups(
    operations: tuple[Operation, ...],
    homes: Mapping[Key, Key],
    words: Mapping[Identity, Words],
) -> dict[Key, Group]:
    by_key = {operation.key: operation for operation in operations}
    members: dict[Key, list[Operation]] = defaultdict(list)
    for operation in operations:
        home = homes[operation.key]
        if home != operation.key:
            members[home].append(operation)
    return {
        key: Group(
            leader=by_key[key],
            members=tuple(sorted(members[key], key=_member_rank)),
            words=words.get(key[0]) if key[1] == "create" else None,
        )
        for key in by_key
        if homes[key] == key
    }


def _member_rank(operation: Operation) -> tuple[int, int, Identity]:
    item = operation.new or operation.old
    position = getattr(item, "position", 0)
    return (_WEIGHT.get(operation.identity.kind, 0), position, operation.identity)


def _rank(group: Group) -> tuple[int, int, int, str, int, Identity]:
    """Rank the groups between which dependencies leave a choice; authors keep their own order."""
    operation, words = group.leader, group.words
    place = (words.shown or "", words.line) if words else ("", 0)
    weight = _WEIGHT.get(operation.identity.kind, len(_KIND_ORDER))
    position = getattr(operation.new or operation.old, "position", 0)
    if operation.identity.kind == "default privileges":
        return (
            3,
            weight,
            position,
            *place,
            operation.identity,
        )  # new objects have those from before
    match operation.action:
        case "drop":
            return (0, -weight, -position, *place, operation.identity)
        case "alter":
            return (1, weight, position, *place, operation.identity)
        case _:
            return (2, weight, position, *place, operation.identity)
