"""`migrate up`, `down`, `redo`, `baseline` and `accept`: what changes a database."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer

from confiture import render
from confiture.cli.fleet import Fleet, GoOn, Jobs, over_many
from confiture.cli.options import Config, Env, Json, MigrationsDir, ServerUrl
from confiture.cli.run_options import (
    Detect,
    DownSteps,
    DownTo,
    DryRun,
    Force,
    LockTimeout,
    LogJson,
    OutOfOrder,
    Output,
    Steps,
    Through,
    Trial,
    UpTo,
    Wait,
    Yes,
)
from confiture.cli.runner import (
    ask_consent,
    dry_run_of,
    place_of,
    progress_of,
    refuse_dry_run_of_many,
    run_all,
)


@over_many
def up(
    *,
    to: UpTo = None,
    steps: Steps = None,
    out_of_order: OutOfOrder = False,
    fleet: Fleet,
    jobs: Jobs = 4,
    go_on: GoOn = False,
    dry_run: DryRun = False,
    dry_run_execute: Trial = False,
    output: Output = None,
    wait: Wait = 60,
    lock_timeout: LockTimeout = None,
    yes: Yes = False,
    log_json: LogJson = False,
    migrations_dir: MigrationsDir = None,
    env: Env = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Apply the pending migrations, making the database if it is not there.

    Where the environment is protected, it shows what may do harm and asks; --yes is the answer.
    """
    from confiture_core.migrations.connection import connect_or_create
    from confiture_core.migrations.executor import Target, migrate_up

    place = place_of(env, config, migrations_dir, wait, lock_timeout)
    target = Target(to=to, steps=steps, out_of_order=out_of_order)
    if dry_run or dry_run_execute:
        if fleet.is_named:
            raise refuse_dry_run_of_many()
        dry_run_of(place, "up", target, is_run=dry_run_execute, output=output, as_json=as_json)
        return
    progress = progress_of(as_json=as_json, log_json=log_json)
    if fleet.is_named:
        run_all(
            place, fleet, "up", target, jobs=jobs, goes_on=go_on, is_agreed=yes, as_json=as_json
        )
        return
    if not yes:
        ask_consent(place, "up", target)
    connection, created = connect_or_create(place.environment)
    with closing(connection):
        if created:
            progress.say_created(place.database)
        migrate_up(
            connection, place.migrations, target=target, limits=place.limits, on_event=progress
        )
    progress.end(database=place.database, created=created)


@over_many
def down(
    *,
    to: DownTo = None,
    steps: DownSteps = None,
    force: Force = False,
    fleet: Fleet,
    jobs: Jobs = 4,
    go_on: GoOn = False,
    dry_run: DryRun = False,
    dry_run_execute: Trial = False,
    output: Output = None,
    wait: Wait = 60,
    lock_timeout: LockTimeout = None,
    yes: Yes = False,
    log_json: LogJson = False,
    migrations_dir: MigrationsDir = None,
    env: Env = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Roll back the newest migration that is applied, or several.

    Of many databases it is done by version (--to), so that doing it again does no more.
    """
    from confiture_core.migrations.executor import Target, migrate_down

    place = place_of(env, config, migrations_dir, wait, lock_timeout)
    target = Target(to=to, steps=steps, forced=force)
    if fleet.is_named and to is None:
        raise typer.BadParameter("many databases are rolled back to a version: --to VERSION")
    if dry_run or dry_run_execute:
        if fleet.is_named:
            raise refuse_dry_run_of_many()
        dry_run_of(place, "down", target, is_run=dry_run_execute, output=output, as_json=as_json)
        return
    progress = progress_of(as_json=as_json, log_json=log_json)
    if fleet.is_named:
        run_all(
            place, fleet, "down", target, jobs=jobs, goes_on=go_on, is_agreed=yes, as_json=as_json
        )
        return
    if not yes:
        ask_consent(place, "down", target)
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
    yes: Yes = False,
    log_json: LogJson = False,
    migrations_dir: MigrationsDir = None,
    env: Env = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Roll back the newest migration, or several, and apply the same again as the files are now."""
    from confiture_core.migrations import executor

    place = place_of(env, config, migrations_dir, wait, lock_timeout)
    target = executor.Target(to=to, steps=steps)
    progress = progress_of(as_json=as_json, log_json=log_json)
    if not yes:
        ask_consent(place, "down", target)
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
    """
    from confiture_core.migrations import executor

    place = place_of(env, config, migrations_dir, wait)
    if detect:
        from confiture.cli.adopt import detected_version

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
    """Take the present text of an applied migration as what was applied."""
    from confiture_core.migrations import executor

    place = place_of(env, config, migrations_dir, wait)
    with place.connect() as connection:
        file = executor.accept(connection, place.migrations, version, limits=place.limits)
    render.recorded([file], database=place.database, as_json=as_json)
