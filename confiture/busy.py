"""What is being done, said on a terminal while it takes longer than a second.

One line on stderr, written anew and taken away at the end; none where stderr is no terminal.
"""

from __future__ import annotations

import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from confiture.talk import TALK, is_fancy

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATIENCE_S = 1.0
_EVERY_S = 0.5
_WIDTH = 78
_ERASE = "\r\x1b[K"


class Busy:
    """The line; `what` may change while it is shown."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._start = time.monotonic()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._show, daemon=True)
        if is_fancy(sys.stderr) and not (TALK.is_quiet or TALK.is_verbose):
            self._thread.start()

    def end(self) -> None:
        """Take the line away; it does not come back."""
        self._is_over.set()
        if self._thread.is_alive():
            self._thread.join()

    def _show(self) -> None:
        wait_s = _PATIENCE_S
        while not self._is_over.wait(wait_s):
            line = f"{self.what} ({time.monotonic() - self._start:.0f} s)"
            sys.stderr.write(f"{_ERASE}{line[:_WIDTH]}")
            sys.stderr.flush()
            wait_s = _EVERY_S
        if wait_s == _EVERY_S:
            sys.stderr.write(_ERASE)
            sys.stderr.flush()


@contextmanager
def busy(what: str) -> Iterator[Busy]:
    """Say what is being done until it is."""
    line = Busy(what)
    try:
        yield line
    finally:
        line.end()
