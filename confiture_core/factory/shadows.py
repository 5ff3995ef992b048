"""Shadow databases: temporary ones of ours, made and dropped over one maintenance connection."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from confiture_core.errors import DatabaseError
from confiture_core.factory.attributes import apply_attributes, read_attributes
from confiture_core.factory.databases import (
    Connection,
    connect,
    create_numbered,
    drop,
    end_backends,
    maintenance,
    mark_again,
    read_oid,
    wait_for_backends,
)
from confiture_core.factory.marks import new_mark
from confiture_core.threads import one_thread

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor

    from confiture_core.server import Server

_LEAVING_S = 1.0


@dataclass(slots=True)
class Shadows:
    """The shadow databases of one piece of work; all of them are dropped at its end.

    Threads may share them. What is done over the maintenance connection is done by a thread of its
    own, one thing after the other: an interrupt, which only the main thread has, leaves none half
    done.
    """

    server: Server
    _maintenance: Connection
    _desk: Executor  # of one thread
    _oids: dict[str, int] = field(default_factory=dict)  # of the databases, by name
    _connected: list[str] = field(default_factory=list)  # the databases that are in use
    _is_ended: bool = False

    def make(self, *, template: str = "template0") -> str:
        """Make a database as a copy of the template, to which nobody may be connected.

        What CREATE DATABASE does not copy is copied, too: settings, privileges.
        """
        return self._desk.submit(self._make, template).result()

    def drop(self, name: str) -> None:
        """Drop one before the end."""
        self._desk.submit(self._drop, name).result()

    @contextmanager
    def connect(self, name: str) -> Iterator[Connection]:
        """Connect in autocommit; the connection ends with the block."""
        self._connected.append(name)
        try:
            with closing(connect(self.server, name)) as connection:
                self._refuse_if_ended()
                yield connection
        finally:
            self._connected.remove(name)
        self._desk.submit(self._mark_again, name).result()

    def end(self) -> None:
        """End whatever is running in any of them: threads see their connection closed."""
        self._is_ended = True
        self._desk.submit(self._end_all).result()

    def drop_all(self) -> None:
        """Drop those that are left."""
        self._desk.submit(self._drop_all).result()

    def _make(self, template: str) -> str:
        self._refuse_if_ended()
        if template != "template0":
            # Whoever has just left may not be gone: CREATE DATABASE would sleep 100 ms.
            wait_for_backends(self._maintenance, template, timeout_s=_LEAVING_S)
        name = create_numbered(self._maintenance, "shadow", template=template)
        self._oids[name] = read_oid(self._maintenance, name)
        if template != "template0":
            attributes = read_attributes(self._maintenance, template)
            apply_attributes(self._maintenance, attributes, name)
        return name

    def _refuse_if_ended(self) -> None:
        if self._is_ended:
            raise DatabaseError("the work was ended")

    def _drop(self, name: str) -> None:
        self._mark_again(name)
        drop(self._maintenance, name)
        del self._oids[name]

    def _drop_all(self) -> None:
        for name in tuple(self._oids):
            self._drop(name)

    def _end_all(self) -> None:
        for name in tuple(self._connected):
            end_backends(self._maintenance, name)

    def _mark_again(self, name: str) -> None:
        """Keep what a file says of the database from hiding that it is ours."""
        mark_again(self._maintenance, self._oids[name], new_mark("shadow"))


@contextmanager
def shadows(server: Server) -> Iterator[Shadows]:
    """Make room for shadow databases on the server."""
    with maintenance(server) as connection, one_thread() as desk:
        made = Shadows(server, connection, desk)
        try:
            yield made
        finally:
            made.drop_all()
