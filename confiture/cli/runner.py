"""What the commands that run migrations have in common: where, how told, with whose consent."""

from __future__ import annotations

import sys
from contextlib import contextmanager, nullcontext, redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import typer

from confiture import render
from confiture.cli.place import environment_of, migrations_dir_of, migrations_in
from confiture.talk import TALK
from confiture_core.errors import ConfigError, ConfitureError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import psycopg

    from confiture.cli.fleet import Fleet
    from confiture.progress import Progress
    from confiture_core.config import Environment
    from confiture_core.migrations.dry_run import Trial
    from confiture_core.migrations.events import Event
    from confiture_core.migrations.executor import Limits, Target
    from confiture_core.migrations.fleet import Member, Work
    from confiture_core.migrations.loader import Direction, MigrationFile

_FAILED = 1
_DOING: dict[Direction, str] = {"up": "apply", "down": "roll back"}


class Place(NamedTuple):
    """Which migrations are run on which database."""

    environment: Environment
    migrations: tuple[MigrationFile, ...]
    limits: Limits

    @property
    def database(self) -> str:
        """The name of the environment's database."""
        assert self.environment.database is not None  # a connection has asked for it
        return self.environment.database.database_name()

    @contextmanager
    def connect(self) -> Iterator[psycopg.Connection[Any]]:
        """Connect to the environment's database."""
        from confiture_core.migrations.connection import connect_environment

        connection = connect_environment(self.environment)
        try:
            yield connection
        finally:
            connection.close()

    def select(self, direction: Direction, target: Target) -> tuple[MigrationFile, ...]:
        """Select what would be run now."""
        from confiture_core.migrations.connection import connect_if_exists
        from confiture_core.migrations.dry_run import select_for

        with connect_if_exists(self.environment) or nullcontext() as connection:
            return select_for(connection, self.migrations, direction, target)


def place_of(
    env: str | None,
    config: str | None,
    migrations_dir: str | None,
    wait: float,
    lock_timeout: str | None = None,
) -> Place:
    """Find the environment and its migrations, and read the time-outs."""
    from confiture_core.migrations.executor import Limits

    environment = environment_of(env, config)
    directory = migrations_dir_of(migrations_dir, environment)
    return Place(
        environment=environment,
        migrations=migrations_in(directory, environment),
        limits=Limits(
            lock_timeout_s=_seconds(lock_timeout, environment.lock_timeout_s),
            statement_timeout_s=environment.statement_timeout_s,
            wait_s=wait,
        ),
    )


def _seconds(duration: str | None, default_s: float) -> float:
    from confiture_core.migrations.options import parse_duration

    seconds = default_s if duration is None else parse_duration(duration)
    if seconds is None:
        raise typer.BadParameter(f'{duration!r} is no duration: write "500ms" or "10s"')
    return seconds


def open_log(*, as_json: bool, log_json: bool) -> None:
    """Let events and errors go to stdout as lines of JSON; to stderr if that is for the result."""
    from confiture.event_log import EventLog

    if log_json:
        TALK.log = EventLog(sys.stderr if as_json else sys.stdout)


def progress_of(*, as_json: bool, log_json: bool) -> Progress:
    """Make what tells of one run."""
    from confiture.progress import Progress

    open_log(as_json=as_json, log_json=log_json)
    return Progress(as_json=as_json, log=TALK.log)


def ask_consent(place: Place, direction: Direction, target: Target) -> None:
    """Ask before anything is run on a protected environment."""
    if place.environment.protected:
        files = place.select(direction, target)
        where = f'database "{place.database}"'
        _ask(place, files, direction, where=where)


def run_all(
    place: Place,
    fleet: Fleet,
    direction: Direction,
    target: Target,
    *,
    jobs: int,
    goes_on: bool,
    is_agreed: bool,
    as_json: bool,
) -> None:
    """Run migrations on every database of a fleet, and exit with 1 if that failed somewhere."""
    from confiture.fleet_reports import FleetReport
    from confiture_core.migrations.events import ignore
    from confiture_core.migrations.fleet import Work, migrate_all

    def log_of(member: Member) -> Callable[[Event], None]:
        if TALK.log is None:
            return ignore
        return TALK.log.of(database=member.settings.shown, schema=member.schema)

    members = fleet.members(place.environment, jobs)
    work = Work(
        migrations=place.migrations,
        direction=direction,
        target=target,
        limits=place.limits,
        jobs=jobs,
        goes_on=goes_on,
        on_event=log_of,
    )
    if place.environment.protected and not is_agreed:
        _ask(place, _select_anywhere(members, work), direction, where=f"{len(members)} databases")
    report = FleetReport(members, direction=direction, as_json=as_json)
    try:
        outcomes = migrate_all(members, work, report.tell)
    finally:
        report.end()
    if any(one.state != "done" for one in outcomes):
        raise typer.Exit(_FAILED)


