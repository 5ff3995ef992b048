"""What a run tells while it runs, for a shell to show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from confiture_core.migrations.loader import Direction, MigrationFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Another runner holds the lock; told once."""

    holder: Session | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What will be run, in this order."""

    direction: Direction
    migrations: tuple[MigrationFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A migration is begun."""

    direction: Direction
    migration: MigrationFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A migration is done and recorded."""

    direction: Direction
    migration: MigrationFile
    duration_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A migration has failed; the error follows as an exception."""

    direction: Direction
    migration: MigrationFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrying:
    """A lock was not to be had: the transaction is rolled back and begun again after a while."""

    migration: MigrationFile
    attempt: int  # the one that has just failed, from 1
    delay_s: float
    blockers: tuple[Session, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    """A migration that commits in steps goes on where a run before it stopped."""

    direction: Direction
    migration: MigrationFile
    done: int  # how many of its steps are passed over


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """A step of a migration that commits in steps is done and stays."""

    direction: Direction
    migration: MigrationFile
    done: int  # how many of its steps are


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """A migration without a way down is taken out of the history, and nothing was run."""

    migration: MigrationFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What a concurrent build left behind is taken away, or found to be complete."""

    migration: MigrationFile
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Advanced:
    """A long step has come so far; told about once a second."""

    migration: MigrationFile
    what: str  # "in batches by users.id", "building index: scanning table"
    done: int
    total: int | None  # as far as it is known, and then often only about
    unit: str  # "rows", "blocks"
    elapsed_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """A migration is still at it, and waits for others if there are blockers."""

    migration: MigrationFile
    elapsed_s: float
    blockers: tuple[Session, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
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
