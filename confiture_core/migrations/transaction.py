"""One transaction of the runner's: how it begins, how it ends, and how often it is tried."""

from __future__ import annotations

import functools
import random
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from psycopg import errors
from psycopg.pq import TransactionStatus

from confiture_core.errors import ConfitureError, DatabaseError, LockedError
from confiture_core.migrations.history import history_table
from confiture_core.migrations.lock import lock_key
from confiture_core.migrations.sending import lost_connection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from confiture_core.migrations.events import Session
    from confiture_core.migrations.limits import Limits
    from confiture_core.migrations.watch import SessionWatch

    Connection = psycopg.Connection[Any]

Result = TypeVar("Result")

# Between attempts, doubled each time and varied, so that two runners do not stay in step.
_FIRST_DELAY_S = 0.5
_LONGEST_DELAY_S = 30.0

# What a migration set for itself is not for the next one. Deferred triggers come first: they are
# to run under the settings of the statements that queued them.
SETTLE = (
    "set constraints all immediate",
    "reset session authorization",
    "reset role",
    "reset all",
    "discard temp",
)

# A runner that is killed leaves a statement running whose transaction can only be rolled back:
# let the server notice. Servers on Windows refuse the setting.
_NOTICE_OUR_END = (
    "set_config('client_connection_check_interval', case"
    " when current_setting('dynamic_shared_memory_type') <> 'windows' then '2000' else '0' end,"
    " true)"
)


def opening(
    connection: Connection, limits: Limits, *, label: str, backend_pid: int | None
) -> tuple[str, ...]:
    """Write the statements that begin a transaction with its time-outs.

    The label is for those who look into pg_stat_activity or the server's log.
    `backend_pid` is the session that holds the migration lock. In any other, or where another has
    the lock now, they fail with a division by zero; and until the end of the transaction the lock
    is ours, even if the migration itself gives up all that its session has.
    """
    notices_our_end = connection.info.server_version >= 140000
    key = lock_key(history_table(connection))
    values = _values(limits, notices_our_end, backend_pid, key)
    head = f"/* confiture {label} */ begin"
    return (head, f"select {values}") if values else (head,)


@functools.cache  # of a hundred migrations they are the same
def _values(limits: Limits, notices_our_end: bool, backend_pid: int | None, key: int) -> str:
    values = [f"set_config('{name}', '{value}', true)" for name, value in limits.settings().items()]
    if notices_our_end:
        values.append(_NOTICE_OUR_END)
    if backend_pid is not None:
        is_same = f"pg_backend_pid() = {backend_pid}"
        is_ours = f"pg_try_advisory_xact_lock({key})"
        values.append(f"1 / ({is_same} and {is_ours})::integer")
    return ", ".join(values)


def begin(connection: Connection, limits: Limits, *, label: str, backend_pid: int | None) -> None:
    """Begin a transaction with its time-outs, in one round trip."""
    text = "; ".join(opening(connection, limits, label=label, backend_pid=backend_pid))
    connection.execute(text, prepare=False)


def settle_and_commit(connection: Connection, *statements: str) -> None:
    """Commit together with statements of our own, in one round trip."""
    connection.execute("; ".join([*SETTLE, *statements, "commit"]), prepare=False)


@contextmanager
def rolled_back_on_error(connection: Connection) -> Iterator[None]:
    """Roll back if anything is raised, an interrupt included; a lost connection needs none."""
    try:
        yield
    except BaseException as exc:
        if not connection.closed and connection.info.transaction_status != TransactionStatus.IDLE:
            with suppress(psycopg.OperationalError):
                connection.execute("rollback", prepare=False)
        if isinstance(exc, psycopg.OperationalError) and connection.closed:
            raise lost_connection(exc) from exc
        if isinstance(exc, errors.DivisionByZero):
            # Nothing else of what is ours divides: see `opening`.
            raise DatabaseError(
                "the migration lock was lost: another session has it, or a pooler hands sessions"
                " around",
                hint="give migrations the address of the server itself, and no"
                " pg_advisory_unlock_all()",
            ) from exc
        raise


def with_retries(
    attempt: Callable[[], Result],
    *,
    limits: Limits,
    watch: SessionWatch | None,
    on_retry: Callable[[int, float, tuple[Session, ...]], None],
) -> Result:
    """Try a whole transaction again while it is locks that it does not get.

    A LockedError in the end says whom it waited for, as far as the watch has seen.
    """
    number = 1
    while True:
        try:
            return attempt()
        except ConfitureError as exc:
            if not isinstance(exc.__cause__, errors.LockNotAvailable | errors.DeadlockDetected):
                raise
            blockers = watch.blockers(within_s=_recently(limits)) if watch else ()
            if number >= limits.lock_attempts:
                raise _not_available(exc, number, blockers) from exc
        delay_s = min(_LONGEST_DELAY_S, _FIRST_DELAY_S * 2 ** (number - 1))
        delay_s *= random.uniform(0.5, 1.5)
        on_retry(number, delay_s, blockers)
        time.sleep(delay_s)
        number += 1


def _recently(limits: Limits) -> float:
    return 2 * (limits.lock_timeout_s or 1.0)


def _not_available(
    exc: ConfitureError, attempts: int, blockers: tuple[Session, ...]
) -> LockedError:
    lines = [f"tried {attempts} times" if attempts > 1 else "tried once"]
    for one in blockers:
        lines.append(f"held up by {one}")
        if one.query:
            lines.append(f"    {one.query}")
    hint = "nothing was changed: run it again when the other session is done"
    if blockers:
        hint += f", or end it with: SELECT pg_terminate_backend({blockers[0].pid})"
    return LockedError(
        exc.message, path=exc.path, line=exc.line, detail="\n".join(lines), hint=hint
    )
