"""What `up` or `down` would do: the SQL written down, or run for a trial and rolled back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from psycopg import ClientCursor

from confiture_core.errors import MigrationError
from confiture_core.migrations.batches import Batches, refuse_batches
from confiture_core.migrations.body import run_body
from confiture_core.migrations.history import read_history
from confiture_core.migrations.limits import Limits
from confiture_core.migrations.run import Direct, Run, limits_of
from confiture_core.migrations.selection import Target, select_applied, select_pending
from confiture_core.migrations.transaction import SETTLE, opening, rolled_back_on_error

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from confiture_core.migrations.loader import Direction, MigrationFile
    from confiture_core.migrations.migration import Cursor
    from confiture_core.migrations.script import Unit

    Connection = psycopg.Connection[Any]

_LOCKS = """
select c.oid::pg_catalog.regclass::text as relation, l.mode
from pg_catalog.pg_locks as l
join pg_catalog.pg_class as c on c.oid = l.relation
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where l.pid = pg_catalog.pg_backend_pid() and l.granted and c.oid = any (%s)
order by 1, 2
"""
_RELATIONS = """
select array_agg(c.oid) from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_toast'
"""


_USUAL_LIMITS = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """A lock on a relation that was there before the migration."""

    relation: str  # "public.users"
    mode: str  # "AccessExclusiveLock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One migration written down; and run, if `locks` says with which locks."""

    migration: MigrationFile
    direction: Direction
    statements: tuple[str, ...]  # with the values of their parameters, as they would be sent
    transactional: bool
    locks: tuple[Lock, ...] | None = None  # held after it, those of the ones before it included


def select_for(
    connection: Connection | None,
    migrations: Sequence[MigrationFile],
    direction: Direction,
    target: Target,
) -> tuple[MigrationFile, ...]:
    """Select what would be run, without the lock; without a database nothing is applied."""
    applied = read_history(connection) if connection else ()
    select = select_pending if direction == "up" else select_applied
    return select(migrations, applied, target)


def write_down(
    file: MigrationFile, direction: Direction, *, connection: Connection | None = None
) -> Trial:
    """Write down the statements of a migration without running any.

    The connection serves only to write the values of parameters. A Python migration that goes by
    the rows it reads cannot be written down: that is an error which says so.
    """
    page = _Page(connection, is_transactional=file.is_transactional(direction))
    run_body(file, direction, page)
    return _trial(file, direction, page)


def try_out(
    connection: Connection,
    files: Sequence[MigrationFile],
    direction: Direction,
    *,
    limits: Limits = _USUAL_LIMITS,
) -> tuple[Trial, ...]:
    """Run migrations in one transaction, read the locks they take, and roll everything back.

    It waits for a lock as long as the limits say, once: whoever comes after has to wait as well.
    A migration that commits in steps cannot be tried so: it is written down, and the trial ends
    with it, for the next ones would miss what it does.
    """
    trials: list[Trial] = []
    with rolled_back_on_error(connection):
        connection.execute("begin", prepare=False)
        for file in files:
            if not file.is_transactional(direction):
                trials.append(write_down(file, direction, connection=connection))
                break
            run = Run(file=file, direction=direction, limits=limits)
            trials.append(_try_one(connection, run))
        connection.execute("rollback", prepare=False)
    return tuple(trials)


class _Page:
    """A sink on which statements are written down, and run as well if there is `to_run`."""

    def __init__(
        self,
        to_write: Connection | None,
        *,
        is_transactional: bool,
        to_run: Connection | None = None,
    ) -> None:
        self.connection = to_run
        self.is_transactional = is_transactional
        self._to_write = to_write
        self.statements: list[str] = []

    def run(self, unit: Unit) -> Cursor:
        """Write the statements down as they would be sent."""
        for statement in unit.statements:
            text = statement.sql
            if unit.params is not None:
                text = _with_values(self._to_write, text, unit)
            if statement.copy_rows is not None:
                text = f"{text};\n{statement.copy_rows}\\."
            if unit.rows is not None:
                text = f"/* with the rows that the migration gives */ {text}"
            self.statements.append(text)
        if self.connection is not None:
            return Direct(self.connection).run(unit)
        # What reads from it finds out that there is nothing to read.
        return cast("Cursor", _Nothing())

    def run_batches(self, batches: Batches) -> int:
        """Write the statement down once."""
        if self.is_transactional:
            raise refuse_batches()
        self.statements.append(f"/* {batches.position}, {batches.size} rows each */ {batches.sql}")
        return 0


class _Nothing:
    """Stands for the result of a statement that was not run."""

    def __getattr__(self, name: str) -> object:
        raise MigrationError(
            f'the migration goes by what it reads ("{name}"): its SQL is not known without'
            " running it",
            hint="run it and roll it back: --dry-run-execute",
        )

    def __iter__(self) -> object:
        return self.__getattr__("fetchall")


def _try_one(connection: Connection, run: Run) -> Trial:
    _, *settings = opening(connection, limits_of(run), label=run.label, backend_pid=None)
    connection.execute("; ".join(settings), prepare=False)
    row = connection.execute(_RELATIONS, prepare=False).fetchone()
    before = row[0] if row and row[0] else []
    page = _Page(connection, is_transactional=True, to_run=connection)
    run_body(run.file, run.direction, page)
    locks = connection.execute(_LOCKS, (before,), prepare=False).fetchall()
    connection.execute("; ".join(SETTLE), prepare=False)
    found = tuple(Lock(relation=relation, mode=mode) for relation, mode in locks)
    return _trial(run.file, run.direction, page, found)


def _trial(
    file: MigrationFile,
    direction: Direction,
    page: _Page,
    locks: tuple[Lock, ...] | None = None,
) -> Trial:
    return Trial(
        migration=file,
        direction=direction,
        statements=tuple(page.statements),
        transactional=page.is_transactional,
        locks=locks,
    )


def _with_values(connection: Connection | None, text: str, unit: Unit) -> str:
    if connection is None:
        raise MigrationError(
            "the migration has parameters: they are written only with a connection",
        )
    return ClientCursor(connection).mogrify(text, unit.params)
