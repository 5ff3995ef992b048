"""Ranges of migrations: each is given once, and no worker is long without one."""

from __future__ import annotations

import heapq

import pytest

from pytest_confiture.ranges import choose, ranges_of, split


def test_ranges_are_of_the_same_length() -> None:
    assert split(7, 3) == [0, 0, 0, 1, 1, 2, 2]
    assert split(2, 16) == [0, 1]
    assert split(0, 16) == []
    assert len(set(ranges_of([f"{number}.sql" for number in range(100)], workers=2).values())) == 16


def test_workers_start_far_from_each_other_and_go_on_where_they_are() -> None:
    assert choose(set(range(16)), None, set()) == 0
    assert choose(set(range(1, 16)), None, {0}) == 8
    assert choose({1, 2, 9, 10}, 0, {0, 8}) == 1


def test_half_of_what_is_left_to_another_is_taken_over() -> None:
    assert choose({10, 11, 12, 13}, 7, {7, 9}) == 12
    assert choose({13}, 7, {7, 12}) == 13


@pytest.mark.parametrize("workers", [1, 2, 3, 8])
def test_workers_end_together_however_long_ranges_take(workers: int) -> None:
    takes = [1 + number / 4 for number in range(8 * workers)]
    pending, last = set(range(len(takes))), dict.fromkeys(range(workers), -1)
    ends = [(0.0, worker) for worker in range(workers)]
    while pending:
        time, worker = heapq.heappop(ends)
        number = choose(pending, last[worker] if last[worker] >= 0 else None, set(last.values()))
        pending.remove(number)
        last[worker] = number
        heapq.heappush(ends, (time + takes[number], worker))
    times = [time for time, _ in ends]

    assert max(times) - min(times) <= max(takes)
