"""The folders of a schema's files, and the files' names: alphabetical order is the order they run.

A kind of object has its usual folder. Where something earlier needs it, or it needs something
later, there are more folders of its kind: functions that tables need run before the tables.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from confiture_core import graph

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

LATE_FUNCTIONS = 30
# Ascending; no number is that of two groups, so that a number says what a folder holds.
_NUMBERS = {
    "common": (0, 6, 16, 31, 51),
    "functions": (5, 15, LATE_FUNCTIONS, 50),
    "tables": (10, 17, 33, 53),
    "views": (20, 40, 60),
    "foreign_keys": (70,),
    "triggers": (80,),
    "database": (90,),
}
_LAST = 99


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Unit:
    """What becomes one file."""

    group: str  # a key of _NUMBERS
    schema: str = ""
    name: str


def place(
    units: Sequence[Unit],
    after: Mapping[Unit, Iterable[Unit]],
    mentions: Mapping[Unit, Iterable[Unit]],
) -> dict[Unit, int]:
    """Give each file the number of its folder, so that what it needs stands before it.

    What functions only mention stands as early as they do, where it can.
    """
    order = graph.topological_order(units, after, key=lambda unit: unit)
    folders: dict[Unit, int] = {}
    for unit in order:
        least = max((folders[other] for other in after.get(unit, ())), default=0)
        folders[unit] = next((n for n in _NUMBERS[unit.group] if n >= least), _LAST)
    least_of = dict(folders)
    dependents: dict[Unit, list[Unit]] = defaultdict(list)
    for unit, others in after.items():
        for other in others:
            dependents[other].append(unit)
    for unit in reversed(order):
        if unit.group == "functions" and folders[unit] < LATE_FUNCTIONS:
            most = min((folders[other] for other in dependents[unit]), default=LATE_FUNCTIONS)
            folders[unit] = max(n for n in _NUMBERS["functions"] if n <= most)
    _bring_forward(folders, least_of, after, mentions)
    return folders


def _bring_forward(
    folders: dict[Unit, int],
    least_of: Mapping[Unit, int],
    after: Mapping[Unit, Iterable[Unit]],
    mentions: Mapping[Unit, Iterable[Unit]],
) -> None:
    """Let mentioned functions, and what they need, stand no later than who mentions them."""
    waiting = sorted(mentions, key=lambda unit: (folders[unit], unit))
    while waiting:
        unit = waiting.pop(0)
        needed = {*mentions.get(unit, ()), *after.get(unit, ())}
        for other in sorted(one for one in needed if one.group == "functions"):
            wanted = max(folders[unit], least_of[other])
            if wanted < folders[other]:
                folders[other] = wanted
                waiting.append(other)


def write_names(
    units: Sequence[Unit], after: Mapping[Unit, Iterable[Unit]], folders: Mapping[Unit, int]
) -> dict[Unit, str]:
    """Name the files: by their objects alone where the alphabet is order enough, else numbered."""
    paths: dict[Unit, str] = {}
    for number in sorted(set(folders.values())):
        inside = sorted(unit for unit in units if folders[unit] == number)
        names = _plain_names(inside)
        levels = _levels(inside, after)
        if not _is_in_order(inside, after, names):
            step = 10 if max(levels.values()) < 10 else 1
            names = {unit: f"{levels[unit] * step:02}_{names[unit]}" for unit in inside}
        group = inside[0].group if number != _LAST else "other"
        for unit in inside:
            paths[unit] = f"{number:02}_{group}/{names[unit]}.sql"
    return paths


def _plain_names(units: Iterable[Unit]) -> dict[Unit, str]:
    names: dict[Unit, str] = {}
    taken: set[str] = set()
    for unit in units:
        whole = f"{unit.schema}.{unit.name}" if unit.schema not in ("", "public") else unit.name
        plain = re.sub(r"[^\w.-]+", "_", whole).strip(".")[:100] or "_"
        name, count = plain, 1
        # Some file systems do not tell upper from lower case.
        while name.lower() in taken:
            count += 1
            name = f"{plain}_{count}"
        taken.add(name.lower())
        names[unit] = name
    return names


def _levels(units: Sequence[Unit], after: Mapping[Unit, Iterable[Unit]]) -> dict[Unit, int]:
    """Count for each file how many of the folder stand one upon the other below it."""
    inside = set(units)
    own = {unit: inside & set(after.get(unit, ())) for unit in units}
    levels: dict[Unit, int] = {}
    for unit in graph.topological_order(units, own, key=lambda one: one):
        levels[unit] = max((levels[other] + 1 for other in own[unit]), default=0)
    return levels


def _is_in_order(
    units: Sequence[Unit], after: Mapping[Unit, Iterable[Unit]], names: Mapping[Unit, str]
) -> bool:
    inside = set(units)
    return all(
        f"{names[other]}.sql" < f"{names[unit]}.sql"
        for unit in units
        for other in inside & set(after.get(unit, ()))
    )
