"""Findings of the linter as text, JSON, GitHub annotations and SARIF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confiture.annotations import annotation
from confiture.render import marked, print_json, say
from confiture_core.lint.finding import RULES
from confiture_core.verify.report import statement_facts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from confiture_core.lint.finding import LintFinding
    from confiture_core.rehearsal import Rehearsed


def linted(found: Sequence[LintFinding], *, migrations: int, format: str) -> None:
    """Print findings in a format."""
    match format:
        case "json":
            print_json([_facts(one) for one in found])
        case "sarif":
            print_json(_sarif(found))
        case "github":
            for one in found:
                say(_annotation(one))
        case _:
            _say_all(found, migrations)


def traced(found: Sequence[LintFinding], rehearsed: Sequence[Rehearsed], *, format: str) -> None:
    """Print findings, and what each statement did where the format has room for it."""
    statements = [one for seen in rehearsed for one in seen.trace.statements]
    if format == "json":
        print_json(
            {
                "findings": [_facts(one) for one in found],
                "statements": [statement_facts(one) for one in statements],
            }
        )
        return
    if format == "text":
        for one in statements:
            if one.is_of_interest or one.locks is None:
                place = one.path if one.line is None else f"{one.path}:{one.line}"
                say(f"{place}: {one} ({one.duration_s * 1000:.1f} ms)")
        say()
    linted(found, migrations=len(rehearsed), format=format)


def finding_lines(one: LintFinding) -> Iterator[str]:
    """Write a finding as lines for people."""
    place = one.path or ""
    if one.line is not None:
        place += f":{one.line}"
    yield f"{place}: {one.rule} {one.name}: {one.message}"
    if one.measured:
        yield f"  measured: {one.measured}"
    if one.hint:
        yield f"  hint: {one.hint}"


def _say_all(found: Sequence[LintFinding], migrations: int) -> None:
    for one in found:
        for line in finding_lines(one):
            say(line)
    if not any(not one.is_note for one in found):
        say(marked("✅", f"Nothing found in {migrations} migration(s)"))


def _facts(one: LintFinding) -> dict[str, object]:
    return {
        "rule": one.rule,
        "name": one.name,
        "message": one.message,
        "path": one.path,
        "line": one.line,
        "hint": one.hint,
        "measured": one.measured,
    }


def _annotation(one: LintFinding) -> str:
    return annotation(
        "notice" if one.is_note else "warning",
        f"{one.message}; {one.hint}" if one.hint else one.message,
        title=f"{one.rule} {one.name}",
        path=one.path,
        line=one.line,
    )


def _sarif(found: Sequence[LintFinding]) -> dict[str, object]:
    rules = [{"id": rule, "name": name} for rule, name in RULES.items()]
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "confiture", "rules": rules}},
                "results": [_sarif_result(one) for one in found],
            }
        ],
    }


def _sarif_result(one: LintFinding) -> dict[str, object]:
    place = {
        "physicalLocation": {
            "artifactLocation": {"uri": one.path},
            "region": {"startLine": one.line or 1},
        }
    }
    return {
        "ruleId": one.rule,
        "level": "note" if one.is_note else "warning",
        "message": {"text": f"{one.message} ({one.measured})" if one.measured else one.message},
        "locations": [place],
    }
