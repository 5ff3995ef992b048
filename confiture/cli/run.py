"""`migrate up`, `down`, `redo`, `baseline` and `accept`: what changes a database."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from confiture import render
from confiture.cli.adopt import detected_version
from confiture.cli.fleet import Databases, DatabasesFile, GoOn, Jobs, Schemas, up_all
from confiture.cli.options import Config, Env, Json, MigrationsDir, ServerUrl
from confiture.cli.place import environment_of, migrations_dir_of
from confiture_core.errors import ConfitureError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from confiture.progress import Progress
    from confiture_core.config import Environment
    from confiture_core.migrations.executor import Limits, Target
    from confiture_core.migrations.loader import Direction, MigrationFile

Steps = Annotated[
    int | None, typer.Option("--steps", metavar="N", help="Only that many, by default all.")
]
DownSteps = Annotated[
    int | None, typer.Option("--steps", metavar="N", help="That many, by default one.")
]
UpTo = Annotated[
    str | None, typer.Option("--to", metavar="VERSION", help="The last version to apply.")
]
DownTo = Annotated[
    str | None, typer.Option("--to", metavar="VERSION", help="The version that stays; 0: none.")
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Write the SQL that would be run, and run none of it.")
]
Trial = Annotated[
    bool,
    typer.Option(
        "--dry-run-execute", help="Run it, say which locks it takes, and roll everything back."
    ),
]
OutOfOrder = Annotated[
    bool,
    typer.Option("--out-of-order", help="Apply what is older than the newest that is applied."),
]
Force = Annotated[
    bool,
    typer.Option(
        "--force", help="Take what cannot be rolled back out of the history all the same."
    ),
]
Wait = Annotated[
    float,
    typer.Option("--wait", metavar="SECONDS", help="How long to wait for another runner to end."),
]
LockTimeout = Annotated[
    str | None,
    typer.Option(
        "--lock-timeout",
        metavar="DURATION",
        help="How long a statement waits for a lock: 500ms, 10s; 0: for ever.",
    ),
]
Through = Annotated[
    str | None,
    typer.Option("--through", "--to", metavar="VERSION", help="The last version to record."),
]
Detect = Annotated[
    bool,
    typer.Option("--detect", help="Find the last version by comparing the whole schema."),
]


def up(
    to: UpTo = None,
    steps: Steps = None,
    out_of_order: OutOfOrder = False,
    database: Databases = None,
    databases: DatabasesFile = None,
    schemas: Schemas = None,
    jobs: Jobs = 4,
    go_on: GoOn = False,
    dry_run: DryRun = False,
    dry_run_execute: Trial = False,
    wait: Wait = 60,
    lock_timeout: LockTimeout = None,
    migrations_dir: MigrationsDir = None,
    env: Env = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Apply the pending migrations, making the database if it is not there.

    The JSON has database, created (whether it was made), applied (version, name, duration_s). For
    many databases: done, failed, not_begun, and databases: database, schema, state, applied, error.
    """
    from confiture_core.migrations.connection import create_if_missing
    from confiture_core.migrations.executor import Target, migrate_up
    from confiture_core.migrations.fleet import Work

    place = _place(env, config, migrations_dir, wait, lock_timeout)
    target = Target(to=to, steps=steps, out_of_order=out_of_order)
    many = bool(database or databases or schemas)
    if dry_run or dry_run_execute:
        _refuse_dry_run_of_many(many)
        _dry_run(place, "up", target, is_run=dry_run_execute, as_json=as_json)
        return
    if many:
        work = Work(
            migrations=place.migrations,
            target=target,
            limits=place.limits,
            jobs=jobs,
            goes_on=go_on,
        )
        up_all(place.environment, database or [], databases, schemas, work, as_json=as_json)
        return
    created = create_if_missing(place.environment)
    progress = _progress(as_json=as_json)
    if created:
        progress.say_created(place.database)
    with place.connect() as connection:
        migrate_up(
            connection, place.migrations, target=target, limits=place.limits, on_event=progress
        )
    progress.end(database=place.database, created=created)


def _refuse_dry_run_of_many(many: bool) -> None:
    from confiture_core.errors import ConfigError

    if many:
        raise ConfigError(
            "a dry run is of one database at a time",
            hint="leave out --database, --databases and --schemas, and name one with --env",
        )


