"""`migrate generate`."""

from __future__ import annotations

from typing import Annotated

import typer

from confiture import render
from confiture.cli.options import Config, Env, Format, Json, MigrationsDir
from confiture.cli.place import environment_if_any, migrations_dir_of, shown


def generate(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name of the migration.")],
    format: Format = "py",
    migrations_dir: MigrationsDir = None,
    env: Env = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Write an empty migration, to be filled in by hand.

    The JSON has the files that were written.
    """
    from confiture_core.migrations.generate import generate_empty

    directory = migrations_dir_of(migrations_dir, environment_if_any(env, config))
    paths = generate_empty(directory, name, "sql" if format == "sql" else "py")
    render.written([shown(path) for path in paths], as_json=as_json)
