"""The one session with the server in which a test is, and the savepoints that are its commits.

A commit releases a savepoint, a rollback goes back to it, and so does a statement that fails in
autocommit mode.
"""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from psycopg.pq import ExecStatus, TransactionStatus

from confiture_core.errors import Unsupported

if TYPE_CHECKING:
    from psycopg.pq.abc import PGconn

Settings = tuple[tuple[str, str], ...]  # the role among them, last

_SAVEPOINT = "savepoint confiture"
_RELEASE = "release savepoint confiture"
_BACK = "rollback to savepoint confiture"
_ENTRY = "savepoint confiture_entry"
_RELEASE_ENTRY = "release savepoint confiture_entry"
_BACK_TO_ENTRY = "rollback to savepoint confiture_entry"

_ROLE = "role"


class Session:
    """The session behind all connections of a test, in a transaction that is never committed.

    What is done between a savepoint and its end is the work of those who take part in it: who does
    not, neither commits nor undoes it.
    """

    def __init__(self, pgconn: PGconn) -> None:
        self.pgconn = pgconn
        self.lock = threading.Lock()
        self._task_lock: tuple[asyncio.AbstractEventLoop, asyncio.Lock] | None = None
        self._workers: set[object] = set()  # no one: there is no work
        self._settles_itself = False  # the work is a statement in autocommit mode
        self._settings: Settings = ()  # in force
        self._settings_before: Settings = ()  # at the savepoint
        self._superusers: dict[str, bool] = {}  # of the roles that connections have
        self._blocks: list[Block] = []
        self._run("begin")
        self._number = self._run("select pg_catalog.txid_current()")

    def end(self) -> bool:
        """Roll everything back; False if the test itself ended the transaction."""
        try:
            self._undo()
            is_whole = self._run("select pg_catalog.txid_current()") == self._number
            self._run("rollback")
        except psycopg.Error:
            return False
        return is_whole

    def commit_all(self) -> bool:
        """Commit what the test committed; False if that cannot be."""
        try:
            if self._settles_itself:
                self._settle()
            else:
                self._undo()
            # Where a constraint that was deferred is broken, this fails.
            self._run("commit")
        except psycopg.Error:
            return False
        return True

    def task_lock(self) -> asyncio.Lock:
        """Give the lock that all async connections under the running loop share."""
        loop = asyncio.get_running_loop()
        if self._task_lock is None or self._task_lock[0] is not loop:
            self._task_lock = loop, asyncio.Lock()
        return self._task_lock[1]

    def admit(self, settings: Settings) -> None:
        """Try what a new connection was given of its own: an error leaves all as it was."""
        if self._workers and self._settles_itself:
            self._settle()
        if not settings or self._status != TransactionStatus.INTRANS:
            return
        before = self._settings
        self._run(_ENTRY)
        try:
            for command in self._switch(settings):
                self._run(command)
        except psycopg.Error as exc:
            self._run(_BACK_TO_ENTRY)
            self._settings = before
            raise psycopg.OperationalError(str(exc)) from exc
        finally:
            self._run(_RELEASE_ENTRY)
        self._superusers[dict(settings).get(_ROLE, "")] = self._is_superuser

    def next_work(self, worker: object, settings: Settings, *, settles_itself: bool) -> list[str]:
        """Give the commands that begin the next work, or go on with it, for the caller to send."""
        commands: list[str] = []
        if self._status == TransactionStatus.IDLE:
            # The test has ended the transaction itself.
            self._workers.clear()
        elif not self._workers or self._settles_itself:
            if self._workers and self._status == TransactionStatus.INERROR:
                commands = [_BACK]
                self._settings = self._settings_before
            commands += [_RELEASE, _SAVEPOINT] if self._workers else [_SAVEPOINT]
            self._settings_before = self._settings
            self._workers = {worker}
            self._settles_itself = settles_itself
        else:
            self._workers.add(worker)
            if self._status == TransactionStatus.INERROR:
                return []
        return commands + self._switch(settings)

    def switch(self, settings: Settings) -> list[str]:
        """Give the commands that set what a connection was given, inside the present work."""
        return self._switch(settings) if self._status == TransactionStatus.INTRANS else []

    def commit(self, worker: object) -> None:
        """Make the work part of what the test has; undo it if it failed."""
        if worker in self._workers:
            self._settle()

    def rollback(self, worker: object) -> None:
        """Undo the work, unless it was a statement in autocommit mode."""
        if worker not in self._workers:
            return
        if self._settles_itself:
            self._settle()
        else:
            self._undo()

    def open_block(self, worker: object, settings: Settings) -> Block:
        """Begin what `with connection.transaction()` is about."""
        is_outermost = not self._workers or self._settles_itself
        for command in self.next_work(worker, settings, settles_itself=False):
            self._run(command)
        self._blocks.append(Block(self._settings, is_outermost=is_outermost))
        return self._blocks[-1]

    def refuse_crossing(self, block: Block) -> None:
        """Raise an error unless what began last ends first, as savepoints do."""
        if self._blocks[-1] is not block:
            raise unsupported("two transactions at the same time")

    def close_block(self, worker: object, block: Block, *, is_undone: bool) -> None:
        """End it; the savepoint within has undone what it had to."""
        self._blocks.remove(block)
        if is_undone:
            self._settings = block.settings
        if block.is_outermost:
            self.commit(worker)

    @property
    def _status(self) -> int:
        return self.pgconn.transaction_status

    @property
    def _is_superuser(self) -> bool:
        return self.pgconn.parameter_status(b"is_superuser") == b"on"

    def _settle(self) -> None:
        if self._status == TransactionStatus.INERROR:
            self._undo()
        elif self._workers:
            self._run(_RELEASE)
        self._forget_work()

    def _undo(self) -> None:
        if self._workers:
            self._run(_BACK)
            self._run(_RELEASE)
            self._settings = self._settings_before
        self._forget_work()

    def _forget_work(self) -> None:
        self._workers.clear()
        self._settles_itself = False

    def _switch(self, settings: Settings) -> list[str]:
        if settings == self._settings and not self._has_left_role():
            return []
        commands = []
        # Only who the session belongs to may take on any role, and set anything.
        if _ROLE in dict(self._settings):
            commands.append("reset role")
        commands += [
            sql.SQL("reset {}").format(sql.Identifier(*name.split("."))).as_string(None)
            for name in dict(self._settings).keys() - dict(settings).keys() - {_ROLE}
        ]
        commands += [
            sql.SQL("select pg_catalog.set_config({}, {}, false)")
            .format(name, value)
            .as_string(None)
            for name, value in settings
        ]
        self._settings = settings
        return commands

    def _has_left_role(self) -> bool:
        """Say whether the test has left the role of a connection, as by RESET ROLE."""
        role = dict(self._settings).get(_ROLE)
        return role is not None and self._is_superuser and not self._superusers.get(role, True)

    def _run(self, statement: str) -> bytes | None:
        if self._status == TransactionStatus.ACTIVE:
            raise psycopg.OperationalError(
                "a statement of another connection is under way: with isolation"
                ' "transaction", all connections of a test are one session'
            )
        result = self.pgconn.exec_(statement.encode())
        if result.status == ExecStatus.TUPLES_OK:
            return result.get_value(0, 0)
        if result.status != ExecStatus.COMMAND_OK:
            raise psycopg.errors.error_from_result(result)
        return None


class Block:
    """A transaction that a test has opened by `with connection.transaction()`."""

    def __init__(self, settings: Settings, *, is_outermost: bool) -> None:
        self.settings = settings  # in force when it began
        self.is_outermost = is_outermost
        self.is_undone = False


def unsupported(what: str) -> Unsupported:
    """Make the error for what one session in one transaction cannot give."""
    return Unsupported(
        f'{what} cannot be had with isolation "transaction": give the test isolation "auto"'
    )
