"""The pool: clones made ahead and dropped afterwards, so that no test waits for either.

One thread makes, one drops: libpq lets Python run while the server works. Neither is started
before it has something to do, and no clone is made ahead before one was needed.
"""

from __future__ import annotations

import threading
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

import psycopg

from confiture_core.errors import ConfitureError
from confiture_core.factory import databases
from confiture_core.factory.clones import drop_clone

if TYPE_CHECKING:
    from collections.abc import Callable

    from confiture_core.factory.clones import Clone
    from confiture_core.factory.databases import Connection
    from confiture_core.factory.layers import Template
    from confiture_core.server import Server

    Make = Callable[[Connection, Template], Clone]

# More would only help tests shorter than a clone takes to make, and they then wait anyway.
_MAX_DEPTH = 2


class Pool:
    """Clones ready to be handed out, and clones to be dropped; safe to use from one thread."""

    def __init__(self, server: Server, make: Make) -> None:
        self._server = server
        self._make = make
        self._changed = threading.Condition()
        self._ready: dict[int, deque[Clone]] = {}  # by number of the template, as all
        self._depth: dict[int, int] = {}
        self._templates: dict[int, Template] = {}
        self._making: int | None = None  # the template the filler is cloning
        self._used: deque[Clone] = deque()
        self._is_closing = False
        self._threads: dict[str, threading.Thread] = {}

    def take(self, template: Template) -> Clone | None:
        """Give a clone made ahead, if there is one or one is just being made."""
        with self._changed:
            ready = self._ready.setdefault(template.oid, deque())
            self._templates[template.oid] = template
            while not ready and self._making == template.oid:
                self._changed.wait()
            depth = self._depth.get(template.oid)
            if not ready:
                # The first need of a template says nothing yet: most tests only need one clone.
                self._depth[template.oid] = 0 if depth is None else min(depth + 1, _MAX_DEPTH)
            self._changed.notify_all()
            taken = ready.popleft() if ready else None
        if self._depth[template.oid]:
            self._start("filler", self._fill)
        return taken

    def drop(self, used: Clone) -> None:
        """Have a clone dropped."""
        with self._changed:
            self._used.append(used)
            self._changed.notify_all()
        self._start("sweeper", self._sweep)

    def clear(self) -> None:
        """Drop all that was made ahead, and make no more until it is needed."""
        with self._changed:
            self._depth = dict.fromkeys(self._depth, 0)
            ready = [clone for clones in self._ready.values() for clone in clones]
            for clones in self._ready.values():
                clones.clear()
        for clone in ready:
            self.drop(clone)

    def close(self) -> None:
        """Drop all that was made ahead, and wait until everything is dropped."""
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
        filler = self._threads.pop("filler", None)
        if filler is not None:
            filler.join()
        self.clear()
        self._await_sweeper()
        if self._used:
            # It ended with the server's connection, or never had one.
            self._start("sweeper", self._sweep)
            self._await_sweeper()

    def _await_sweeper(self) -> None:
        sweeper = self._threads.pop("sweeper", None)
        if sweeper is not None:
            sweeper.join()

    def _start(self, name: str, work: Callable[[Connection], bool]) -> None:
        thread = self._threads.get(name)
        if thread is None or not thread.is_alive():
            thread = threading.Thread(
                target=self._run, args=(work,), name=f"confiture {name}", daemon=True
            )
            self._threads[name] = thread
            thread.start()

    def _run(self, work: Callable[[Connection], bool]) -> None:
        # A server that is gone is for the tests to say; a thread is started anew when needed.
        with suppress(psycopg.Error, ConfitureError):
            is_done = False
            while not is_done:
                with databases.maintenance(self._server) as own:
                    is_done = work(own)

    def _fill(self, connection: Connection) -> bool:
        while (template := self._next_template()) is not None:
            made = None
            try:
                made = self._make(connection, template)
            finally:
                with self._changed:
                    self._making = None
                    if made is not None:
                        self._ready[template.oid].append(made)
                    else:
                        self._depth[template.oid] = 0
                    self._changed.notify_all()
        return True

    def _next_template(self) -> Template | None:
        with self._changed:
            while not self._is_closing:
                for number, depth in self._depth.items():
                    if len(self._ready[number]) < depth:
                        self._making = number
                        return self._templates[number]
                self._changed.wait()
        return None

    def _sweep(self, connection: Connection) -> bool:
        while (used := self._next_used()) is not None:
            if databases.is_cut_off(connection):
                # The server was restarted: again, by another connection.
                self._used.appendleft(used)
                return False
            # What cannot be dropped now, the next run reaps.
            with suppress(ConfitureError, psycopg.Error):
                drop_clone(connection, used)
        return True

    def _next_used(self) -> Clone | None:
        with self._changed:
            while not self._used:
                if self._is_closing:
                    return None
                self._changed.wait()
            return self._used.popleft()
