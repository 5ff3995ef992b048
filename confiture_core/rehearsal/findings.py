"""Findings that are measured, and what a measure says of those that were read from the text. Pure.

A rule that speaks of a rewrite, a reading or a lock is held against what the statement at its line
did: it is dropped where nothing of the kind was seen. What was seen and no rule has said is a
finding of its own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from confiture_core.lint.finding import LintFinding
from confiture_core.lint.linter import is_ignored
from confiture_core.tracing.trace import BLOCKS_READS, BLOCKS_WRITES, rank

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from confiture_core.migrations.loader import MigrationFile
    from confiture_core.rehearsal.run import Rehearsed
    from confiture_core.tracing.trace import Lock, StatementTrace

    Statements = Sequence[StatementTrace]
    Place = tuple[str | None, int | None]

# What was seen of the statements at a finding's line if the rule is right.
_SEEN: dict[str, Callable[[Statements], bool]] = {
    **dict.fromkeys(("L01", "L10", "L16"), lambda traces: any(one.built for one in traces)),
    **dict.fromkeys(("L03", "L06", "L11"), lambda traces: any(one.scans for one in traces)),
    **dict.fromkeys(("L02", "L08", "L09", "L15"), lambda traces: any(map(_locks_out, traces))),
    "L04": lambda traces: any(map(_locks_index, traces)),
    "L05": lambda traces: any(one.takes_long for one in traces),
    "L13": lambda traces: any(one.rewritten for one in traces),
    "T02": lambda traces: any(one.takes_long and _blocked(one.held) for one in traces),
}
# The rules that say of a line what a measured one would say again.
_SAID = {
    "M01": {"L05", "L13"},
    "M02": {"L03", "L05", "L06", "L07", "L11", "L12", "T02"},
    "M03": {"L01", "L05", "L10", "L13", "L14", "L16"},
    "M04": {"L12"},
    "M05": {"L14"},
}
_ELSEWHERE = "fill a new one in batches, and change over"
_APART = "a migration of its own for what takes long"


def measured_findings(
    static: Sequence[LintFinding], rehearsed: Sequence[Rehearsed]
) -> tuple[LintFinding, ...]:
    """Hold findings against what was measured, and add what was measured besides."""
    traces: dict[Place, list[StatementTrace]] = {}
    for seen in rehearsed:
        for one in seen.trace.statements:
            traces.setdefault((one.path, one.line), []).append(one)
    whole = {seen.file.shown: seen for seen in rehearsed if seen.error is None}
    kept = [_measured(one, traces) for one in static if not _is_disproved(one, traces, whole)]
    rules = {(one.path, one.line, one.rule) for one in kept}
    for seen in rehearsed:
        for found in _found(seen):
            said = {(found.path, found.line, rule) for rule in _SAID[found.rule]}
            if not said & rules and not is_ignored(seen.file, found):
                kept.append(_measured(found, traces))
    return tuple(_in_order(kept, [seen.file for seen in rehearsed]))


def _in_order(
    findings: Sequence[LintFinding], files: Sequence[MigrationFile]
) -> Sequence[LintFinding]:
    """Sort what was measured in between what was read, which stays in its order."""
    numbers = {path: number for number, file in enumerate(files) for path in _paths(file)}
    return sorted(findings, key=lambda one: (numbers.get(one.path or "", -1), one.line or 0))


def _paths(file: MigrationFile) -> Iterator[str]:
    yield file.shown
    if file.down_shown is not None:
        yield file.down_shown


def _measured(finding: LintFinding, traces: dict[Place, list[StatementTrace]]) -> LintFinding:
    here = traces.get((finding.path, finding.line), [])
    return replace(finding, measured="; ".join(map(str, here)) or None)


def _is_disproved(
    finding: LintFinding,
    traces: dict[Place, list[StatementTrace]],
    whole: dict[str, Rehearsed],
) -> bool:
    seen = whole.get(finding.path or "")
    if seen is not None and finding.rule == "N02":
        return True  # whatever it was put together to, it was run
    here = traces.get((finding.path, finding.line), [])
    if not here or any(one.locks is None for one in here):
        return False
    if finding.rule == "L12":
        return seen is not None and seen.on_rows is None and _had_rows(here, seen)
    return finding.rule in _SEEN and not _SEEN[finding.rule](here)


def _had_rows(traces: Statements, seen: Rehearsed) -> bool:
    empty = {one.table.qualified for one in seen.unfilled}
    locked = {lock.relation for one in traces for lock in (*(one.locks or ()), *one.held)}
    return not locked & empty


def _found(seen: Rehearsed) -> Iterator[LintFinding]:
    for one in seen.trace.statements:
        yield from _of_statement(one)
    error = seen.on_rows or seen.error
    if error is not None:
        when = "on tables with rows" if seen.on_rows else "on tables with rows and without"
        yield LintFinding(
            rule="M04",
            message=f"fails {when}: {error.message}",
            path=str(error.path) if error.path is not None else seen.file.shown,
            line=error.line,
            hint=error.hint,
        )


def _of_statement(one: StatementTrace) -> Iterator[LintFinding]:
    def finding(rule: str, message: str, hint: str | None) -> LintFinding:
        return LintFinding(rule=rule, message=message, path=one.path, line=one.line, hint=hint)

    blocked = _blocked((*one.held, *(one.locks or ())))
    for relation in one.rewritten:
        yield finding("M01", f"writes {relation} anew{_while(blocked)}", _ELSEWHERE)
    for relation in one.emptied:
        yield finding("M05", f"empties {relation}{_while(blocked)}", None)
    indexed = [table for table in one.indexed if table in blocked and table not in one.rewritten]
    if indexed:
        message = f"builds {', '.join(one.built)}{_while(blocked)}"
        yield finding("M03", message, "CREATE INDEX CONCURRENTLY or REINDEX … CONCURRENTLY")
    read = [scan.relation for scan in one.scans if scan.relation not in {*one.rewritten, *indexed}]
    if read and blocked:
        yield finding("M02", f"reads all of {', '.join(read)}{_while(blocked)}", _APART)


def _blocked(locks: Sequence[Lock]) -> dict[str, str]:
    """Give the tables that others cannot write to, with the strongest lock on each."""
    found: dict[str, str] = {}
    for lock in locks:
        is_strong = rank(lock.level) >= rank(BLOCKS_WRITES)
        if lock.kind in ("table", "materialized view") and is_strong:
            found[lock.relation] = max(lock.level, found.get(lock.relation, lock.level), key=rank)
    return found


def _while(blocked: dict[str, str]) -> str:
    unread = sorted(name for name, level in blocked.items() if level == BLOCKS_READS)
    if unread:
        return f", while nobody can read {', '.join(unread)}"
    if blocked:
        return f", while nobody can write to {', '.join(sorted(blocked))}"
    return ""


def _locks_out(one: StatementTrace) -> bool:
    locks = (*(one.locks or ()), *one.held)
    return any(lock.level == BLOCKS_READS for lock in locks)


def _locks_index(one: StatementTrace) -> bool:
    return any(lock.kind == "index" and lock.level == BLOCKS_READS for lock in one.locks or ())