def _select_anywhere(members: Sequence[Member], work: Work) -> tuple[MigrationFile, ...]:
    """Select what would be run on at least one of the databases."""
    from confiture_core.migrations.fleet import migrate_all
    from confiture_core.migrations.selection import select_applied, select_pending
    from confiture_core.migrations.versions import sort_key

    look = replace(work, direction=None, goes_on=True)
    chosen: dict[MigrationFile, None] = {}
    select = select_applied if work.direction == "down" else select_pending
    for outcome in migrate_all(members, look, lambda outcome: None):
        chosen |= dict.fromkeys(select(work.migrations, outcome.applied, work.target))
    ordered = sorted(chosen, key=lambda file: sort_key(file.version))
    return tuple(ordered[::-1] if work.direction == "down" else ordered)


def _ask(place: Place, files: Sequence[MigrationFile], direction: Direction, *, where: str) -> None:
    """Show what harm a run may do, and ask whether to go on.

    Where nobody can be asked it is refused: consent is then given beforehand, with --yes.
    """
    from confiture.lint_reports import finding_lines
    from confiture_core.lint import find_hazards
    from confiture_core.reach import server_version

    if not files:
        return
    count = f"{_DOING[direction]} {len(files)} migration(s) on {where}"
    environment = place.environment
    version = server_version(environment)
    hazards = find_hazards(files, place.migrations, direction, version=version)
    shown = [f"  {file.label} {direction}" for file in files]
    shown += [line for one in hazards for line in finding_lines(one)]
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise ConfitureError(
            f'environment "{environment.name}" is protected: nothing is run without consent',
            path=environment.shown,
            detail="\n".join([f"it would {count}:", *shown]),
            hint="look at it with --dry-run, and give your consent with --yes",
        )
    render.talk(f'Environment "{environment.name}" is protected. It would {count}:')
    for line in shown:
        render.talk(line)
    if not typer.confirm("Go on?", err=True):
        raise typer.Exit(_FAILED)


def dry_run_of(
    place: Place,
    direction: Direction,
    target: Target,
    *,
    is_run: bool,
    output: str | None,
    as_json: bool,
) -> None:
    """Write down what would be run, or run it and roll it back."""
    from confiture_core.migrations.connection import connect_if_exists
    from confiture_core.migrations.dry_run import select_for, try_out, write_down

    with connect_if_exists(place.environment) or nullcontext() as connection:
        files = select_for(connection, place.migrations, direction, target)
        if not is_run:
            trials = tuple(write_down(one, direction, connection=connection) for one in files)
        elif connection is not None:
            trials = try_out(connection, files, direction, limits=place.limits)
            _say_untried(trials, files)
        else:
            raise ConfitureError(
                f'database "{place.database}" does not exist: nothing can be run in it',
                hint="--dry-run writes the SQL without running it",
            )
    if output is None:
        render.trials(trials, as_json=as_json)
        return
    try:
        with Path(output).open("x", encoding="utf-8") as file, redirect_stdout(file):
            render.trials(trials, as_json=as_json)
    except FileExistsError:
        raise ConfitureError("the file is there already", path=output) from None


def _say_untried(trials: Sequence[Trial], files: Sequence[MigrationFile]) -> None:
    if trials and trials[-1].locks is None:
        render.talk(f"note: {trials[-1].migration.label} commits in steps: it was not run")
    if left := len(files) - len(trials):
        render.talk(f"note: {left} more after it were not tried")


def refuse_dry_run_of_many() -> ConfigError:
    """Say that a dry run is of one database."""
    return ConfigError(
        "a dry run is of one database at a time",
        hint="leave out what names several, and name an environment with --env",
    )
