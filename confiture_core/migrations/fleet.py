"""Many databases, or many schemas of one, brought up to date by a few workers.

Each has its own history and its own lock, so a run that was stopped is gone on with by running it
again: those that are up to date are passed over.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from confiture_core.config.database import DatabaseSettings, url_database
from confiture_core.errors import ConfigError, ConfitureError
from confiture_core.migrations.connection import connect_member
from confiture_core.migrations.executor import Limits, Target, migrate_up
from confiture_core.migrations.history import HistoryTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from confiture_core.migrations.loader import MigrationFile

State = Literal["done", "failed", "not begun"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One database, or one schema of it."""

    settings: DatabaseSettings
    history: HistoryTable
    schema: str | None = None  # first in the search_path, and where the history is

    @property
    def shown(self) -> str:
        """How reports call it."""
        place = self.settings.shown
        return place if self.schema is None else f"{place} schema {self.schema}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What has become of one member."""

    member: Member
    state: State
    applied: tuple[MigrationFile, ...] = ()
    error: ConfitureError | None = None
    duration_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is to be done with each member."""

    migrations: Sequence[MigrationFile]
    target: Target
    limits: Limits
    jobs: int = 1
    goes_on: bool = False  # with the others after one has failed


def members_of(
    databases: Iterable[DatabaseSettings], schemas: Sequence[str], history: HistoryTable
) -> tuple[Member, ...]:
    """Name every schema of every database, or every database where no schemas are given."""
    found = []
    for settings in databases:
        for schema in schemas or (None,):
            own = history if schema is None else HistoryTable(schema=schema, name=history.name)
            found.append(Member(settings=settings, history=own, schema=schema))
    return tuple(found)


def parse_url(url: str) -> DatabaseSettings:
    """Read the url of a database."""
    if not url.startswith(("postgresql://", "postgres://")):
        raise ConfigError(f'"{url}" is no url of a database', hint="postgresql://HOST/DATABASE")
    return DatabaseSettings(url=url, dbname=url_database(url))


def migrate_all(
    members: Sequence[Member], work: Work, on_outcome: Callable[[Outcome], None]
) -> tuple[Outcome, ...]:
    """Bring all members up to date, `work.jobs` at a time; each outcome is told as it comes.

    After a failure no other is begun, unless the work goes on; those that are begun are finished.
    """
    stop = threading.Event()
    telling = threading.Lock()

    def bring_up(member: Member) -> Outcome:
        if stop.is_set():
            outcome = Outcome(member=member, state="not begun")
        else:
            outcome = _bring_up(member, work)
        if outcome.state == "failed" and not work.goes_on:
            stop.set()
        with telling:
            on_outcome(outcome)
        return outcome

    with ThreadPoolExecutor(max(1, work.jobs), thread_name_prefix="confiture") as threads:
        try:
            return tuple(threads.map(bring_up, members))
        except BaseException:
            # An interrupt: what has not begun is not to begin.
            stop.set()
            raise


def _bring_up(member: Member, work: Work) -> Outcome:
    started = time.monotonic()
    try:
        with connect_member(member.settings, member.history, member.schema) as connection:
            applied = migrate_up(
                connection, work.migrations, target=work.target, limits=work.limits
            )
    except ConfitureError as exc:
        duration_s = time.monotonic() - started
        return Outcome(member=member, state="failed", error=exc, duration_s=duration_s)
    duration_s = time.monotonic() - started
    return Outcome(member=member, state="done", applied=applied, duration_s=duration_s)
