"""Many databases, or many schemas of one, seen to by a few workers.

Each has its own history and its own lock, so a run that was stopped is gone on with by running it
again: those that are up to date are passed over.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import psycopg

from confiture_core.config.database import DatabaseSettings, url_database
from confiture_core.errors import ConfigError, ConfitureError, DatabaseError
from confiture_core.migrations.connection import connect_member
from confiture_core.migrations.events import Event, ignore
from confiture_core.migrations.executor import Limits, Target, migrate_down, migrate_up
from confiture_core.migrations.history import AppliedMigration, HistoryTable, read_history
from confiture_core.migrations.sending import database_errors
from confiture_core.migrations.status import MigrationStatus, read_status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from confiture_core.migrations.loader import Direction, MigrationFile

    Connection = psycopg.Connection[Any]

State = Literal["done", "failed", "not begun"]

_AS_FAR_AS_USUAL = Target()
_USUAL_LIMITS = Limits()


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
    migrations: tuple[MigrationFile, ...] = ()  # that were applied, or rolled back
    status: tuple[MigrationStatus, ...] = ()  # where that was asked for
    applied: tuple[AppliedMigration, ...] = ()  # likewise
    error: ConfitureError | None = None
    duration_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is to be done with each member, and how many at a time."""

    migrations: Sequence[MigrationFile]
    direction: Direction | None = "up"  # None: only look
    target: Target = _AS_FAR_AS_USUAL
    limits: Limits = _USUAL_LIMITS
    jobs: int = 1
    goes_on: bool = False  # with the others after one has failed
    on_event: Callable[[Member], Callable[[Event], None]] = lambda member: ignore


def members_of(
    databases: Iterable[DatabaseSettings], schemas: Sequence[str], history: HistoryTable
) -> tuple[Member, ...]:
    """Name every schema of every database, or every database where no schemas are given."""
    return tuple(
        _member(settings, schema, history)
        for settings in databases
        for schema in (schemas or (None,))
    )


def query_members(
    catalog: DatabaseSettings, query: str, history: HistoryTable
) -> tuple[Member, ...]:
    """Name what a query against a catalog of databases gives.

    Its first column is a url, or the name of a database on the catalog's server, or null for the
    catalog itself; the second, if there is one, a schema.
    """
    members = []
    for row in _rows(catalog, query):
        if len(row) > 2 or not all(one is None or isinstance(one, str) for one in row):
            raise ConfigError(
                "the query gives no databases",
                detail=f"its first row: {row!r}",
                hint="its first column is the url or name of one, the second, if any, a schema",
            )
        settings = catalog if row[0] is None else parse_database(row[0], catalog)
        members.append(_member(settings, row[1] if len(row) == 2 else None, history))
    return tuple(dict.fromkeys(members))


def query_schemas(settings: DatabaseSettings, query: str) -> tuple[str, ...]:
    """Ask a database for the names of its schemas."""
    return tuple(str(row[0]) for row in _rows(settings, query))


def parse_database(text: str, beside: DatabaseSettings | None) -> DatabaseSettings:
    """Read the url of a database, or the name of one on the same server as another."""
    if text.startswith(("postgresql://", "postgres://")):
        return DatabaseSettings(url=text, dbname=url_database(text))
    if beside is None or "://" in text or "=" in text:
        raise ConfigError(f'"{text}" is no url of a database', hint="postgresql://HOST/DATABASE")
    return beside.of(text)


def migrate_all(
    members: Sequence[Member], work: Work, on_outcome: Callable[[Outcome], None]
) -> tuple[Outcome, ...]:
    """See to all members, `work.jobs` at a time; each outcome is told as it comes.

    After a failure no other is begun, unless the work goes on; those that are begun are finished.
    """
    stop = threading.Event()
    telling = threading.Lock()

    def see_to(member: Member) -> Outcome:
        if stop.is_set():
            outcome = Outcome(member=member, state="not begun")
        else:
            outcome = _see_to(member, work)
        if outcome.state == "failed" and not work.goes_on:
            stop.set()
        with telling:
            on_outcome(outcome)
        return outcome

    with ThreadPoolExecutor(max(1, work.jobs), thread_name_prefix="confiture") as threads:
        try:
            return tuple(threads.map(see_to, members))
        except BaseException:
            # An interrupt: what has not begun is not to begin.
            stop.set()
            raise


def _see_to(member: Member, work: Work) -> Outcome:
    started = time.monotonic()
    try:
        with connect_member(member.settings, member.history, member.schema) as connection:
            outcome = _look(connection, member, work) or _migrate(connection, member, work)
    except ConfitureError as exc:
        outcome = Outcome(member=member, state="failed", error=exc)
    return replace(outcome, duration_s=time.monotonic() - started)


def _look(connection: Connection, member: Member, work: Work) -> Outcome | None:
    if work.direction is not None:
        return None
    with database_errors():
        applied = read_history(connection)
    status = read_status(connection, work.migrations)
    return Outcome(member=member, state="done", status=status, applied=applied)


def _migrate(connection: Connection, member: Member, work: Work) -> Outcome:
    migrate = migrate_down if work.direction == "down" else migrate_up
    done = migrate(
        connection,
        work.migrations,
        target=work.target,
        limits=work.limits,
        on_event=work.on_event(member),
    )
    return Outcome(member=member, state="done", migrations=done)


def _member(settings: DatabaseSettings, schema: str | None, history: HistoryTable) -> Member:
    own = history if schema is None else HistoryTable(schema=schema, name=history.name)
    return Member(settings=settings, history=own, schema=schema)


def _rows(settings: DatabaseSettings, query: str) -> Iterator[tuple[Any, ...]]:
    with connect_member(settings, HistoryTable(), None) as connection:
        try:
            cursor = connection.execute(query.encode(), prepare=False)
            yield from cursor.fetchall() if cursor.description else ()
        except psycopg.Error as exc:
            raise DatabaseError(
                f"the query is refused by {settings.shown}", detail=str(exc).strip()
            ) from exc
