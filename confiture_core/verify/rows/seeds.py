"""The project's seeds on the states of a chain: loaded where they fit, each file once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
from pglast import ast
from pglast.enums import TransactionStmtKind

from confiture_core.builder.script import StatementFailed, load_scripts, run_apart
from confiture_core.errors import ConfitureError
from confiture_core.statements import transaction_control
from confiture_core.verify.comparison import compare_catalogs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confiture_core.builder.script import Script
    from confiture_core.catalog.following import Follower
    from confiture_core.catalog.reading import Reading
    from confiture_core.project import SqlFile
    from confiture_core.statements import Statement

_ENDS = (
    TransactionStmtKind.TRANS_STMT_BEGIN,
    TransactionStmtKind.TRANS_STMT_START,
    TransactionStmtKind.TRANS_STMT_COMMIT,
)
# What is deferred is checked at once: later nobody would know which file it was.
_AFTER = "set constraints all immediate; reset session authorization; reset role; reset all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfit:
    """Seeds that are left out, and why."""

    path: str
    line: int | None
    reason: str


class Seeds:
    """The seeds that are still to be loaded into one database, in their order."""

    def __init__(self, files: Sequence[SqlFile]) -> None:
        self._order = [file.shown for file in files]
        self._unfit: dict[str, Unfit] = {}
        self._pending: list[Script] = []
        for file in files:
            try:
                self._pending += load_scripts([file])
            except ConfitureError as exc:
                self._leave_out(file.shown, exc.line, exc.message)

    @property
    def are_loaded(self) -> bool:
        """Whether nothing is left to be tried."""
        return not self._pending

    @property
    def unfit(self) -> tuple[Unfit, ...]:
        """Those that were left out so far."""
        return tuple(self._unfit[shown] for shown in self._order if shown in self._unfit)

    def load(self, follower: Follower, reading: Reading) -> None:
        """Load those that fit the state, inside the transaction that is open."""
        connection = follower.connection
        pending = []
        for script in self._pending:
            connection.execute("savepoint confiture_seeds", prepare=False)
            if self._fits(follower, script, reading):
                self._unfit.pop(script.file.shown, None)
            else:
                connection.execute("rollback to savepoint confiture_seeds", prepare=False)
                pending.append(script)
            connection.execute("release savepoint confiture_seeds", prepare=False)
        self._pending = pending

    def _fits(self, follower: Follower, script: Script, reading: Reading) -> bool:
        shown, connection = script.file.shown, follower.connection
        statements = [one for one in script.statements if not _is_around(one)]
        control = next((one for one in statements if transaction_control(one)), None)
        if control is not None:
            return self._leave_out(shown, control.line, "it ends the transaction it is loaded in")
        moment = follower.begin()
        try:
            run_apart(connection, statements)
            connection.execute(_AFTER, prepare=False)
        except StatementFailed as exc:
            return self._leave_out(shown, exc.line, _message(exc.cause))
        except psycopg.Error as exc:
            return self._leave_out(shown, None, _message(exc))
        after = follower.read_since(reading, moment)
        if compare_catalogs(reading.catalog, after.catalog, among=after.changed):
            return self._leave_out(shown, None, "it changes the schema")
        return True

    def _leave_out(self, shown: str, line: int | None, reason: str) -> bool:
        self._unfit[shown] = Unfit(path=shown, line=line, reason=reason)
        return False


def _is_around(statement: Statement) -> bool:
    """Tell whether it is the BEGIN or the COMMIT around what a file loads."""
    node = statement.node
    return isinstance(node, ast.TransactionStmt) and node.kind in _ENDS


def _message(exc: psycopg.Error) -> str:
    return exc.diag.message_primary or str(exc).strip()
