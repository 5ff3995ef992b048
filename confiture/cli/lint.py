"""`migrate lint`."""

from __future__ import annotations

from typing import Annotated

import typer

from confiture.cli.options import Config, Env, Json, MigrationsDir, one_of
from confiture.cli.place import environment_if_any, migrations_dir_of

_FOUND = 3


def lint(
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="VERSION", help="Look only at the migrations after it."),
    ] = None,
    format: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="text|github|sarif",
            callback=one_of("text", "github", "sarif"),
            help="For people, or for what reads the findings.",
        ),
    ] = "text",
    migrations_dir: MigrationsDir = None,
    env: Env = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Say what in the migrations would harm a database that is in use. Connects to none.

    `-- confiture-ignore: L01` above a statement passes a rule over, `-- confiture-ignore-file: L01`
    in the whole file. Exits with 3 if something is found. The JSON is a list: rule, name, message,
    path, line, hint.
    """
    from confiture.lint_reports import linted
    from confiture_core.lint import lint as find
    from confiture_core.migrations.loader import read_directory

    environment = environment_if_any(env, config)
    directory = migrations_dir_of(migrations_dir, environment)
    read = read_directory(directory, root=environment.root if environment else None)
    found = find(read, since=since)
    linted(found, migrations=len(read.migrations), format="json" if as_json else format)
    if any(not one.is_note for one in found):
        raise typer.Exit(_FOUND)
