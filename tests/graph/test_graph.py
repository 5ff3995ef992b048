from __future__ import annotations

import pytest

from confiture_core.graph import Cycle, topological_order


def test_order_respects_every_edge_and_prefers_the_smallest_key():
    """d → b → a, c alone."""
    order = topological_order("dcba", {"a": ["b"], "b": ["d"]}, key=str)

    assert order == ["c", "d", "b", "a"]


def test_order_does_not_depend_on_the_order_of_the_input():
    after = {"e": ["a"], "b": ["e"]}

    assert topological_order("abcde", after, key=str) == topological_order("edcba", after, key=str)


def test_a_vertex_after_itself_is_no_cycle():
    assert topological_order("a", {"a": ["a"]}, key=str) == ["a"]


def test_a_cycle_is_reported_with_its_vertices_only():
    with pytest.raises(Cycle) as raised:
        topological_order("abcx", {"a": ["b"], "b": ["c"], "c": ["a"], "x": ["a"]}, key=str)

    assert set(raised.value.vertices) == {"a", "b", "c"}


def test_the_same_cycle_is_reported_however_the_edges_are_held():
    one = {"a": ["b", "d"], "b": ["c"], "c": ["a"], "d": ["a"]}
    other = {"d": ["a"], "c": ["a"], "b": ["c"], "a": ["d", "b"]}
    reported = []

    for vertices, after in (("abcd", one), ("dcba", other)):
        with pytest.raises(Cycle) as raised:
            topological_order(vertices, after, key=str)
        reported.append(raised.value.vertices)

    assert reported[0] == reported[1]
