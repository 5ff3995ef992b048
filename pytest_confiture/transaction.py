"""Transaction isolation: what a test commits is inside a transaction that is rolled back.

All connections of a test are one session with the server: a commit releases a savepoint, a
rollback goes back to it, and so does a statement that fails in autocommit mode. Sequences, which
PostgreSQL does not roll back, are set back afterwards. What one session cannot show (waiting for
locks, isolation levels, deferred constraints at a commit, notifications) cannot be tested so.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Never

import psycopg
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.rows import tuple_row

from confiture_core.errors import Unsupported
from confiture_core.factory.factory import Handling
from pytest_confiture.database import Database

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from psycopg.abc import PQGen
    from psycopg.pq.abc import PGconn

    from confiture_core.factory.clones import Clone
    from pytest_confiture.database import AsyncConnection, Connection, Cursor, Query


_SAVEPOINT = "savepoint confiture"
_RELEASE = "release savepoint confiture"
_BACK = "rollback to savepoint confiture"


class _Session:
    """The session behind all connections of a test, in a transaction that is never committed."""

    def __init__(self, pgconn: PGconn) -> None:
        self.pgconn = pgconn
        self._has_work = False
        self._settles_itself = False  # the work is a statement in autocommit mode
        self._run("begin")
        self._number = self._run("select pg_catalog.txid_current()")

    def end(self) -> bool:
        """Roll everything back; False if the test itself ended the transaction."""
        try:
            self.rollback()
            is_whole = self._run("select pg_catalog.txid_current()") == self._number
            self._run("rollback")
        except psycopg.Error:
            return False
        return is_whole

    def commit_all(self) -> bool:
        """Commit what the test committed; False if that cannot be."""
        try:
            if self._settles_itself:
                self.commit()
            else:
                self.rollback()
            # Where a constraint that was deferred is broken, this fails.
            self._run("commit")
        except psycopg.Error:
            return False
        return True

    def begin(self) -> bool:
        """Set the savepoint of the next work; False if the present work goes on."""
        commands = self.next_work(settles_itself=False)
        for command in commands:
            self._run(command)
        return bool(commands)

    def next_work(self, *, settles_itself: bool) -> tuple[str, ...]:
        """Give the commands that begin the next work, for the caller to send."""
        if self._has_work and not self._settles_itself:
            return ()
        commands = []
        if self._has_work:
            has_failed = self.pgconn.transaction_status == TransactionStatus.INERROR
            commands = [_BACK, _RELEASE] if has_failed else [_RELEASE]
        elif self.pgconn.transaction_status != TransactionStatus.INTRANS:
            return ()
        self._has_work = True
        self._settles_itself = settles_itself
        return (*commands, _SAVEPOINT)

    def commit(self) -> None:
        """Make the work part of what the test has; roll it back if it failed."""
        if self.pgconn.transaction_status == TransactionStatus.INERROR:
            self.rollback()
        elif self._has_work:
            self._run(_RELEASE)
        self._has_work = self._settles_itself = False

    def rollback(self) -> None:
        """Undo the work."""
        if self._has_work:
            self._run(_BACK)
            self._run(_RELEASE)
        self._has_work = self._settles_itself = False

    def _run(self, statement: str) -> bytes | None:
        result = self.pgconn.exec_(statement.encode())
        if result.status == ExecStatus.TUPLES_OK:
            return result.get_value(0, 0)
        if result.status != ExecStatus.COMMAND_OK:
            raise psycopg.errors.error_from_result(result)
        return None


class _InsideConnection(psycopg.Connection[Any]):
    """A connection whose transactions are savepoints."""

    # psycopg warns of connections that are not closed, but for those of a pool.
    _pool = None
    session: _Session
    is_autocommit: bool

    @property
    def autocommit(self) -> bool:
        """Whether each statement is its own transaction."""
        return self.is_autocommit

    @autocommit.setter
    def autocommit(self, value: bool) -> None:
        self.is_autocommit = value

    def set_autocommit(self, value: bool) -> None:
        """Say whether each statement is its own transaction."""
        self.is_autocommit = value

    def commit(self) -> None:
        """Commit, to the test."""
        if self._num_transactions:
            super().commit()  # which says that this is no place for it
        self.session.commit()

    def rollback(self) -> None:
        """Roll back to the last commit."""
        if self._num_transactions:
            super().rollback()
        self.session.rollback()

    @contextmanager
    def transaction(
        self, savepoint_name: str | None = None, force_rollback: bool = False
    ) -> Iterator[psycopg.Transaction]:
        """Start a transaction, or one inside the present one."""
        is_outermost = self.session.begin()
        try:
            with super().transaction(savepoint_name, force_rollback) as inner:
                yield inner
        finally:
            # The inner one has undone what it had to.
            if is_outermost:
                self.session.commit()

    def pipeline(self) -> Never:
        """Refuse: savepoints are set between statements."""
        raise Unsupported('a pipeline cannot be had with isolation "transaction"')

    def close(self) -> None:
        """Leave the session to the other connections of the test."""
        if self.session.pgconn.transaction_status != TransactionStatus.UNKNOWN:
            self.session.rollback()

    def _start_query(self) -> PQGen[None]:
        # psycopg asks this before every statement, of whatever kind of cursor.
        if not self._num_transactions:
            for command in self.session.next_work(settles_itself=self.is_autocommit):
                yield from self._exec_command(command.encode())


class TransactionDatabase(Database):
    """A database whose test is one transaction."""

    def __init__(self, clone: Clone) -> None:
        super().__init__(clone)
        self.handling = Handling(shown="")  # of the present test
        self._session: _Session | None = None
        self._own: _InsideConnection | None = None

    def begin(self) -> None:
        """Begin the transaction of a test."""
        self._session = _Session(self.clone.session.pgconn)
        self._own = self._inside(autocommit=True)

    def end(self) -> bool:
        """Roll the transaction back; False if the database is not what it was."""
        session = self._leave()
        return session is not None and session.end()

    def commit(self) -> bool:
        """Commit the transaction of a test whose database is to be kept; False if it fails."""
        session = self._leave()
        return session is not None and session.commit_all()

    def connect(self, *, role: str | None = None, **options: Any) -> Connection:
        """Give another connection in the one session of the test."""
        if role is not None:
            raise Unsupported('a role of its own cannot be had with isolation "transaction"')
        return self._inside(**options)

    async def aconnect(self, **options: Any) -> AsyncConnection:
        """Refuse: the session belongs to a connection that is not async."""
        raise Unsupported('an async connection cannot be had with isolation "transaction"')

    def execute(
        self, query: Query, params: Sequence[Any] | Mapping[str, Any] | None = None
    ) -> Cursor:
        """Run one statement and commit it, to the test."""
        if self._own is None:
            raise AssertionError("a test has begun before it executes")
        return self._own.execute(query, params)

    def _leave(self) -> _Session | None:
        super().close()
        session, self._session, self._own = self._session, None, None
        return session if self.clone.has_session else None

    def _inside(
        self,
        *,
        autocommit: bool = False,
        row_factory: Any = tuple_row,
        cursor_factory: Any = None,
        context: Any = None,
    ) -> _InsideConnection:
        if self._session is None:
            raise AssertionError("a test has begun before it connects")
        connection = _InsideConnection(self._session.pgconn, row_factory=row_factory)
        connection.session = self._session
        connection.is_autocommit = autocommit
        # Two connections of one session would give their statements the same names.
        connection.prepare_threshold = None
        if cursor_factory is not None:
            connection.cursor_factory = cursor_factory
        if context is not None:
            connection._adapters = psycopg.adapt.AdaptersMap(context.adapters)
        return connection
