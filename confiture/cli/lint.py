"""`migrate lint`."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from confiture.cli.options import Config, Env, Json, MigrationsDir, ServerUrl, one_of
from confiture.cli.place import environment_if_any, environment_of, migrations_dir_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from confiture_core.config import Environment
    from confiture_core.migrations.loader import MigrationFile
    from confiture_core.rehearsal import Rehearsed

_FOUND = 3

Since = Annotated[
    str | None,
    typer.Option("--since", metavar="VERSION", help="Look only at the migrations after it."),
]
Pending = Annotated[
    bool,
    typer.Option(
        "--pending", help="Look only at those that the environment's database has not applied."
    ),
]
Format = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="text|github|sarif",
        callback=one_of("text", "github", "sarif"),
        help="For people, or for what reads the findings.",
    ),
]
Trace = Annotated[
    bool,
    typer.Option(
        "--trace", help="Run them on a shadow database with rows in its tables, and measure."
    ),
]
PostgresVersion = Annotated[
    int | None,
    typer.Option(
        "--postgres-version",
        metavar="N",
        min=12,
        help="The major version of the server they are for, instead of postgres_version in the"
        " environment or what its server says.",
    ),
]


def lint(
    since: Since = None,
    pending: Pending = False,
    format: Format = "text",
    trace: Trace = False,
    postgres_version: PostgresVersion = None,
    migrations_dir: MigrationsDir = None,
    env: Env = None,
    config: Config = None,
    server_url: ServerUrl = None,
    as_json: Json = False,
) -> None:
    """Say what in the migrations would harm a database that is in use.

    With --trace what each statement locks, rewrites and reads is measured, functions and DO blocks
    included: what the text gives away and the measure does not show is no finding, and what only
    the measure shows is one.

    What a server does and understands depends on its version. Where that is not known nothing is
    advised that only a newer one than 12 has, and nothing is said to be too new.

    `-- confiture-ignore: L01` above a statement passes a rule over, `-- confiture-ignore-file: L01`
    in the whole file. Exits with 3 if something is found. The JSON is a list: rule, name, message,
    path, line, hint, measured; with --trace an object: `findings`, that list, and `statements`.
    """
    from confiture.lint_reports import linted, traced
    from confiture_core.lint import lint as find
    from confiture_core.migrations.loader import read_directory
    from confiture_core.reach import server_version
    from confiture_core.rehearsal import measured_findings

    environment = environment_if_any(env, config)
    directory = migrations_dir_of(migrations_dir, environment)
    read = read_directory(directory, root=environment.root if environment else None)
    wanted = _wanted(read.migrations, since)
    if pending:
        wanted &= _pending(environment_of(env, config), read.migrations)
    version = postgres_version or (server_version(environment) if environment else None)
    found = find(read, only=wanted, version=version)
    shown_as = "json" if as_json else format
    if trace:
        rehearsed = _rehearse(environment, server_url, read.migrations, wanted)
        found = measured_findings(found, rehearsed)
        traced(found, rehearsed, format=shown_as)
    else:
        linted(found, migrations=len(wanted), format=shown_as)
    if any(not one.is_note for one in found):
        raise typer.Exit(_FOUND)


def _wanted(migrations: Sequence[MigrationFile], since: str | None) -> set[str]:
    from confiture_core.migrations.versions import sort_key

    return {
        file.label
        for file in migrations
        if since is None or sort_key(file.version) > sort_key(since)
    }


def _pending(environment: Environment, migrations: Sequence[MigrationFile]) -> set[str]:
    from confiture_core.migrations.connection import connect_if_exists
    from confiture_core.migrations.status import read_status

    with connect_if_exists(environment) or nullcontext() as connection:
        found = read_status(connection, migrations)
    return {one.label for one in found if one.state != "applied"}


def _rehearse(
    environment: Environment | None,
    server_url: str | None,
    migrations: Sequence[MigrationFile],
    wanted: Collection[str],
) -> tuple[Rehearsed, ...]:
    from confiture.cli.shadow import shadow_server
    from confiture_core.factory.shadows import shadows
    from confiture_core.rehearsal import rehearse

    with shadow_server(environment, server_url) as server, shadows(server) as made:
        return tuple(rehearse(made, migrations, wanted=wanted))
