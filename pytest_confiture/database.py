"""The database a test has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, LiteralString

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.pq import ExecStatus, TransactionStatus

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from psycopg import sql
    from psycopg.pq.abc import PGconn

    Query = LiteralString | bytes | sql.SQL | sql.Composed

    from confiture_core.factory.clones import Clone

Connection = psycopg.Connection[tuple[Any, ...]]
AsyncConnection = psycopg.AsyncConnection[tuple[Any, ...]]
Cursor = psycopg.Cursor[tuple[Any, ...]]


class Database:
    """A database of the test's own, and the ways into it.

    The connections it gives out are closed after the test.
    """

    def __init__(self, clone: Clone) -> None:
        self.clone = clone
        self._connections: list[Connection | AsyncConnection] = []

    def __repr__(self) -> str:
        return f"<Database {self.name}>"

    @property
    def name(self) -> str:
        """The name of the database."""
        return self.clone.name

    @property
    def host(self) -> str:
        """The name or address of the server, or the directory of its socket."""
        return self.clone.server.host

    @property
    def port(self) -> int:
        """The port of the server."""
        return self.clone.server.port

    @property
    def user(self) -> str:
        """The user the database belongs to."""
        return self.clone.server.user

    @property
    def password(self) -> str | None:
        """The password of the user, if the server asks for one."""
        return self.clone.server.password

    @property
    def conninfo(self) -> str:
        """The connection string as libpq reads it."""
        return self.clone.server.conninfo(self.name)

    @property
    def url(self) -> str:
        """The connection as a URL: `postgresql://…`."""
        return self.clone.server.url(self.name)

    @property
    def environ(self) -> dict[str, str]:
        """The environment variables by which libpq and its programs find the database."""
        found = {
            "PGHOST": self.host,
            "PGPORT": str(self.port),
            "PGUSER": self.user,
            "PGDATABASE": self.name,
        }
        return found | ({"PGPASSWORD": self.password} if self.password else {})

    def connect(self, *, role: str | None = None, **options: Any) -> Connection:
        """Open a connection; with a role, one that has this role's rights and no more."""
        connection = psycopg.Connection.connect(
            self._conninfo(role, options), **_python_options(options)
        )
        self._add(connection)
        return connection

    async def aconnect(self, *, role: str | None = None, **options: Any) -> AsyncConnection:
        """Open an async connection, under whichever event loop runs this."""
        connection = await psycopg.AsyncConnection.connect(
            self._conninfo(role, options), **_python_options(options)
        )
        self._add(connection)
        return connection

    def execute(
        self, query: Query, params: Sequence[Any] | Mapping[str, Any] | None = None
    ) -> Cursor:
        """Run one statement and commit it, on a connection of its own."""
        return self.clone.session.execute(query, params)

    def close(self) -> tuple[str, ...]:
        """Close the connections given out, and tell of transactions that were left open."""
        leaks = [_LEFT_OPEN for connection in self._connections if _has_unsaved(connection.pgconn)]
        for connection in self._connections:
            # Of async ones, too: their loop may be gone, and there is nothing to wait for.
            connection.pgconn.finish()
        self._connections.clear()
        return tuple(leaks)

    def _add(self, connection: Connection | AsyncConnection) -> None:
        self._connections.append(connection)
        self.clone.known_sessions.add(connection.info.backend_pid)

    def _conninfo(self, role: str | None, options: dict[str, Any]) -> str:
        parameters = {key: value for key, value in options.items() if key not in PYTHON_OPTIONS}
        if role is not None:
            # Not SET ROLE: RESET ROLE and DISCARD ALL lead back to it.
            escaped = role.replace("\\", "\\\\").replace(" ", "\\ ")
            given = parameters.get("options")
            parameters["options"] = f"{given} -c role={escaped}" if given else f"-c role={escaped}"
        return make_conninfo(self.conninfo, **parameters)


_LEFT_OPEN = "a transaction was left open: what was written in it was neither committed nor undone"


def _has_unsaved(pgconn: PGconn) -> bool:
    """Say whether a connection is in a transaction that has written."""
    if pgconn.transaction_status != TransactionStatus.INTRANS:
        return False
    result = pgconn.exec_(b"select pg_catalog.txid_current_if_assigned() is not null")
    return result.status == ExecStatus.TUPLES_OK and result.get_value(0, 0) == b"t"


# What psycopg.connect takes besides libpq's parameters.
PYTHON_OPTIONS = frozenset(
    {"autocommit", "context", "cursor_factory", "prepare_threshold", "row_factory"}
)


def _python_options(options: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in options.items() if key in PYTHON_OPTIONS}
