"""How much this process says, and on which kind of page.

The result of a command goes to stdout, what is said about the work to stderr. On a terminal the
words carry marks, as in the user's guide; elsewhere, or with NO_COLOR, they are the same words.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO

    from confiture.event_log import EventLog

_MARKS = "✅❌⏳📦⚡📊┏━│█░"


@dataclass(slots=True)
class Talk:
    """What the user has asked for; one per process."""

    is_quiet: bool = False  # only results and errors
    is_verbose: bool = False  # the core's log as well
    is_debug: bool = False  # tracebacks, and all of the log
    is_json: bool = False  # the result is for a program
    log: EventLog | None = None  # where events go, and errors with them

    def forget(self) -> None:
        """Begin again: tests run more than one command in a process."""
        self.is_quiet = self.is_verbose = self.is_debug = self.is_json = False
        self.log = None


TALK = Talk()


def is_fancy(stream: TextIO) -> bool:
    """Tell whether a stream is a terminal that shows colours and marks."""
    if not stream.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    try:
        _MARKS.encode(stream.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True