def down(
    to: DownTo = None,
    steps: DownSteps = None,
    force: Force = False,
    dry_run: DryRun = False,
    dry_run_execute: Trial = False,
    wait: Wait = 60,
    lock_timeout: LockTimeout = None,
    migrations_dir: MigrationsDir = None,
    env: Env = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Roll back the newest migration that is applied, or several.

    The JSON has database and rolled_back (version, name, duration_s).
    """
    from confiture_core.migrations.executor import Target, migrate_down

    place = _place(env, config, migrations_dir, wait, lock_timeout)
    target = Target(to=to, steps=steps, forced=force)
    if dry_run or dry_run_execute:
        _dry_run(place, "down", target, is_run=dry_run_execute, as_json=as_json)
        return
    progress = _progress(as_json=as_json)
    with place.connect() as connection:
        migrate_down(
            connection, place.migrations, target=target, limits=place.limits, on_event=progress
        )
    progress.end(database=place.database)


def redo(
    to: DownTo = None,
    steps: DownSteps = None,
    wait: Wait = 60,
    lock_timeout: LockTimeout = None,
    migrations_dir: MigrationsDir = None,
    env: Env = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Roll back the newest migration, or several, and apply the same again as the files are now.

    The JSON has database, rolled_back and applied (version, name, duration_s).
    """
    from confiture_core.migrations import executor

    place = _place(env, config, migrations_dir, wait, lock_timeout)
    target = executor.Target(to=to, steps=steps)
    progress = _progress(as_json=as_json)
    with place.connect() as connection:
        executor.redo(
            connection, place.migrations, target=target, limits=place.limits, on_event=progress
        )
    progress.end(database=place.database)


def baseline(
    through: Through = None,
    detect: Detect = False,
    server_url: ServerUrl = None,
    wait: Wait = 60,
    migrations_dir: MigrationsDir = None,
    env: Env = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Record migrations as applied without running them: the database has them already.

    --detect goes through the migrations on a shadow database to see where this one stands.
    The JSON has database and recorded (version, name).
    """
    from confiture_core.migrations import executor

    place = _place(env, config, migrations_dir, wait)
    if detect:
        through = detected_version(place.environment, place.migrations, through, server_url)
    with place.connect() as connection:
        files = executor.baseline(
            connection, place.migrations, through=through, limits=place.limits
        )
    render.recorded(files, database=place.database, as_json=as_json)


def accept(
    version: Annotated[str, typer.Argument(metavar="VERSION", help="The version that was edited.")],
    wait: Wait = 60,
    migrations_dir: MigrationsDir = None,
    env: Env = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Take the present text of an applied migration as what was applied.

    The JSON has database and recorded (version, name).
    """
    from confiture_core.migrations import executor

    place = _place(env, config, migrations_dir, wait)
    with place.connect() as connection:
        file = executor.accept(connection, place.migrations, version, limits=place.limits)
    render.recorded([file], database=place.database, as_json=as_json)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Which migrations are run on which database."""

    environment: Environment
    migrations: tuple[MigrationFile, ...]
    limits: Limits

    @property
    def database(self) -> str:
        assert self.environment.database is not None  # _place has asked for it
        return self.environment.database.database_name()

    @contextmanager
    def connect(self) -> Iterator[psycopg.Connection[Any]]:
        from confiture_core.migrations.connection import connect_environment

        connection = connect_environment(self.environment)
        try:
            yield connection
        finally:
            connection.close()


def _place(
    env: str | None,
    config: str | None,
    migrations_dir: str | None,
    wait: float,
    lock_timeout: str | None = None,
) -> _Place:
    from confiture_core.migrations.executor import Limits
    from confiture_core.migrations.loader import load_migrations

    environment = environment_of(env, config)
    directory = migrations_dir_of(migrations_dir, environment)
    return _Place(
        environment=environment,
        migrations=load_migrations(directory, root=environment.root),
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


def _progress(*, as_json: bool) -> Progress:
    from confiture.progress import Progress

    return Progress(as_json=as_json)


def _dry_run(
    place: _Place, direction: Direction, target: Target, *, is_run: bool, as_json: bool
) -> None:
    from confiture_core.migrations.connection import connect_if_exists
    from confiture_core.migrations.dry_run import select_for, try_out, write_down

    with connect_if_exists(place.environment) or nullcontext() as connection:
        files = select_for(connection, place.migrations, direction, target)
        if not is_run:
            trials = tuple(write_down(one, direction, connection=connection) for one in files)
        elif connection is not None:
            trials = try_out(connection, files, direction)
        else:
            raise ConfitureError(
                f'database "{place.database}" does not exist: nothing can be run in it',
                hint="--dry-run writes the SQL without running it",
            )
    render.trials(trials, as_json=as_json)
