"""A run of migrations as it is told to the user, in the words of the guide."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from confiture import render
from confiture.talk import TALK
from confiture_core.migrations.events import (
    Advanced,
    Event,
    Failed,
    Finished,
    Note,
    Planned,
    Recovered,
    Resumed,
    Retrying,
    Started,
    Waiting,
)

if TYPE_CHECKING:
    from confiture_core.migrations.loader import Direction, MigrationFile

_FOUND = {"up": "Found {} pending migration(s)", "down": "Rolling back {} migration(s)"}
_DOING = {"up": "Applying", "down": "Rolling back"}
_DONE = {"up": "applied", "down": "rolled back"}
_NOTHING = {
    "up": "Nothing to apply: no migration is pending",
    "down": "Nothing to roll back: no migration is applied",
}


class Progress:
    """Prints the events of a run as they come, or keeps them for the end if it is to be JSON."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._is_silent = as_json or TALK.is_quiet
        self._is_line_open = False
        self._planned: list[Direction] = []
        self._done: dict[Direction, list[dict[str, object]]] = defaultdict(list)

    def __call__(self, event: Event) -> None:
        """Tell of one event."""
        match event:
            case Planned():
                self._say_planned(event)
            case Started():
                self._begin_line(_line(event.direction, event.migration))
            case Finished():
                self._finish(event)
            case Failed():
                self._end_line(_line(event.direction, event.migration), "❌", "failed")
            case _:
                self._break_line()
                render.talk(_said(event))

    def say_created(self, database: str) -> None:
        """Say that the database was not there."""
        if not self._is_silent:
            render.say(render.marked("✅", f'Created database "{database}"') + "\n")

    def end(self, **facts: object) -> None:
        """Print the last line, or everything as JSON together with other facts."""
        if self._as_json:
            done = {_DONE[one].replace(" ", "_"): self._done[one] for one in self._planned}
            render.print_json({**facts, **done})
            return
        if self._planned and not self._is_silent:
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

    def _finish(self, event: Finished) -> None:
        file = event.migration
        facts = {"version": file.version, "name": file.name, "duration_s": event.duration_s}
        self._done[event.direction].append(facts)
        self._end_line(_line(event.direction, file), "✅", "done")

    def _begin_line(self, line: str) -> None:
        if not self._is_silent:
            render.say(line, is_open=True)
            self._is_line_open = True

    def _end_line(self, line: str, mark: str, word: str) -> None:
        if self._is_silent:
            return
        if not self._is_line_open:
            render.say(line, is_open=True)
        render.say(" " + render.mark_or_word(mark, word))
        self._is_line_open = False

    def _break_line(self) -> None:
        if self._is_line_open:
            render.say()
            self._is_line_open = False


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
        case Note(message=message):
            return f"note: {message}"
    return ""
