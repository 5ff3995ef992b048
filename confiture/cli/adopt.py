"""`migrate squash`, and what `migrate baseline --detect` finds."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from confiture.cli.options import Config, Env, Json, MigrationsDir, ServerUrl
from confiture.cli.place import environment_if_any, migrations_dir_of, shown
from confiture_core.errors import MigrationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confiture_core.config import Environment
    from confiture_core.migrations.loader import MigrationFile
    from confiture_core.verify.detection import Detection

_LINES = 10


def squash(
    through: Annotated[
        str, typer.Option("--through", metavar="VERSION", help="The last version to take in.")
    ],
    migrations_dir: MigrationsDir = None,
    env: Env = None,
    config: Config = None,
    server_url: ServerUrl = None,
    as_json: Json = False,
) -> None:
    """Make the migrations through a version into one, proved to give the same schema.

    The others are moved into a folder beside it. A database that has them all is told so by its
    next `up`, and runs nothing. The JSON has written, moved and notes.
    """
    from confiture.reports import squashed
    from confiture_core.factory.shadows import shadows
    from confiture_core.migrations.loader import load_migrations
    from confiture_core.server import find_server
    from confiture_core.squash import squash as make_one

    environment = environment_if_any(env, config)
    directory = migrations_dir_of(migrations_dir, environment)
    migrations = load_migrations(directory, root=environment.root if environment else None)
    with find_server(environ=os.environ, url=server_url) as server, shadows(server) as made:
        done = make_one(migrations, through, made)
    written, moved = (tuple(map(shown, paths)) for paths in (done.written, done.moved))
    squashed(written, moved, done.notes, as_json=as_json)


def detected_version(
    environment: Environment,
    migrations: Sequence[MigrationFile],
    through: str | None,
    server_url: str | None,
) -> str:
    """Find the version that an environment's database is at, among those with `through`."""
    from confiture_core.factory.shadows import shadows
    from confiture_core.migrations.versions import same_version
    from confiture_core.server import find_server
    from confiture_core.verify.detection import detect_version

    with find_server(environ=os.environ, url=server_url) as server, shadows(server) as made:
        found = detect_version(environment, migrations, made)
    versions = [file.version for file in found.versions]
    if through is not None:
        versions = [one for one in versions if same_version(one, through)]
    if len(versions) == 1:
        return versions[0]
    raise _undecided(found)


def _undecided(found: Detection) -> MigrationError:
    from confiture.reports import unlike_lines

    if found.versions:
        labels = [file.label for file in found.versions]
        return MigrationError(
            f"the database is as after {', '.join(labels[:-1])} or {labels[-1]}: they differ only"
            " in rows",
            hint="say which with --through VERSION",
        )
    if found.nearest is None:
        return MigrationError("there are no migrations to compare the database with")
    lines = list(unlike_lines(found.unlike, found.nearest.label))
    more = [f"and {len(lines) - _LINES} more"] if len(lines) > _LINES else []
    return MigrationError(
        f"the database is as after none of the migrations; {found.nearest.label} is nearest",
        detail="\n".join([*lines[:_LINES], *more]),
        hint="bring it to one of them, or name the version with --through alone",
    )
