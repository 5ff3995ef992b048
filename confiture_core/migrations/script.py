"""An SQL file of a migration, taken apart into what takes effect together."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, NamedTuple

from pglast import ast
from pglast.enums import AlterTableType, TransactionStmtKind

from confiture_core.errors import MigrationError
from confiture_core.migrations.batches import (
    Batches,
    batches_of,
    refuse_stray_directives,
)
from confiture_core.migrations.options import Options, parse_options
from confiture_core.statements import (
    Statement,
    may_leave_transaction,
    runs_in_transaction,
    split_statements,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confiture_core.migrations.migration import Parameters, Rows

_BEGINS = frozenset({TransactionStmtKind.TRANS_STMT_BEGIN, TransactionStmtKind.TRANS_STMT_START})
_COMMITS = frozenset({TransactionStmtKind.TRANS_STMT_COMMIT})
_SAVEPOINTS = frozenset(
    {
        TransactionStmtKind.TRANS_STMT_SAVEPOINT,
        TransactionStmtKind.TRANS_STMT_RELEASE,
        TransactionStmtKind.TRANS_STMT_ROLLBACK_TO,
    }
)
_DATA_STEPS = (
    ast.CopyStmt,
    ast.DeleteStmt,
    ast.InsertStmt,
    ast.MergeStmt,
    ast.SelectStmt,
    ast.UpdateStmt,
)


# pg_stat_activity shows 1,024 characters, if nobody has changed that.
_SMALL = 1_000
# Statements that answer with rows of COPY, and settings that change how SQL is read.
_READ_APART = re.compile(
    r"^copy\b|standard_conforming_strings|client_encoding|backslash_quote", re.IGNORECASE
)
# What moves rows begins with one of these; nothing else is parsed to know.
_PATIENT = re.compile(
    r"(copy|delete|insert|merge|select|update|with|values)\b|alter\s[\s\S]*\svalidate\s",
    re.IGNORECASE,
)


class Unit(NamedTuple):
    """Statements that take effect together: one, or those between BEGIN and COMMIT."""

    statements: tuple[Statement, ...]  # without the BEGIN and the COMMIT
    is_transactional: bool = True  # False: PostgreSQL refuses to run it inside a transaction
    params: Parameters | None = None  # of the one statement
    rows: Rows | None = None  # that a COPY of a Python migration reads
    batches: Batches | None = None  # that the one statement is run in
    text: str | None = None  # the whole string of a Python migration that it stands in


class Script(NamedTuple):
    """The statements of one direction of a migration.

    In a transactional script no statement ends the transaction: one that does is refused when
    the script is parsed.
    """

    units: tuple[Unit, ...]
    statements: tuple[Statement, ...]  # all of them, in the order they run
    options: Options
    transactional: bool
    is_small: bool  # whether it may be sent in one message
    is_patient: bool  # whether it only moves rows or validates: waiting then holds nobody up


@functools.lru_cache(maxsize=4096)
def parse_script(text: str, *, shown: str) -> Script:
    """Take an SQL file apart; one BEGIN … COMMIT around the whole of it is left out.

    One that is nothing but several such blocks commits in as many steps.
    """
    options = parse_options(text, shown=shown)
    statements = split_statements(text, shown=shown)
    outside = next((one for one in statements if must_run_alone(one)), None)
    refuse_stray_directives(text, statements)
    batched = next((one for one in statements if batches_of(one)), None)
    is_in_steps = outside is not None or batched is not None or _is_in_blocks(statements)
    if options.transactional is False or (options.transactional is None and is_in_steps):
        return _script(_units(statements, shown), options, transactional=False)
    if batched is not None:
        raise MigrationError(
            "what is run in batches commits as it goes, and this migration is to be transactional",
            path=shown,
            line=batched.line,
            hint="leave out `-- confiture: transactional: true`, or the batches",
        )
    statements = _without_outer_pair(statements)
    for one in statements:
        refuse_leaving(one)
    units = tuple(Unit(statements=(one,)) for one in statements)
    return _script(units, options, transactional=True)


def must_run_alone(statement: Statement) -> bool:
    """Tell whether PostgreSQL runs it only outside a transaction."""
    return may_leave_transaction(statement) and not runs_in_transaction(statement)


def refuse_leaving(statement: Statement) -> None:
    """Raise the error of what does not belong in a transaction that the runner begins and ends."""
    if must_run_alone(statement):
        raise MigrationError(
            f'"{_words(statement, 3)}" cannot run inside a transaction',
            path=statement.shown,
            line=statement.line,
            hint="say that the migration is not transactional: `transactional = False` in its"
            " class, or `-- confiture: transactional: false` at the head of its file",
        )
    if (kind := _control(statement)) is not None and kind not in _SAVEPOINTS:
        raise MigrationError(
            f"{_words(statement)} inside a migration that runs in one transaction",
            path=statement.shown,
            line=statement.line,
            hint="take it out: confiture begins and commits the transaction; or let it commit in"
            " steps: `-- confiture: transactional: false` at the head of its file",
        )


def refuse_control(statement: Statement) -> None:
    """Raise the error of BEGIN or COMMIT in a Python migration that commits in steps."""
    if _control(statement) is not None:
        raise MigrationError(
            f"{_words(statement)} in a migration that commits by itself",
            path=statement.shown,
            line=statement.line,
            hint="write `with self.connection.transaction():` around what belongs together",
        )


def _script(units: tuple[Unit, ...], options: Options, *, transactional: bool) -> Script:
    statements = tuple(one for unit in units for one in unit.statements)
    return Script(
        units=units,
        statements=statements,
        options=options,
        transactional=transactional,
        is_small=_is_small([one.sql for one in statements]),
        is_patient=bool(statements) and all(map(_is_patient, statements)),
    )


def _is_small(texts: Sequence[str]) -> bool:
    # One message is what others see in pg_stat_activity: of a longer one they would not see which
    # statement it is at. Settings that change how the rest is read want it read later.
    return sum(map(len, texts)) <= _SMALL and not any(map(_READ_APART.search, texts))


def _control(statement: Statement) -> TransactionStmtKind | None:
    """Return what kind of BEGIN, COMMIT or SAVEPOINT it is; None if it is none."""
    if not may_leave_transaction(statement):
        return None
    node = statement.node
    if not isinstance(node, ast.TransactionStmt) or node.kind is None:
        return None
    return TransactionStmtKind(node.kind)


def _words(statement: Statement, number: int = 1) -> str:
    return " ".join(statement.sql.split()[:number]).upper()


def _is_patient(statement: Statement) -> bool:
    if not _PATIENT.match(statement.sql):
        return False
    node = statement.node
    if isinstance(node, ast.AlterTableStmt):
        return all(
            command.subtype == AlterTableType.AT_ValidateConstraint for command in node.cmds or ()
        )
    return isinstance(node, _DATA_STEPS)


def _without_outer_pair(statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
    # Runners without a transaction of their own have taught people to write this pair; the
    # transaction that holds the history row as well takes its place.
    if len(statements) < 2 or _control(statements[0]) not in _BEGINS:
        return statements
    if _control(statements[-1]) not in _COMMITS:
        return statements
    _refuse_modes(statements[0])
    return statements[1:-1]


def _refuse_modes(begin: Statement) -> None:
    """Raise the error of a BEGIN that says more than that: it is not the one that is run."""
    node = begin.node
    if isinstance(node, ast.TransactionStmt) and node.options:
        raise MigrationError(
            f"{begin.sql}: confiture begins the transaction, and in the server's usual mode",
            path=begin.shown,
            line=begin.line,
            hint="take the mode out; where it matters, let the role have it: ALTER ROLE … SET"
            " default_transaction_isolation",
        )


def _is_in_blocks(statements: Sequence[Statement]) -> bool:
    """Tell whether there are several BEGIN … COMMIT, and no statement outside of them."""
    blocks, is_open = 0, False
    for one in statements:
        kind = _control(one)
        if kind in _BEGINS or kind in _COMMITS:
            if is_open == (kind in _BEGINS):
                return False
            is_open = not is_open
            blocks += is_open
        elif not is_open:
            return False
    return blocks > 1 and not is_open


def _units(statements: Sequence[Statement], shown: str) -> tuple[Unit, ...]:
    units: list[Unit] = []
    begun: Statement | None = None
    block: list[Statement] = []
    for one in statements:
        kind = _control(one)
        if kind in _BEGINS and begun is None:
            _refuse_modes(one)
            begun, block = one, []
        elif kind in _COMMITS and begun is not None:
            begun = None
            if block:
                units.append(Unit(statements=tuple(block)))
        elif kind is not None and (begun is None or kind not in _SAVEPOINTS):
            raise MigrationError(f"{_words(one)} without its pair", path=shown, line=one.line)
        elif begun is None:
            units.append(_unit(one))
        elif must_run_alone(one) or batches_of(one):
            raise MigrationError(
                f'"{_words(one, 3)}" cannot run{_how(one)} between BEGIN and COMMIT',
                path=shown,
                line=one.line,
                hint=f"take out the BEGIN of line {begun.line} and its COMMIT",
            )
        else:
            block.append(one)
    if begun is not None:
        raise MigrationError("BEGIN without COMMIT", path=shown, line=begun.line)
    return tuple(units)


def _unit(statement: Statement) -> Unit:
    return Unit(
        statements=(statement,),
        is_transactional=not must_run_alone(statement),
        batches=batches_of(statement),
    )


def _how(statement: Statement) -> str:
    return " in batches" if batches_of(statement) else ""
