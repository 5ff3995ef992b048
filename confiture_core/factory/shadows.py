"""Shadow databases: temporary ones of ours, made and dropped over one maintenance connection."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confiture_core.server import Server

_LEAVING_S = 1.0


@dataclass(slots=True)
class Shadows:
    """The shadow databases of one piece of work; all of them are dropped at its end.

    Threads may share them: the maintenance connection serves one after the other.
    """

    server: Server
    _maintenance: Connection
    _oids: dict[str, int] = field(default_factory=dict)  # of the databases, by name
    _connected: list[str] = field(default_factory=list)  # the databases that are in use
    _lock: Lock = field(default_factory=Lock)

    def make(self, *, template: str = "template0") -> str:
        """Make a database as a copy of the template, to which nobody may be connected."""
        with self._lock:
            if template != "template0":
                # Whoever has just left may not be gone: CREATE DATABASE would sleep 100 ms.
                wait_for_backends(self._maintenance, template, timeout_s=_LEAVING_S)
            name = create_numbered(self._maintenance, "shadow", template=template)
            self._oids[name] = read_oid(self._maintenance, name)
        return name

    def drop(self, name: str) -> None:
        """Drop one before the end."""
        with self._lock:
            self._mark_again(name)
            drop(self._maintenance, name)
            del self._oids[name]

    @contextmanager
    def connect(self, name: str) -> Iterator[Connection]:
        """Connect in autocommit; the connection ends with the block."""
        connection = connect(self.server, name)
        self._connected.append(name)
        try:
            yield connection
        finally:
            self._connected.remove(name)
            connection.close()
        with self._lock:
            self._mark_again(name)

    def end(self) -> None:
        """End whatever is running in any of them: threads see their connection closed."""
        with self._lock:
            for name in tuple(self._connected):
                end_backends(self._maintenance, name)

    def drop_all(self) -> None:
        """Drop those that are left."""
        for name in tuple(self._oids):
            self.drop(name)

    def _mark_again(self, name: str) -> None:
        """Keep what a file says of the database from hiding that it is ours."""
        mark_again(self._maintenance, self._oids[name], new_mark("shadow"))


@contextmanager
def shadows(server: Server) -> Iterator[Shadows]:
    """Make room for shadow databases on the server."""
    with maintenance(server) as connection:
        made = Shadows(server, connection)
        try:
            yield made
        finally:
            made.drop_all()
