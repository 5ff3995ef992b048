"""Findings: what a law found out about one migration."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from confiture_core.catalog.model import Identity

Law = Literal["up", "down-leaves-no-trace", "again", "data-survives", "locks", "parity"]

# Of one migration, in the order they are looked at; parity is of all of them together.
LAWS: tuple[Law, ...] = ("up", "down-leaves-no-trace", "again", "data-survives", "locks")

Kind = Literal[
    "error",  # it could not be run
    "residue",  # there, and should not be
    "missing",  # not there, and should be
    "changed",
    "access",  # only owner or privileges differ
    "rows",  # rows lost, changed or added
    "budget",  # a lock or a rewrite that the project does not allow
    "declaration",  # what the migration says of itself does not hold
    "unreachable",  # a migration before it fails
    # What follows is reported and fails nothing.
    "order",  # only the physical order of columns
    "wording",  # a function's body differs in white space or comments alone
    "unstable",  # the same statements do not give the same twice
    "declared",  # as the migration says of itself
    "warning",
]

_REPORTED: frozenset[Kind] = frozenset({"order", "wording", "unstable", "declared", "warning"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that a law has to say."""

    law: Law
    migration: str  # "002_add_user_bio"
    kind: Kind
    message: str  # one line
    identity: Identity | None = None
    path: str | None = None  # of the user's file that is to be edited
    line: int | None = None
    detail: str | None = None
    hint: str | None = None
    sql: tuple[str, ...] = ()  # what would repair it

    @property
    def fails(self) -> bool:
        """Whether the law is broken; else this is only reported."""
        return self.kind not in _REPORTED

    def __str__(self) -> str:
        if self.path is None:
            return self.message
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a law says of one migration."""

    law: Law
    migration: str
    findings: tuple[Finding, ...] = ()
    repair: tuple[str, ...] = ()  # SQL that would make good all that was found
    repairs: str = ""  # what the SQL belongs into: "down"
    not_applicable: str | None = None  # why there was nothing to look at
    is_cached: bool = field(default=False, compare=False)  # known from a run before

    @property
    def holds(self) -> bool:
        """Whether the law is kept."""
        return not any(finding.fails for finding in self.findings)

    @property
    def unreachable(self) -> Finding | None:
        """The finding that says so, where a migration before this one fails."""
        return next((one for one in self.findings if one.kind == "unreachable"), None)
