"""Shadow databases: temporary ones of ours, made and dropped over one maintenance connection."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from confiture_core.factory.databases import Connection, connect, create_numbered, drop, maintenance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confiture_core.server import Server


@dataclass(slots=True)
class Shadows:
    """The shadow databases of one piece of work; all of them are dropped at its end.

    Threads may share them: the maintenance connection serves one after the other.
    """

    server: Server
    _maintenance: Connection
    _names: list[str] = field(default_factory=list)
    _connections: set[Connection] = field(default_factory=set)  # that are open
    _lock: Lock = field(default_factory=Lock)

    def make(self, *, template: str = "template0") -> str:
        """Make a database as a copy of the template, to which nobody may be connected."""
        with self._lock:
            name = create_numbered(self._maintenance, "shadow", template=template)
            self._names.append(name)
        return name

    def drop(self, name: str) -> None:
        """Drop one before the end."""
        with self._lock:
            drop(self._maintenance, name)
            self._names.remove(name)

    @contextmanager
    def connect(self, name: str) -> Iterator[Connection]:
        """Connect in autocommit; the connection ends with the block."""
        connection = connect(self.server, name)
        self._connections.add(connection)
        try:
            yield connection
        finally:
            self._connections.discard(connection)
            connection.close()

    def cancel(self) -> None:
        """Stop what is running in any of them."""
        for connection in tuple(self._connections):
            connection.cancel()

    def drop_all(self) -> None:
        """Drop those that are left."""
        for name in tuple(self._names):
            self.drop(name)


@contextmanager
def shadows(server: Server) -> Iterator[Shadows]:
    """Make room for shadow databases on the server."""
    with maintenance(server) as connection:
        made = Shadows(server, connection)
        try:
            yield made
        finally:
            made.drop_all()
