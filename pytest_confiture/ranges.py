"""Migrations shared out to the workers of pytest-xdist: to each a range of its own.

A worker applies what comes before its range without looking, so later ranges are shorter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pytest

# What it takes to apply a migration, of what it takes to verify it.
_PASSING_BY = 0.12


def split(number: int, workers: int) -> list[int]:
    """Say for each of so many migrations in which range it is."""
    shares = [(1 - _PASSING_BY) ** worker for worker in range(workers)]
    ends = [number * sum(shares[: worker + 1]) / sum(shares) for worker in range(workers)]
    return [sum(place >= end for end in ends[:-1]) for place in range(number)]


class RangeScheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Gives a range of migrations to a worker as a whole, and all other tests one by one."""

    def __init__(
        self, config: pytest.Config, log: Any, is_migration: Callable[[str], bool]
    ) -> None:
        super().__init__(config, log)
        self._is_migration = is_migration
        self._ranges: dict[str, int] | None = None

    def _split_scope(self, nodeid: str) -> str:
        if self._ranges is None:
            paths = [_path(each) for each in self.collection or ()]
            self._ranges = ranges_of(
                [path for path in dict.fromkeys(paths) if self._is_migration(path)],
                workers=len(self.nodes),
            )
        number = self._ranges.get(_path(nodeid))
        return nodeid if number is None else f"migrations {number}"


def ranges_of(migrations: Sequence[str], *, workers: int) -> dict[str, int]:
    """Give each migration the number of its range."""
    return dict(zip(migrations, split(len(migrations), workers), strict=True))


def _path(nodeid: str) -> str:
    return nodeid.partition("::")[0]
