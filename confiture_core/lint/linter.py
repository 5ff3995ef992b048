"""All rules over all migrations of a directory, in order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confiture_core.errors import ConfitureError
from confiture_core.lint.finding import LintFinding
from confiture_core.lint.known import Known
from confiture_core.lint.newer import newer_than
from confiture_core.lint.source import read_source
from confiture_core.lint.statements import (
    adjacent_literals,
    broken_by,
    locks_out_all,
    takes_all,
)
from confiture_core.migrations.versions import sort_key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pglast import ast

    from confiture_core.migrations.loader import Directory, MigrationFile
    from confiture_core.statements import Statement

_IGNORE = re.compile(r"confiture-ignore(?P<whole>-file)?\b:?(?P<rules>[\w\s,]*)")
_IN_BATCHES = {
    "sql": "a migration of its own, with `-- confiture: in_batches: id` above the statement",
    "py": "a migration of its own, self.in_batches(…)",
}
_COMMENT = ("--", "#")
# What takes as long as the table is large.
_LONG = frozenset({"L01", "L03", "L05", "L06", "L10", "L11", "L13", "L16"})


def lint(
    directory: Directory,
    *,
    since: str | None = None,
    only: Collection[str] | None = None,
    version: int | None = None,
) -> tuple[LintFinding, ...]:
    """Look for what breaks a rule: in migrations after `since`, in those labelled so, or in all.

    `version` is that of the server they are for: what it does not understand is found only where
    it is known, and what it has not is not advised.
    """
    first = sort_key(since) if since is not None else None
    known = Known(version=version)
    found: list[LintFinding] = []
    for problem in directory.problems:
        found.append(
            LintFinding(
                rule="N01",
                message=problem.message,
                path=problem.shown,
                line=problem.line,
                hint=problem.hint,
            )
        )
    for file in directory.migrations:
        known.begin()
        own = list(_lint_file(file, known))
        is_wanted = only is None or file.label in only
        if is_wanted and (first is None or sort_key(file.version) > first):
            found += (one for one in own if not is_ignored(file, one))
    return tuple(found)


def _lint_file(file: MigrationFile, known: Known) -> Iterator[LintFinding]:
    try:
        source = read_source(file, "up")
        transactional = file.is_transactional("up")
        timeout_s = file.options.lock_timeout_s
    except ConfitureError as exc:
        yield LintFinding(
            rule="T03", message=exc.message, path=file.shown, line=exc.line, hint=exc.hint
        )
        return
    yield from _lint_statements(file, source.statements, known, transactional=transactional)
    for line in source.unknown_lines:
        message = "this SQL is put together at run time: it was not looked at"
        yield LintFinding(rule="N02", message=message, path=file.shown, line=line)
    if timeout_s == 0:
        yield LintFinding(
            rule="T01",
            message="waits for a lock for ever, and all others behind it",
            path=file.shown,
            line=1,
            hint="leave lock_timeout as it is: the runner tries again",
        )
    yield from _lint_way_back(file)


def _lint_statements(
    file: MigrationFile, statements: tuple[Statement, ...], known: Known, *, transactional: bool
) -> Iterator[LintFinding]:
    def finding(rule: str, message: str, line: int, hint: str | None = None) -> LintFinding:
        return LintFinding(rule=rule, message=message, path=file.shown, line=line, hint=hint)

    locked_at: int | None = None
    for statement in statements:
        line, node = statement.line, statement.node
        broken = tuple(broken_by(node, known))
        for rule, message, hint in broken:
            yield finding(rule, message, line, hint)
        for rule, message in _too_new(node, known):
            yield finding(rule, message, line)
        is_whole = takes_all(node, known)
        if is_whole and transactional and len(statements) > 1:
            message = "changes all rows in one transaction with other statements"
            yield finding("L07", message, line, _IN_BATCHES[file.kind])
        is_long = is_whole or any(rule in _LONG for rule, _, _ in broken)
        if is_long and transactional and locked_at is not None:
            message = f"takes long, while nobody can read what line {locked_at} has locked"
            yield finding("T02", message, line, "put it into a migration of its own")
        if locked_at is None and locks_out_all(node, known):
            locked_at = line
        for below in adjacent_literals(statement.sql):
            message = "two literals without a comma between them are one"
            yield finding("R02", message, line + below, "write the comma, or one literal")
        if _never_times_out(node):
            yield finding("T01", "waits for a lock for ever, and all others behind it", line)
        known.learn(node)


def _too_new(node: ast.Node, known: Known) -> Iterator[tuple[str, str]]:
    if known.version is not None:
        for since, what in newer_than(node, known.version, known):
            yield "V01", f"{what} needs PostgreSQL {since}, and the server is of {known.version}"


def _never_times_out(node: ast.Node) -> bool:
    if getattr(node, "name", None) != "lock_timeout":
        return False
    values = [getattr(getattr(one, "val", None), "ival", None) for one in node.args or ()]  # type: ignore[attr-defined]  # SET has arguments
    return values == [0]


def _lint_way_back(file: MigrationFile) -> Iterator[LintFinding]:
    reason = file.options.irreversible
    if reason is not None:
        return
    message = None
    if not file.has_down:
        message = "has no way down, and does not say why"
    elif not _does_something(file) and not file.is_empty:
        message = "its way down does nothing"
    if message:
        yield LintFinding(
            rule="R01",
            message=message,
            path=file.shown_of("down"),
            line=1,
            hint='write it, or say why there is none: "irreversible"',
        )


def _does_something(file: MigrationFile) -> bool:
    try:
        source = read_source(file, "down")
    except ConfitureError:
        return True  # validate says what is wrong with it
    return bool(source.statements or source.unknown_lines)


def is_ignored(file: MigrationFile, finding: LintFinding) -> bool:
    """Tell whether a comment passes a finding over."""
    text = file.down_text if finding.path == file.down_shown else file.text
    lines = (text or "").splitlines()
    for line in lines:
        match = _IGNORE.search(line)
        if match and match["whole"] and _names(match["rules"], finding.rule):
            return True
    number = (finding.line or 0) - 1
    if not 0 <= number < len(lines):
        return False
    near = [lines[number]]
    while number > 0 and lines[number - 1].strip().startswith(_COMMENT):
        number -= 1
        near.append(lines[number])
    matches = filter(None, map(_IGNORE.search, near))
    return any(not one["whole"] and _names(one["rules"], finding.rule) for one in matches)


def _names(rules: str, rule: str) -> bool:
    said = rules.replace(",", " ").split()
    return not said or rule in said
