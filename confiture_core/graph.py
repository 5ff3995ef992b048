"""Stable topological order."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any, TypeVar

V = TypeVar("V", bound=Hashable)


class Cycle(Exception):
    """The vertices cannot be ordered; `vertices` are those of one cycle."""

    def __init__(self, vertices: Collection[Any]) -> None:
        super().__init__(" → ".join(str(vertex) for vertex in vertices))
        self.vertices = tuple(vertices)


def topological_order(
    vertices: Iterable[V], after: Mapping[V, Iterable[V]], *, key: Callable[[V], Any]
) -> list[V]:
    """Order the vertices so that each comes after those it is mapped to.

    Where the graph leaves a choice, the smallest `key` comes first, so that the order depends on
    nothing but the values. Raises Cycle.
    """
    vertices = tuple(vertices)
    sorter = _sorter(vertices, after)
    try:
        sorter.prepare()
    except CycleError:
        raise Cycle(_first_cycle(vertices, after, key=key)) from None
    ready: list[tuple[Any, int, V]] = []
    order: list[V] = []
    count = 0
    while sorter.is_active():
        for vertex in sorter.get_ready():
            count += 1
            heapq.heappush(ready, (key(vertex), count, vertex))
        _, _, vertex = heapq.heappop(ready)
        order.append(vertex)
        sorter.done(vertex)
    return order


def _sorter(vertices: Iterable[V], after: Mapping[V, Iterable[V]]) -> TopologicalSorter[V]:
    sorter: TopologicalSorter[V] = TopologicalSorter()
    for vertex in vertices:
        sorter.add(vertex, *(other for other in after.get(vertex, ()) if other != vertex))
    return sorter


def _first_cycle(
    vertices: Iterable[V], after: Mapping[V, Iterable[V]], *, key: Callable[[V], Any]
) -> list[V]:
    """Find the cycle that is found first where all is in order, however a set may hold it."""
    placed = sorted(vertices, key=key)
    try:
        _sorter(placed, {one: sorted(after.get(one, ()), key=key) for one in placed}).prepare()
    except CycleError as exc:
        cycle: list[V] = exc.args[1][1:]
        return cycle
    raise AssertionError("there is a cycle in one order and none in another")
