"""`build`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from confiture import render
from confiture.busy import busy
from confiture.cli.options import Config, Env, Json
from confiture.cli.place import environment_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from confiture_core.migrations.loader import MigrationFile
    from confiture_core.reach import Connection


def build(
    schema_only: Annotated[
        bool, typer.Option("--schema-only", help="Leave out the seeds.")
    ] = False,
    recreate: Annotated[
        bool, typer.Option("--recreate", help="Replace a database that holds something.")
    ] = False,
    env: Env = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Build the environment's database fresh, from the schema files and seeds.

    The migrations there are count as applied. A database that holds something is not replaced
    without --recreate, that of a protected environment never. The JSON has database, schema_files,
    seed_files, migrations (how many are recorded), replaced and duration_s.
    """
    from confiture_core.builder.environment import build_environment

    environment = environment_of(env, config)
    migrations: list[MigrationFile] = []

    def load() -> Callable[[Connection], None]:
        from confiture_core.migrations.history import (
            ensure_history,
            keep_history_in,
            parse_history_table,
            record_all,
        )
        from confiture_core.migrations.loader import load_migrations

        migrations.extend(load_migrations(environment.migrations_dir, root=environment.root))

        def record(connection: Connection) -> None:
            keep_history_in(connection, parse_history_table(environment.history_table))
            ensure_history(connection)
            record_all(connection, migrations)

        return record

    with busy("building") as line:

        def say(done: int, total: int) -> None:
            line.what = f"building: {done} of {total} files"

        report = build_environment(
            environment,
            schema_only=schema_only,
            recreate=recreate,
            after=load,
            on_progress=say,
        )
    render.built(report, migrations=len(migrations), as_json=as_json)
