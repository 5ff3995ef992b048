"""`migrate status`, `history` and `validate`: what is there, without changing anything."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Annotated

import typer

from confiture import render
from confiture.cli.options import Config, Env, Json, MigrationsDir
from confiture.cli.place import environment_of, migrations_dir_of

_FOUND = 3


def status(
    check: Annotated[
        bool, typer.Option("--check", help="Exit with 3 if not every migration is applied.")
    ] = False,
    migrations_dir: MigrationsDir = None,
    env: Env = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Show which migrations are applied and which are pending.

    The JSON has database, database_exists, total, applied, pending, and migrations: version, name,
    status (applied, pending, edited, missing or partial), applied_at and note.
    """
    from confiture_core.migrations.connection import connect_if_exists
    from confiture_core.migrations.loader import load_migrations
    from confiture_core.migrations.status import read_status

    environment = environment_of(env, config)
    directory = migrations_dir_of(migrations_dir, environment)
    migrations = load_migrations(directory, root=environment.root)
    with connect_if_exists(environment) or nullcontext() as connection:
        found = read_status(connection, migrations)
        exists = connection is not None
    assert environment.database is not None  # connected to, or looked for
    database = environment.database.database_name()
    render.status(found, database=database, exists=exists, as_json=as_json)
    if check and any(one.state != "applied" for one in found):
        raise typer.Exit(_FOUND)


def history(env: Env = None, config: Config = None, as_json: Json = False) -> None:
    """Show what was applied, when and by whom.

    The JSON is a list: version, name, applied_at, duration_ms (null: recorded without running),
    applied_by, applied_from, confiture_version.
    """
    from confiture_core.migrations.connection import connect_environment
    from confiture_core.migrations.history import read_history

    with connect_environment(environment_of(env, config)) as connection:
        rows = read_history(connection)
    render.history(rows, as_json=as_json)


def validate(
    offline: Annotated[
        bool, typer.Option("--offline", help="Look at the files alone, not at the database.")
    ] = False,
    migrations_dir: MigrationsDir = None,
    env: Env = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Say what is wrong with the migration files, and between them and the history.

    Exits with 3 if something is. The JSON is a list: message, path, line, hint, is_error.
    """
    from confiture_core.migrations.connection import connect_if_exists
    from confiture_core.migrations.history import read_history
    from confiture_core.migrations.loader import read_directory
    from confiture_core.migrations.status import find_edits, find_history_problems

    environment = environment_of(env, config)
    directory = migrations_dir_of(migrations_dir, environment)
    found = read_directory(directory, root=environment.root)
    problems = list(found.problems)
    with (None if offline else connect_if_exists(environment)) or nullcontext() as connection:
        if connection is not None:
            applied = read_history(connection)
            edits = find_edits(connection, found.migrations, applied)
            problems += find_history_problems(found.migrations, applied, edits)
    render.problems(problems, migrations=len(found.migrations), as_json=as_json)
    if any(problem.is_error for problem in problems):
        raise typer.Exit(_FOUND)
