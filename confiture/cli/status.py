"""`migrate status`, `history` and `validate`: what is there, without changing anything."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from confiture import render
from confiture.cli.fleet import Fleet, Jobs, over_many
from confiture.cli.options import Config, Env, Json, MigrationsDir, ReportFormat
from confiture.cli.place import environment_of, migrations_dir_of, migrations_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confiture_core.config import Environment
    from confiture_core.migrations.loader import MigrationFile

_FAILED = 1
_FOUND = 3


@over_many
def status(
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Exit with 3 if not every migration is applied.")
    ] = False,
    fleet: Fleet,
    jobs: Jobs = 4,
    format: ReportFormat = "text",
    migrations_dir: MigrationsDir = None,
    env: Env = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Show which migrations are applied and which are pending."""
    from confiture_core.migrations.connection import connect_if_exists
    from confiture_core.migrations.status import read_status

    environment = environment_of(env, config)
    directory = migrations_dir_of(migrations_dir, environment)
    migrations = migrations_in(directory, environment)
    if fleet.is_named:
        is_behind = _status_of_all(fleet, environment, migrations, jobs, as_json=as_json)
    else:
        with connect_if_exists(environment) or nullcontext() as connection:
            found = read_status(connection, migrations)
            exists = connection is not None
        assert environment.database is not None  # connected to, or looked for
        name = environment.database.database_name()
        shown = "json" if as_json else format
        render.status(found, database=name, exists=exists, format=shown)
        is_behind = any(one.state != "applied" for one in found)
    if check and is_behind:
        raise typer.Exit(_FOUND)


def _status_of_all(
    fleet: Fleet,
    environment: Environment,
    migrations: Sequence[MigrationFile],
    jobs: int,
    *,
    as_json: bool,
) -> bool:
    """Show the status of many databases, and tell whether any is behind."""
    from confiture.fleet_reports import FleetReport, is_behind
    from confiture_core.migrations.fleet import Work, migrate_all

    members = fleet.members(environment, jobs)
    work = Work(migrations=migrations, direction=None, jobs=jobs, goes_on=True)
    report = FleetReport(members, direction=None, as_json=as_json)
    try:
        outcomes = migrate_all(members, work, report.tell)
    finally:
        report.end()
    if any(one.state == "failed" for one in outcomes):
        raise typer.Exit(_FAILED)
    return any(map(is_behind, outcomes))


def history(env: Env = None, config: Config = None, as_json: Json = False) -> None:
    """Show what was applied, when and by whom."""
    from confiture_core.migrations.connection import connect_environment
    from confiture_core.migrations.history import read_history

    with connect_environment(environment_of(env, config)) as connection:
        rows = read_history(connection)
    render.history(rows, as_json=as_json)


def validate(
    offline: Annotated[
        bool, typer.Option("--offline", help="Look at the files alone, not at the database.")
    ] = False,
    format: ReportFormat = "text",
    migrations_dir: MigrationsDir = None,
    env: Env = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Say what is wrong with the migration files, and between them and the history.

    Exits with 3 if something is.
    """
    from confiture_core.migrations.connection import connect_if_exists
    from confiture_core.migrations.history import read_history
    from confiture_core.migrations.loader import read_directory
    from confiture_core.migrations.status import find_edits, find_history_problems, find_refused

    environment = environment_of(env, config)
    directory = migrations_dir_of(migrations_dir, environment)
    found = read_directory(directory, root=environment.root)
    problems = [*found.problems, *find_refused(found.migrations)]
    with (None if offline else connect_if_exists(environment)) or nullcontext() as connection:
        if connection is not None:
            applied = read_history(connection)
            edits = find_edits(connection, found.migrations, applied)
            problems += find_history_problems(found.migrations, applied, edits)
    shown = "json" if as_json else format
    render.problems(problems, migrations=len(found.migrations), format=shown)
    if any(problem.is_error for problem in problems):
        raise typer.Exit(_FOUND)
