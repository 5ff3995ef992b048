"""`drift`."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from confiture.cli.options import Config, Env, Json, MigrationsDir, ReportFormat, ServerUrl
from confiture.cli.place import environment_of, migrations_dir_of

_DRIFTED = 3


def drift(
    history: Annotated[
        bool,
        typer.Option(
            "--history", help="Hold it against the migrations its history says were applied."
        ),
    ] = False,
    migrations_dir: MigrationsDir = None,
    env: Env = None,
    config: Config = None,
    server_url: ServerUrl = None,
    format: ReportFormat = "text",
    as_json: Json = False,
) -> None:
    """Say in what the environment's database is not what the schema files make.

    Exits with 3 if it is not. The database is only read.
    """
    from confiture.reports import drifted
    from confiture_core.factory.shadows import shadows
    from confiture_core.migrations.loader import load_migrations
    from confiture_core.server import find_server
    from confiture_core.verify.drift import find_history_drift, find_schema_drift

    environment = environment_of(env, config)
    with find_server(environ=os.environ, url=server_url) as server, shadows(server) as made:
        if history:
            directory = migrations_dir_of(migrations_dir, environment)
            files = load_migrations(directory, root=environment.root)
            found = find_history_drift(environment, files, made)
        else:
            found = find_schema_drift(environment, made)
    assert environment.database is not None  # it was read
    shown = "json" if as_json else format
    drifted(found, database=environment.database.database_name(), format=shown)
    if found.has_drifted:
        raise typer.Exit(_DRIFTED)
