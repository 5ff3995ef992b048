"""What is said of a run over many databases."""

from __future__ import annotations

import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

from confiture.render import mark_or_word, marked, print_json, say, write_over
from confiture.talk import TALK, is_fancy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confiture_core.migrations.fleet import Member, Outcome
    from confiture_core.migrations.loader import Direction

_DONE = {"up": "applied", "down": "rolled back"}
_FIELDS = {"up": "applied", "down": "rolled_back"}
_BAR_CELLS = 24
_SEVERAL = 2


class FleetReport:
    """Says a line of each as it comes, and a summary at the end; or all as JSON.

    On a terminal a bar below the lines says how far it is.
    """

    def __init__(
        self, members: Sequence[Member], *, direction: Direction | None, as_json: bool
    ) -> None:
        self._members = members
        self._direction = direction
        self._as_json = as_json
        self._is_silent = as_json or TALK.is_quiet or TALK.log is not None
        self._has_bar = not self._is_silent and is_fancy(sys.stderr) and len(members) >= _SEVERAL
        self._started = time.monotonic()
        self._outcomes: dict[Member, Outcome] = {}
        self._draw()

    def tell(self, outcome: Outcome) -> None:
        """Tell what has become of one."""
        if outcome.state == "not begun":
            return
        self._outcomes[outcome.member] = outcome
        if TALK.log is not None:
            facts = _facts(outcome.member, outcome, self._direction)
            TALK.log.write("database", **facts)
        if not self._is_silent:
            self._clear()
            say(self._line(outcome))
            self._draw()

    def end(self) -> None:
        """Sum it up, whether or not all have been seen to."""
        self._clear()
        states = Counter(one.state for one in self._outcomes.values())
        states["not begun"] = len(self._members) - len(self._outcomes)
        counts = {name: states[name] for name in ("done", "failed", "not begun")}
        facts = {name.replace(" ", "_"): number for name, number in counts.items()}
        if self._direction is None:
            facts["behind"] = sum(map(is_behind, self._outcomes.values()))
        if TALK.log is not None:
            TALK.log.write("ended", **facts)
        if self._as_json:
            each = [_facts(one, self._outcomes.get(one), self._direction) for one in self._members]
            print_json({**facts, "databases": each})
        elif TALK.log is None:
            self._say_end(facts)

    def _line(self, outcome: Outcome) -> str:
        place = f"[{len(self._outcomes)}/{len(self._members)}] {outcome.member.shown}"
        if outcome.error is not None:
            failed = f"{place} {mark_or_word('❌', 'failed')}: {outcome.error}"
            # That of many databases one cannot be reached is nothing without the reason.
            why = outcome.error.detail if outcome.error.path is None else None
            return f"{failed} ({' '.join(why.split())})" if why else failed
        if self._direction is None:
            state = ("⏳", "behind") if is_behind(outcome) else ("✅", "up to date")
            return f"{place} {mark_or_word(*state)}: {_status_words(outcome)}"
        count = len(outcome.migrations)
        nothing = "nothing pending" if self._direction == "up" else "nothing to roll back"
        what = f"{count} {_DONE[self._direction]}" if count else nothing
        return f"{place} {mark_or_word('✅', 'done')}: {what} ({outcome.duration_s:.1f} s)"

    def _say_end(self, facts: dict[str, int]) -> None:
        total = len(self._members)
        behind = facts.get("behind", 0)
        if facts["done"] == total and not behind:
            all_are = "are rolled back" if self._direction == "down" else "are up to date"
            say("\n" + marked("✅", f"All {total} {all_are}"))
            return
        done = facts["done"] - behind
        left = f"{facts['failed']} failed, {facts['not_begun']} were not begun"
        if self._direction is None:
            left = f"{behind} are not, {facts['failed']} could not be asked"
        is_done = "rolled back" if self._direction == "down" else "up to date"
        say(f"\n{done} of {total} are {is_done}, {left}")
        if self._direction == "up":
            say("Run it again to go on: what is up to date is passed over")

    def _draw(self) -> None:
        if not self._has_bar:
            return
        done, total = len(self._outcomes), len(self._members)
        cells = _BAR_CELLS * done // max(1, total)
        bar = "█" * cells + "░" * (_BAR_CELLS - cells)
        failed = sum(one.state == "failed" for one in self._outcomes.values())
        parts = [f"{bar} {done} of {total}"] + ([f"{failed} failed"] if failed else [])
        if 0 < done < total:
            left_s = (time.monotonic() - self._started) / done * (total - done)
            parts.append(f"about {left_s:.0f} s left")
        write_over(", ".join(parts))

    def _clear(self) -> None:
        if self._has_bar:
            write_over("")


def is_behind(outcome: Outcome) -> bool:
    """Tell whether a database was looked at in which not every migration is applied."""
    return any(one.state != "applied" for one in outcome.status)


def _status_words(outcome: Outcome) -> str:
    states = Counter[str](one.state for one in outcome.status)
    kinds = ("applied", "pending", "edited", "missing", "partial")
    return ", ".join(f"{states[one]} {one}" for one in kinds if states[one] or one == "applied")


def _facts(member: Member, one: Outcome | None, direction: Direction | None) -> dict[str, object]:
    facts: dict[str, object] = {
        "database": member.settings.shown,
        "schema": member.schema,
        "state": "not_begun" if one is None else one.state,
    }
    if direction is None:
        states = one.status if one else ()
        unlike = [status for status in states if status.state != "applied"]
        facts["applied"] = len(states) - len(unlike)
        facts["migrations"] = [
            {"version": each.version, "name": each.name, "status": each.state} for each in unlike
        ]
    else:
        done = one.migrations if one else ()
        facts[_FIELDS[direction]] = [{"version": f.version, "name": f.name} for f in done]
    error = one.error if one else None
    facts["error"] = (
        None
        if error is None
        else {
            "message": error.message,
            "path": error.path,
            "line": error.line,
            "detail": error.detail,
            "hint": error.hint,
        }
    )
    facts["duration_s"] = one.duration_s if one else 0.0
    return facts
