"""What a run tells, as one line of JSON for each event."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TextIO

from confiture_core.migrations.events import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confiture_core.errors import ConfitureError
    from confiture_core.migrations.events import Event


class EventLog:
    """Writes lines of JSON: `at`, `event`, and what is to be known of it."""

    def __init__(self, stream: TextIO, **facts: object) -> None:
        self._stream = stream
        self._facts = facts

    def __call__(self, event: Event) -> None:
        """Write an event; it is called as its class is."""
        self.write(type(event).__name__.lower(), **dict(_facts(event)))

    def of(self, **facts: object) -> EventLog:
        """Make a log on the same stream whose lines all have these facts."""
        return EventLog(self._stream, **self._facts, **facts)

    def write(self, event: str, **facts: object) -> None:
        """Write one line."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        rounded = {
            name: round(value, 3) if isinstance(value, float) else value
            for name, value in facts.items()
        }
        line = json.dumps({"at": at, "event": event, **self._facts, **rounded}, default=str)
        # In one piece: several threads write.
        self._stream.write(line + "\n")
        self._stream.flush()

    def write_error(self, exc: ConfitureError) -> None:
        """Write an error."""
        facts = {"message": exc.message, "path": exc.path, "line": exc.line}
        self.write("error", **facts, detail=exc.detail, hint=exc.hint)


def _facts(event: Event) -> Iterator[tuple[str, object]]:
    for name, value in event._asdict().items():
        match name:
            case "migration":
                yield "version", value.version
                yield "name", value.name
            case "migrations":
                yield name, [{"version": one.version, "name": one.name} for one in value]
            case "blockers":
                yield name, [one._asdict() for one in value]
            case _:
                yield name, value._asdict() if isinstance(value, Session) else value
