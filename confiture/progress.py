"""A run of migrations as it is told to the user, in the words of the guide."""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from typing import TYPE_CHECKING

from confiture import render
from confiture.talk import TALK, is_fancy
from confiture_core.migrations.events import (
    Advanced,
    Committed,
    Event,
    Failed,
    Finished,
    Forgotten,
    Note,
    Planned,
    Recovered,
    Resumed,
    Retrying,
    Started,
    Waiting,
    Working,
)

if TYPE_CHECKING:
    from confiture.event_log import EventLog
    from confiture_core.migrations.loader import Direction, MigrationFile

_FOUND = {"up": "Found {} pending migration(s)", "down": "Rolling back {} migration(s)"}
_DOING = {"up": "Applying", "down": "Rolling back"}
_DONE = {"up": "applied", "down": "rolled back"}
_NOTHING = {
    "up": "Nothing to apply: no migration is pending",
    "down": "Nothing to roll back: no migration is applied",
}
# Where lines stay, as in the log of a CI, one each second is too many.
_TELL_EVERY_S = 10.0


class Progress:
    """Prints the events of a run as they come, or keeps them for the end if it is to be JSON."""

    def __init__(self, *, as_json: bool, log: EventLog | None = None) -> None:
        self._as_json = as_json
        self._log = log
        self._is_silent = as_json or log is not None or TALK.is_quiet
        self._is_line_open = self._is_written_over = False
        self._told_at = float("-inf")
        self._planned: list[Direction] = []
        self._done: dict[Direction, list[dict[str, object]]] = defaultdict(list)
        self._forgotten: list[dict[str, object]] = []

    def __call__(self, event: Event) -> None:
        """Tell of one event."""
        if self._log is not None:
            self._log(event)
        match event:
            case Planned():
                self._say_planned(event)
            case Started():
                self._begin_line(_line(event.direction, event.migration))
            case Finished():
                self._finish(event)
            case Forgotten():
                self._forget(event)
            case Failed():
                self._end_line(event, "❌", "failed")
            case Committed():
                pass  # a line for each would be no help to people
            case _ if self._log is None:
                self._talk(event)

    def say_created(self, database: str) -> None:
        """Say that the database was not there."""
        if self._log is not None:
            self._log.write("created", database=database)
        if not self._is_silent:
            render.say(render.marked("✅", f'Created database "{database}"') + "\n")

    def end(self, **facts: object) -> None:
        """Print the last line, or everything as JSON together with other facts."""
        done = {_DONE[one].replace(" ", "_"): self._done[one] for one in self._planned}
        if "down" in self._planned:
            done["forgotten"] = self._forgotten
        if self._log is not None:
            self._log.write("ended", **facts, **{name: len(rows) for name, rows in done.items()})
        if self._as_json:
            render.print_json({**facts, **done})
        elif self._planned and not self._is_silent:
            self._say_done()

    def _say_planned(self, event: Planned) -> None:
        if self._planned and not self._is_silent:
            self._say_done()
            render.say()
        self._planned.append(event.direction)
        if self._is_silent:
            return
        if not event.migrations:
            render.say(_NOTHING[event.direction])
            return
        line = _FOUND[event.direction].format(len(event.migrations))
        render.say(render.marked("📦", line) + "\n")

    def _say_done(self) -> None:
        direction = self._planned[-1]
        if count := len(self._done[direction]):
            line = f"Successfully {_DONE[direction]} {count} migration(s)!"
            render.say("\n" + render.marked("✅", line))
        if direction == "down" and (count := len(self._forgotten)):
            render.say(
                f"\n{count} migration(s) were only taken out of the history: what they did is"
                " still there"
            )

    def _finish(self, event: Finished) -> None:
        file = event.migration
        facts = {"version": file.version, "name": file.name, "duration_s": event.duration_s}
        self._done[event.direction].append(facts)
        self._end_line(event, "✅", "done")

    def _forget(self, event: Forgotten) -> None:
        file = event.migration
        self._forgotten.append({"version": file.version, "name": file.name})
        self._end_line(event, "❌", "not rolled back: it has no way down")

    def _talk(self, event: Event) -> None:
        if isinstance(event, Advanced) and self._is_too_soon():
            return
        if isinstance(event, Advanced | Working) and is_fancy(sys.stderr) and not TALK.is_quiet:
            # In the place of the line that is open, until there is more to say.
            render.write_over(_said(event))
            self._is_line_open, self._is_written_over = False, True
            return
        self._break_line()
        render.talk(_said(event))

    def _is_too_soon(self) -> bool:
        now = time.monotonic()
        if not is_fancy(sys.stderr) and now - self._told_at < _TELL_EVERY_S:
            return True
        self._told_at = now
        return False

    def _begin_line(self, line: str) -> None:
        if not self._is_silent:
            render.say(line, is_open=True)
            self._is_line_open = True

    def _end_line(self, event: Finished | Forgotten | Failed, mark: str, word: str) -> None:
        if self._is_silent:
            return
        self._uncover()
        if not self._is_line_open:
            direction = "down" if isinstance(event, Forgotten) else event.direction
            render.say(_line(direction, event.migration), is_open=True)
        render.say(" " + render.mark_or_word(mark, word))
        self._is_line_open = False

    def _break_line(self) -> None:
        self._uncover()
        if self._is_line_open:
            render.say()
            self._is_line_open = False

    def _uncover(self) -> None:
        if self._is_written_over:
            render.write_over("")
            self._is_written_over = False


def _line(direction: Direction, file: MigrationFile) -> str:
    return render.marked("⚡", f"{_DOING[direction]} {file.label}...")


def _said(event: Event) -> str:
    match event:
        case Waiting(holder=None):
            return "waiting for another runner to end"
        case Waiting(holder=holder):
            return f"waiting for another runner to end: {holder}"
        case Retrying():
            who = "".join(f"\n  blocked by {session}" for session in event.blockers)
            return f"no lock: attempt {event.attempt + 1} in {event.delay_s:.1f} s{who}"
        case Resumed():
            return f"{event.migration.label} goes on after {event.done} steps that are done"
        case Recovered():
            return f"{event.migration.label}: {event.message}"
        case Advanced():
            total = f" of about {event.total:,}" if event.total else ""
            rate = f" ({event.done / event.elapsed_s:,.0f}/s)" if event.elapsed_s else ""
            return f"{event.what}: {event.done:,}{total} {event.unit}{rate}"
        case Working():
            who = ", ".join(map(str, event.blockers))
            waits = f", waiting for {who}" if who else ""
            return f"{event.migration.label}: at it for {event.elapsed_s:.0f} s{waits}"
        case Note(message=message):
            return f"note: {message}"
    return ""
