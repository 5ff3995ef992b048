"""Transaction isolation: what a test commits is inside a transaction that is rolled back.

All connections of a test are one session with the server. Sequences, which PostgreSQL does not roll
back, are set back afterwards. What one session cannot show (waiting for locks, isolation levels,
deferred constraints at a commit, notifications) cannot be tested so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from confiture_core.factory.handlings import Handling
from pytest_confiture.database import PYTHON_OPTIONS, Database
from pytest_confiture.inside import AsyncInsideConnection, InsideConnection
from pytest_confiture.savepoints import Session, unsupported

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from confiture_core.factory.clones import Clone
    from pytest_confiture.database import AsyncConnection, Connection, Cursor, Query
    from pytest_confiture.savepoints import Settings

_WORD = re.compile(r"(?:\\.|\S)+", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class TransactionDatabase(Database):
    """A database whose test is one transaction."""

    def __init__(self, clone: Clone) -> None:
        super().__init__(clone)
        self.handling = Handling(shown="")  # of the present test
        self._session: Session | None = None
        self._own: InsideConnection | None = None

    def begin(self) -> None:
        """Begin the transaction of a test."""
        self._session = Session(self.clone.session.pgconn)
        self._own = self._connect(None, {"autocommit": True})

    def end(self) -> bool:
        """Roll the transaction back; False if the database is not what it was."""
        session = self._leave()
        return session is not None and session.end()

    def commit(self) -> bool:
        """Commit the transaction of a test whose database is to be kept; False if it fails."""
        session = self._leave()
        return session is not None and session.commit_all()

    def connect(self, *, role: str | None = None, **options: Any) -> Connection:
        """Give another connection in the one session of the test, with the rights of a role."""
        return self._connect(role, options)

    async def aconnect(self, *, role: str | None = None, **options: Any) -> AsyncConnection:
        """Give another connection in the one session of the test, for whoever awaits."""
        session = self._present()
        lock = session.task_lock()
        async with lock:
            settings = _admitted(session, role, options)
        connection = AsyncInsideConnection(session.pgconn)
        connection.lock = lock
        connection.enter(session, settings, options)
        return connection

    def execute(
        self, query: Query, params: Sequence[Any] | Mapping[str, Any] | None = None
    ) -> Cursor:
        """Run one statement and commit it, to the test."""
        if self._own is None:
            raise AssertionError("a test has begun before it executes")
        return self._own.execute(query, params)

    def _connect(self, role: str | None, options: Mapping[str, Any]) -> InsideConnection:
        session = self._present()
        with session.lock:
            settings = _admitted(session, role, options)
        connection = InsideConnection(session.pgconn)
        connection.lock = session.lock
        connection.enter(session, settings, options)
        return connection

    def _present(self) -> Session:
        if self._session is None:
            raise AssertionError("a test has begun before it connects")
        return self._session

    def _leave(self) -> Session | None:
        super().close()
        session, self._session, self._own = self._session, None, None
        return session if self.clone.has_session else None


def _admitted(session: Session, role: str | None, options: Mapping[str, Any]) -> Settings:
    """Read what a connection is given of its own, and try it."""
    for name in options.keys() - PYTHON_OPTIONS - {"application_name", "options"}:
        raise unsupported(f'a connection with a "{name}" of its own')
    settings = _settings(options.get("options") or "")
    if "application_name" in options:
        settings["application_name"] = options["application_name"]
    chosen = role or settings.pop("role", None)
    # Last: it may not set what the others are.
    own = tuple((settings | ({"role": chosen} if chosen else {})).items())
    session.admit(own)
    return own


def _settings(options: str) -> dict[str, str]:
    """Read the settings in libpq's `options`: words, in which a backslash keeps what follows."""
    settings = {}
    words = (_ESCAPED.sub(r"\1", word) for word in _WORD.findall(options))
    for word in words:
        # "-c name=value", "-cname=value" or "--name=value".
        given = next(words, "") if word == "-c" else word[2:]
        name, is_given, value = given.partition("=")
        if not is_given or word[:2] not in {"-c", "--"}:
            raise unsupported(f'a connection with the options "{options}"')
        settings[name.replace("-", "_")] = value
    return settings
