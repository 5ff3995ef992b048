"""Verdicts as text that a reviewer can act on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from confiture_core.verify.finding import Finding, Verdict


def render_verdict(verdict: Verdict) -> str:
    """Write what breaks the law, what would repair it, and what is only reported."""
    return "\n".join(_lines(verdict))


def reported(verdict: Verdict) -> tuple[str, ...]:
    """Write what a verdict reports that breaks nothing, a line each."""
    return tuple(str(finding) for finding in verdict.findings if not finding.fails)


def _lines(verdict: Verdict) -> Iterator[str]:
    failing = [finding for finding in verdict.findings if finding.fails]
    yield from _grouped(failing)
    if verdict.repair:
        yield f"to repair {verdict.repairs}:"
        for statement in verdict.repair:
            yield from (f"    {line}" for line in f"{statement};".splitlines())
    others = [finding for finding in verdict.findings if not finding.fails]
    if others and failing:
        yield "reported:"
        yield from (f"  {finding.message}" for finding in others)


def _grouped(findings: Sequence[Finding]) -> Iterator[str]:
    """Write findings; the place is said once for those that share it."""
    place = None
    for finding in findings:
        where = (finding.path, finding.line)
        if where == place and finding.path is not None:
            yield f"  {finding.message}"
        else:
            yield str(finding)
        place = where
        for line in (finding.detail or "").splitlines():
            yield f"    {line}"
        if finding.hint:
            yield f"  hint: {finding.hint}"
