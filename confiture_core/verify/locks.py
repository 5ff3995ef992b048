"""The law of locks: what a migration locks and rewrites stays within what the project allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from confiture_core.errors import ConfigError
from confiture_core.tracing.trace import LEVELS, parse_level, rank
from confiture_core.verify.finding import Finding, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confiture_core.tracing.trace import StatementTrace, Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What migrations may do to relations that were there before; by default everything."""

    max_lock: str | None = None  # the strongest level allowed, "SHARE ROW EXCLUSIVE"
    forbid_rewrite: bool = False


NO_BUDGET = Budget()


def budget_of(max_lock: str | None, *, forbid_rewrite: bool) -> Budget:
    """Read a budget as settings say it."""
    level = parse_level(max_lock) if max_lock is not None else None
    if max_lock is not None and level is None:
        raise ConfigError(
            f'"{max_lock}" is no lock level', hint=f"PostgreSQL has {', '.join(LEVELS)}"
        )
    return Budget(max_lock=level, forbid_rewrite=forbid_rewrite)


def locks(trace: Trace, migration: str, budget: Budget) -> Verdict:
    """Hold that no statement takes a stronger lock than allowed, nor rewrites a table.

    A statement whose locks could not be measured is named.
    """
    findings = tuple(
        finding
        for one in trace.statements
        for finding in (*_unmeasured(one, migration), *_overdrawn(one, migration, budget))
    )
    return Verdict(law="locks", migration=migration, findings=findings)


def _unmeasured(one: StatementTrace, migration: str) -> Iterator[Finding]:
    if one.locks is None:
        yield Finding(
            law="locks",
            migration=migration,
            kind="warning",
            message="its locks are not measured: it runs outside a transaction",
            path=one.path,
            line=one.line,
            detail=one.sql or None,
        )


def _overdrawn(one: StatementTrace, migration: str, budget: Budget) -> Iterator[Finding]:
    def finding(message: str, hint: str) -> Finding:
        return Finding(
            law="locks",
            migration=migration,
            kind="budget",
            message=message,
            path=one.path,
            line=one.line,
            detail=one.sql or None,
            hint=hint,
        )

    if budget.max_lock is not None:
        for lock in one.locks or ():
            if rank(lock.level) > rank(budget.max_lock):
                yield finding(
                    f"locks {lock.kind} {lock.relation} in {lock.level} mode",
                    f"the project allows {budget.max_lock}",
                )
    if budget.forbid_rewrite:
        for relation in one.rewritten:
            yield finding(f"rewrites {relation}", "the project allows no rewrite")
