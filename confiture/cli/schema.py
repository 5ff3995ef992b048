"""`schema dump`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from confiture import render
from confiture.busy import busy
from confiture.cli.options import Config, Env, Json, MigrationsDir, ServerUrl, one_of
from confiture.cli.place import environment_if_any
from confiture.cli.shadow import shadow_server

if TYPE_CHECKING:
    from confiture_core.factory.shadows import Shadows
    from confiture_core.proof import State
    from confiture_core.sources import Place

SourceName = Annotated[
    str | None,
    typer.Argument(
        metavar="SOURCE",
        help="A file, a directory, an environment, a database URL or the word migrations;"
        " else the schema files.",
    ),
]


def dump(
    source: SourceName = None,
    format: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="sql|json",
            callback=one_of("sql", "json"),
            help="SQL, or a saved catalog: a source like any other.",
        ),
    ] = "sql",
    migrations_dir: MigrationsDir = None,
    env: Env = None,
    config: Config = None,
    server_url: ServerUrl = None,
    as_json: Json = False,
) -> None:
    """Write the SQL that makes a schema, in an order that PostgreSQL takes.

    The same schema gives the same text wherever it comes from, and it was run on an empty database
    before it is written. The JSON of --json has steps: sql, object, hazards.
    """
    from confiture_core.catalog.saved import render_catalog
    from confiture_core.dump import dump as dumped
    from confiture_core.factory.shadows import shadows
    from confiture_core.sources import Place

    environment = environment_if_any(env, config)
    directory = Path.cwd() / migrations_dir if migrations_dir else None
    place = Place(directory=Path.cwd(), environment=environment, migrations_dir=directory)
    with (
        busy("reading the schema"),
        shadow_server(environment, server_url) as server,
        shadows(server) as made,
    ):
        catalog, steps = dumped(open_named(source, place, made), made)
    if format == "json":
        render.say(render_catalog(catalog))
        return
    render.dump(steps, as_json=as_json)


def open_named(source: str | None, place: Place, made: Shadows) -> State:
    """Open the source that is named, or the schema files."""
    from confiture_core.errors import ConfigError
    from confiture_core.sources import open_schema, open_source

    if source is not None:
        return open_source(source, place, made)
    if place.environment is None:
        raise ConfigError("there is no project here: name a file, a directory or a database URL")
    return open_schema(place.environment, made)


def environment() -> None:
    """Write the JSON Schema of the files in db/environments, for an editor to check them by."""
    from importlib import resources

    text = resources.files("confiture_core.config") / "environment.schema.json"
    render.say(text.read_text("utf-8").rstrip("\n"))
