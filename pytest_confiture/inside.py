"""Connections whose transactions are savepoints, all in one session with the server.

What a connection was given of its own, a role or settings, is set whenever it is its turn.
"""

from __future__ import annotations

from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, Never

import psycopg
from psycopg._connection_base import BaseConnection
from psycopg.adapt import AdaptersMap
from psycopg.pq import TransactionStatus

from pytest_confiture.savepoints import unsupported

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

    from psycopg.abc import PQGen

    from pytest_confiture.savepoints import Session, Settings


class _Inside(BaseConnection[Any]):
    """What connections inside a session share, async or not."""

    # psycopg warns of connections that are not closed, but for those of a pool.
    _pool = None
    session: Session
    settings: Settings
    is_autocommit: bool
    is_left = False

    def enter(self, session: Session, settings: Settings, options: Mapping[str, Any]) -> None:
        """Take part in a session, with what psycopg.connect takes besides libpq's parameters."""
        self.session = session
        self.settings = settings
        self.worker = object()
        self.is_autocommit = bool(options.get("autocommit", False))
        # Two connections of one session would give their statements the same names.
        self.prepare_threshold = None
        for name in ("row_factory", "cursor_factory"):
            if options.get(name) is not None:
                setattr(self, name, options[name])
        if options.get("context") is not None:
            self._adapters = AdaptersMap(options["context"].adapters)

    @property
    def closed(self) -> bool:
        """Whether it was closed; the session goes on."""
        return self.is_left or super().closed

    @property
    def autocommit(self) -> bool:
        """Whether each statement is its own transaction."""
        return self.is_autocommit

    @autocommit.setter
    def autocommit(self, value: bool) -> None:
        self._set_autocommit(value)

    def pipeline(self) -> Never:
        """Refuse: savepoints are set between statements."""
        raise unsupported("a pipeline")

    def notifies(self, **_options: Any) -> Never:
        """Refuse: they are sent when a transaction is committed."""
        raise unsupported("a notification")

    def _check_intrans_gen(self, attribute: str) -> PQGen[None]:
        # psycopg asks this before it sets what only holds for a transaction as a whole.
        raise unsupported(f"{attribute} of its own")

    def _start_query(self) -> PQGen[None]:
        # psycopg asks this before every statement, of whatever kind of cursor.
        if self.is_left:
            raise psycopg.OperationalError("the connection is closed")
        commands = (
            self.session.switch(self.settings)
            if self._num_transactions
            else self.session.next_work(
                self.worker, self.settings, settles_itself=self.is_autocommit
            )
        )
        for command in commands:
            yield from self._exec_command(command.encode())


class InsideConnection(_Inside, psycopg.Connection[Any]):
    """A connection whose transactions are savepoints."""

    def set_autocommit(self, value: bool) -> None:
        """Say whether each statement is its own transaction."""
        self.is_autocommit = value

    def commit(self) -> None:
        """Commit, to the test."""
        if self._num_transactions:
            super().commit()  # which says that this is no place for it
        with self.lock:
            self.session.commit(self.worker)

    def rollback(self) -> None:
        """Roll back to the last commit."""
        if self._num_transactions:
            super().rollback()
        with self.lock:
            self.session.rollback(self.worker)

    @contextmanager
    def transaction(
        self, savepoint_name: str | None = None, force_rollback: bool = False
    ) -> Iterator[psycopg.Transaction]:
        """Start a transaction, or one inside the present one."""
        with self.lock:
            block = self.session.open_block(self.worker, self.settings)
        block.is_undone = True
        try:
            with super().transaction(savepoint_name, force_rollback) as inner:
                yield inner
                self.session.refuse_crossing(block)
                block.is_undone = force_rollback
        finally:
            with self.lock:
                self.session.close_block(self.worker, block, is_undone=block.is_undone)

    def close(self) -> None:
        """Leave the session to the other connections of the test."""
        if not self.is_left and self.pgconn.transaction_status != TransactionStatus.UNKNOWN:
            with self.lock:
                self.session.rollback(self.worker)
        self.is_left = True

    def _set_autocommit(self, value: bool) -> None:
        self.is_autocommit = value


class AsyncInsideConnection(_Inside, psycopg.AsyncConnection[Any]):
    """The same for whoever awaits."""

    async def set_autocommit(self, value: bool) -> None:
        """Say whether each statement is its own transaction."""
        self.is_autocommit = value

    async def commit(self) -> None:
        """Commit, to the test."""
        if self._num_transactions:
            await super().commit()
        async with self.lock:
            self.session.commit(self.worker)

    async def rollback(self) -> None:
        """Roll back to the last commit."""
        if self._num_transactions:
            await super().rollback()
        async with self.lock:
            self.session.rollback(self.worker)

    @asynccontextmanager
    async def transaction(
        self, savepoint_name: str | None = None, force_rollback: bool = False
    ) -> AsyncIterator[psycopg.AsyncTransaction]:
        """Start a transaction, or one inside the present one."""
        async with self.lock:
            block = self.session.open_block(self.worker, self.settings)
        block.is_undone = True
        try:
            async with super().transaction(savepoint_name, force_rollback) as inner:
                yield inner
                self.session.refuse_crossing(block)
                block.is_undone = force_rollback
        finally:
            async with self.lock:
                self.session.close_block(self.worker, block, is_undone=block.is_undone)

    async def close(self) -> None:
        """Leave the session to the other connections of the test."""
        if not self.is_left and self.pgconn.transaction_status != TransactionStatus.UNKNOWN:
            async with self.lock:
                self.session.rollback(self.worker)
        self.is_left = True
