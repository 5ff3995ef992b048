"""Verdicts on migrations as text and JSON."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from confiture.cli.place import shown
from confiture.render import marked, print_json, say, talk
from confiture_core.verify.report import draw, verdict_facts
from confiture_core.verify.text import render_verdict, reported

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from confiture_core.server import Server
    from confiture_core.verify.finding import Verdict
    from confiture_core.verify.fix import Fix
    from confiture_core.verify.report import Ledger


def verdict(one: Verdict) -> None:
    """Print a verdict as soon as it is known: what breaks a law, and what is only reported."""
    title = f"{one.migration} {one.law}"
    if not one.holds:
        say(marked("❌", f"{title}: broken{' (cached)' if one.is_cached else ''}"))
        for line in render_verdict(one).splitlines():
            say(f"  {line}".rstrip())
        return
    for line in reported(one):
        say(f"{title}: {line}")


def summary(verdicts: Sequence[Verdict]) -> None:
    """Print how many migrations keep all laws."""
    broken = {one.migration for one in verdicts if not one.holds}
    number = len({one.migration for one in verdicts})
    cached = len({one.migration for one in verdicts if one.is_cached})
    known = f" ({cached} cached: nothing they depend on has changed)" if cached else ""
    if not broken:
        say(marked("✅", f"{number} migration(s) keep all laws{known}"))
        return
    laws = Counter(one.law for one in verdicts if not one.holds)
    counted = ", ".join(f"{law} {count}" for law, count in laws.items())
    say(f"{len(broken)} of {number} migration(s) break a law: {counted}{known}")


def fix(one: Fix) -> None:
    """Tell what to do with a repaired way down, or why there is none."""
    if one.path is None:
        talk(f"{one.migration}: no way down was written: {one.reason}")
        return
    talk(f"{one.migration}: wrote {shown(one.path)}, which keeps the laws of the catalog")
    for loss in one.losses:
        talk(f"  rows do not come back: {loss}")
    talk(f"  read it, then put it in its place: mv {shown(one.path)} {one.replaces}")


def draw_report(path: Path, ledger: Ledger, verdicts: Sequence[Verdict], server: Server) -> None:
    """Write the report, and say where it is."""
    draw(path, ledger, verdicts, server)
    talk(f"report: {path}")


def as_json(verdicts: Sequence[Verdict]) -> None:
    """Print all verdicts for a program."""
    print_json([verdict_facts(one) for one in verdicts])
