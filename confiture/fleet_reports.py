"""What is said of a run over many databases."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from confiture.render import mark_or_word, marked, print_json, say
from confiture.talk import TALK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confiture_core.migrations.fleet import Outcome


class FleetReport:
    """Says a line of each as it comes, and a summary at the end; or all as JSON."""

    def __init__(self, *, total: int, as_json: bool) -> None:
        self._total = total
        self._as_json = as_json
        self._told = 0

    def tell(self, outcome: Outcome) -> None:
        """Tell what has become of one."""
        self._told += 1
        if self._as_json or TALK.is_quiet or outcome.state == "not begun":
            return
        shown = f"[{self._told}/{self._total}] {outcome.member.shown}"
        if outcome.error is not None:
            say(f"{shown} {mark_or_word('❌', 'failed')}: {outcome.error}")
            return
        what = f"{len(outcome.applied)} applied" if outcome.applied else "nothing pending"
        say(f"{shown} {mark_or_word('✅', 'done')}: {what} ({outcome.duration_s:.1f} s)")

    def end(self, outcomes: Sequence[Outcome]) -> None:
        """Sum it up."""
        states = Counter(one.state for one in outcomes)
        if self._as_json:
            facts = {state: states[state] for state in ("done", "failed", "not begun")}
            counts = {name.replace(" ", "_"): number for name, number in facts.items()}
            print_json({**counts, "databases": [_facts(one) for one in outcomes]})
            return
        if states["done"] == len(outcomes):
            say("\n" + marked("✅", f"All {len(outcomes)} are up to date"))
            return
        left = f"{states['failed']} failed, {states['not begun']} were not begun"
        say(f"\n{states['done']} of {len(outcomes)} are up to date, {left}")
        say("Run it again to go on: what is up to date is passed over")


def _facts(one: Outcome) -> dict[str, object]:
    error = one.error
    return {
        "database": one.member.settings.shown,
        "schema": one.member.schema,
        "state": one.state.replace(" ", "_"),
        "applied": [{"version": file.version, "name": file.name} for file in one.applied],
        "error": None
        if error is None
        else {
            "message": error.message,
            "path": error.path,
            "line": error.line,
            "detail": error.detail,
            "hint": error.hint,
        },
        "duration_s": one.duration_s,
    }
