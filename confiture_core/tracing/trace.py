"""Traces: what was measured of each statement of a migration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# From the weakest to the strongest, as the manual lists them.
# https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES
LEVELS = (
    "ACCESS SHARE",
    "ROW SHARE",
    "ROW EXCLUSIVE",
    "SHARE UPDATE EXCLUSIVE",
    "SHARE",
    "SHARE ROW EXCLUSIVE",
    "EXCLUSIVE",
    "ACCESS EXCLUSIVE",
)
_OF_ROWS = "ROW EXCLUSIVE"  # the strongest that reading and writing rows takes
BLOCKS_WRITES = "SHARE"  # the weakest that others cannot write beside
BLOCKS_READS = "ACCESS EXCLUSIVE"
_RANKS = {level: rank for rank, level in enumerate(LEVELS)}
_SQUEEZED = {level.replace(" ", ""): level for level in LEVELS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """The strongest lock on one relation that was there before the migration."""

    relation: str  # "public.users", as it was called before
    kind: str  # "table", "index", …
    level: str  # one of LEVELS


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """Whole readings of a table that was there before."""

    relation: str
    times: int  # sequential scans
    rows: int  # that they read


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementTrace:
    """What one statement did to the relations that were there before its migration."""

    sql: str
    path: str  # as errors name it
    line: int | None
    duration_s: float
    # What it has locked that was not locked, or less, before it. None: it ran outside a
    # transaction, and its locks were gone before they could be read.
    locks: tuple[Lock, ...] | None = ()
    held: tuple[Lock, ...] = ()  # what the transaction had locked before
    rewritten: tuple[str, ...] = ()  # tables and materialized views that have a new file
    emptied: tuple[str, ...] = ()  # those whose new file holds nothing: TRUNCATE
    indexed: tuple[str, ...] = ()  # tables an index of which was built, anew or for the first time
    built: tuple[str, ...] = ()  # the indexes
    scans: tuple[Scan, ...] = ()

    @property
    def strongest(self) -> Lock | None:
        """The strongest lock that it took."""
        return strongest(self.locks or ())

    @property
    def takes_long(self) -> bool:
        """Whether it takes as long as some table is large."""
        return bool(self.rewritten or self.built or self.scans)

    @property
    def is_of_interest(self) -> bool:
        """Whether there is more to say, or less, than that it has read or written rows."""
        lock = self.strongest
        is_strong = lock is not None and rank(lock.level) > rank(_OF_ROWS)
        is_strong = is_strong or self.locks is None
        return is_strong or bool(self.rewritten or self.emptied or self.built or self.scans)

    def __str__(self) -> str:
        return "; ".join(self._facts()) or "no more than rows of what was there before"

    def _facts(self) -> Iterable[str]:
        if self.locks is None:
            yield "outside a transaction: its locks are not measured"
        levels: dict[str, list[str]] = {}
        for lock in sorted(self.locks or (), key=lambda one: (-rank(one.level), one.relation)):
            if rank(lock.level) > rank(_OF_ROWS):
                levels.setdefault(lock.level, []).append(lock.relation)
        for level, relations in levels.items():
            yield f"{level} on {', '.join(relations)}"
        if self.rewritten:
            yield f"rewrites {', '.join(self.rewritten)}"
        if self.emptied:
            yield f"empties {', '.join(self.emptied)}"
        if self.built:
            yield f"builds {', '.join(self.built)}"
        if self.scans:
            read = (
                scan.relation if scan.times == 1 else f"{scan.relation} {scan.times} times"
                for scan in self.scans
            )
            yield f"reads all of {', '.join(read)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What one direction of a migration did, statement by statement."""

    statements: tuple[StatementTrace, ...] = ()

    @property
    def duration_s(self) -> float:
        """How long the statements took, without what it takes to measure them."""
        return sum(one.duration_s for one in self.statements)

    @property
    def locks(self) -> tuple[Lock, ...]:
        """The strongest lock on each relation."""
        found: dict[str, Lock] = {}
        for statement in self.statements:
            for lock in statement.locks or ():
                other = found.get(lock.relation)
                if other is None or rank(lock.level) > rank(other.level):
                    found[lock.relation] = lock
        return tuple(sorted(found.values(), key=lambda one: (-rank(one.level), one.relation)))


def rank(level: str) -> int:
    """Give the place of a level among LEVELS."""
    return _RANKS[level]


def strongest(locks: Iterable[Lock]) -> Lock | None:
    """Choose the strongest lock."""
    return max(locks, key=lambda one: rank(one.level), default=None)


def parse_level(text: str) -> str | None:
    """Read "share", "ACCESS EXCLUSIVE" or "AccessExclusiveLock"; None if it is no level."""
    squeezed = text.upper().replace(" ", "").replace("_", "").replace("-", "")
    return _SQUEEZED.get(squeezed.removesuffix("LOCK"))
