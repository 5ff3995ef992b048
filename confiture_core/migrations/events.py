"""What a run tells while it runs, for a shell to show.

Named tuples, as a command that runs migrations makes all these classes each time it starts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from confiture_core.migrations.loader import Direction, MigrationFile


class Session(NamedTuple):
    """Another session of the server, as far as we are allowed to see it."""

    pid: int
    user: str | None
    application: str | None
    client: str | None  # address or host name; None: on the server's own machine
    query: str | None  # what it runs, or ran last
    state: str | None  # "active", "idle in transaction"
    since_s: float | None  # how long its transaction, or else its session, has lasted

    def __str__(self) -> str:
        who = self.application or self.user or "unknown"
        where = f" on {self.client}" if self.client else ""
        since = "" if self.since_s is None else f", for {self.since_s:.0f} s"
        state = f", {self.state}" if self.state else ""
        return f"pid {self.pid} ({who}{where}{state}{since})"


class Waiting(NamedTuple):
    """Another runner holds the lock; told once."""

    holder: Session | None


class Planned(NamedTuple):
    """What will be run, in this order."""

    direction: Direction
    migrations: tuple[MigrationFile, ...]


class Started(NamedTuple):
    """A migration is begun."""

    direction: Direction
    migration: MigrationFile


class Finished(NamedTuple):
    """A migration is done and recorded."""

    direction: Direction
    migration: MigrationFile
    duration_s: float


class Failed(NamedTuple):
    """A migration has failed; the error follows as an exception."""

    direction: Direction
    migration: MigrationFile


class Retrying(NamedTuple):
    """A lock was not to be had: the transaction is rolled back and begun again after a while."""

    migration: MigrationFile
    attempt: int  # the one that has just failed, from 1
    delay_s: float
    blockers: tuple[Session, ...]


class Resumed(NamedTuple):
    """A migration that commits in steps goes on where a run before it stopped."""

    direction: Direction
    migration: MigrationFile
    done: int  # how many of its steps are passed over


class Committed(NamedTuple):
    """A step of a migration that commits in steps is done and stays."""

    direction: Direction
    migration: MigrationFile
    done: int  # how many of its steps are


class Forgotten(NamedTuple):
    """A migration without a way down is taken out of the history, and nothing was run."""

    migration: MigrationFile


class Recovered(NamedTuple):
    """What a concurrent build left behind is taken away, or found to be complete."""

    migration: MigrationFile
    message: str


class Advanced(NamedTuple):
    """A long step has come so far; told about once a second."""

    migration: MigrationFile
    what: str  # "in batches by users.id", "building index: scanning table"
    done: int
    total: int | None  # as far as it is known, and then often only about
    unit: str  # "rows", "blocks"
    elapsed_s: float


class Working(NamedTuple):
    """A migration is still at it, and waits for others if there are blockers."""

    migration: MigrationFile
    elapsed_s: float
    blockers: tuple[Session, ...]


class Note(NamedTuple):
    """Something worth knowing that stops nothing."""

    message: str


Event = (
    Waiting
    | Planned
    | Started
    | Finished
    | Failed
    | Retrying
    | Resumed
    | Committed
    | Forgotten
    | Recovered
    | Advanced
    | Working
    | Note
)
OnEvent: TypeAlias = "Callable[[Event], None]"


def ignore(event: Event) -> None:
    """Tell nobody."""
