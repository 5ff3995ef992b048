"""What the command says of databases that are not what they should be."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from confiture.annotations import annotation
from confiture.render import mark_or_word, marked, print_json, say, talk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from confiture_core.doctor import Check
    from confiture_core.seeds import SeedReport
    from confiture_core.verify.comparison import Unlike
    from confiture_core.verify.drift import Drift

_SAID = {
    "residue": "not in {}: {}",
    "missing": "missing: {1}",
    "changed": "changed: {1}",
    "access": "changed: {1}",
    "order": "other order of columns: {1}",
    "wording": "other comments in its body: {1}",
}


def drifted(found: Drift, *, database: str, format: str) -> None:
    """Print in what a database has drifted, and what would take it back."""
    if format == "github":
        for one in found.unlike:
            text = "\n".join(unlike_lines([one], found.against))
            say(annotation("error", text, title=f"drift of {database}"))
        return
    if format == "json":
        print_json(
            {
                "database": database,
                "against": found.against,
                "has_drifted": found.has_drifted,
                "findings": [unlike_facts(one) for one in found.unlike],
                "repair": found.repair,
            }
        )
        return
    for line in unlike_lines(found.unlike, found.against):
        say(line)
    if not found.has_drifted:
        say(marked("✅", f'Database "{database}" is what {found.against} makes'))
        return
    if found.repair:
        talk("\nThis would take it there (it was not tried; write it as a migration):")
        for statement in found.repair:
            talk(f"  {statement};")


def unlike_lines(unlike: Sequence[Unlike], against: str) -> Iterator[str]:
    """Write differences, a line each and their texts below."""
    for one in unlike:
        facts = f" ({'; '.join(one.facts)})" if one.facts else ""
        yield _SAID[one.kind].format(against, one.identity) + facts
        for line in (one.detail or "").splitlines():
            yield f"    {line}"


def unlike_facts(one: Unlike) -> dict[str, object]:
    """Return a difference for a program."""
    kind = {"residue": "extra", "access": "changed"}.get(one.kind, one.kind)
    return {
        "kind": kind,
        "object": str(one.identity),
        "facts": one.facts,
        "detail": one.detail,
    }


def squashed(
    written: Sequence[str], moved: Sequence[str], notes: Sequence[str], *, as_json: bool
) -> None:
    """Print what was made of how many migrations."""
    if as_json:
        print_json({"written": written, "moved": moved, "notes": notes})
        return
    for path in written:
        say(marked("✅", f"Created {path}"))
    folder = moved[0].rpartition("/")[0]
    say(f"Moved {len(moved)} file(s) to {folder}: delete them when every database has them all")
    for note in notes:
        talk(f"note: {note}")


def examined(checks: Sequence[Check], *, as_json: bool) -> None:
    """Print what was looked at, and what to do about what is in the way."""
    if as_json:
        print_json(
            [
                {
                    "name": check.name,
                    "is_finding": check.is_finding,
                    "message": check.message,
                    "remedy": check.remedy,
                }
                for check in checks
            ]
        )
        return
    width = max(len(check.name) for check in checks)
    for check in checks:
        mark = mark_or_word("❌", "!! ") if check.is_finding else mark_or_word("✅", "ok ")
        say(f"{mark} {check.name:{width}}  {check.message}")
        for line in (check.remedy or "").splitlines():
            say(f"{'':{width}}      {line}")
    found = sum(check.is_finding for check in checks)
    say(f"\n{found} finding(s)" if found else "\nNothing is in the way")


def seeds_checked(report: SeedReport, *, as_json: bool) -> None:
    """Print which rows of the seeds do not fit."""
    if as_json:
        print_json({"files": report.files, "findings": [asdict(one) for one in report.findings]})
        return
    for one in report.findings:
        line = "" if one.line is None else f":{one.line}"
        say(marked("❌", f"{one.path}{line}: {one.message}"))
        for text in (one.detail, one.hint and f"hint: {one.hint}"):
            if text:
                say(f"  {text}")
    if not report.findings:
        say(marked("✅", f"All rows of {report.files} seed file(s) fit the schema"))
