"""Migrations shared out to the workers of pytest-xdist: ranges, one after the other to each.

A worker applies what comes before a range without looking, which costs a fraction of looking. So
each goes on with the range after its last one; whoever has none left takes over half of what is
left to another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from collections.abc import Set as AbstractSet

    import pytest

# The more there are, the shorter the last one is that the others wait for.
_FOR_EACH_WORKER = 8
_SCOPE = "migrations "


def split(number: int, parts: int) -> list[int]:
    """Say for each of so many migrations in which of so many parts it is."""
    return [place * min(parts, number) // number for place in range(number)]


def choose(pending: AbstractSet[int], last: int | None, busy: AbstractSet[int]) -> int:
    """Choose a range for a worker, of which the last one it was given is known.

    Busy are those that were given last to any worker.
    """
    if last is not None and last + 1 in pending:
        return last + 1
    runs: list[list[int]] = []
    for number in sorted(pending):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    longest = max(runs, key=len)
    # The first half is for whoever is at work right before it.
    return longest[len(longest) // 2] if longest[0] - 1 in busy else longest[0]


class RangeScheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Gives ranges of migrations to workers, and all other tests one by one."""

    def __init__(
        self, config: pytest.Config, log: Any, is_migration: Callable[[str], bool]
    ) -> None:
        super().__init__(config, log)
        self._is_migration = is_migration
        self._ranges: dict[str, int] | None = None
        self._last: dict[Any, int] = {}  # of each worker, the range it was given last

    def _assign_work_unit(self, node: Any) -> None:
        scopes = [scope for scope in self.workqueue if scope.startswith(_SCOPE)]
        pending = {int(scope.removeprefix(_SCOPE)) for scope in scopes}
        if pending:
            number = choose(pending, self._last.get(node), set(self._last.values()))
            self._last[node] = number
            self.workqueue.move_to_end(f"{_SCOPE}{number}", last=False)
        super()._assign_work_unit(node)

    def _split_scope(self, nodeid: str) -> str:
        if self._ranges is None:
            paths = [_path(each) for each in self.collection or ()]
            self._ranges = ranges_of(
                [path for path in dict.fromkeys(paths) if self._is_migration(path)],
                workers=len(self.nodes),
            )
        number = self._ranges.get(_path(nodeid))
        return nodeid if number is None else f"{_SCOPE}{number}"


def ranges_of(migrations: Sequence[str], *, workers: int) -> dict[str, int]:
    """Give each migration the number of its range."""
    parts = workers * _FOR_EACH_WORKER
    return dict(zip(migrations, split(len(migrations), parts), strict=True))


def _path(nodeid: str) -> str:
    return nodeid.partition("::")[0]
