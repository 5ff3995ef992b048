"""`migrate import`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from confiture.cli.options import Config, Env, Json, MigrationsDir
from confiture.cli.place import environment_if_any, migrations_dir_of, shown

if TYPE_CHECKING:
    from confiture_core.adoption.taking import Taken
    from confiture_core.config import Environment
    from confiture_core.migrations.loader import MigrationFile

_FORMATS = (
    "alembic",
    "dbmate",
    "django",
    "flyway",
    "golang-migrate",
    "goose",
    "maragu",
    "sqitch",
)
# Their files are migrations as they are: in db/migrations only what is applied is left to be told.
_READ_IN_PLACE = ("dbmate", "golang-migrate", "goose")


def _check_format(value: str | None) -> str | None:
    if value is not None and value not in _FORMATS:
        raise typer.BadParameter(f"{value!r} is none of {', '.join(_FORMATS)}")
    return value


ForeignFormat = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="NAME",
        callback=_check_format,
        help="Whose they are, if that is not to be told from the files: " + ", ".join(_FORMATS),
    ),
]

Placeholder = Annotated[
    list[str] | None,
    typer.Option(
        "--placeholder",
        metavar="NAME=VALUE",
        help="What flyway puts in the place of ${NAME}, besides its own settings; repeatable.",
    ),
]


def import_(
    directory: Annotated[
        str, typer.Argument(metavar="DIR", help="The other tool's migrations, or its project.")
    ],
    format: ForeignFormat = None,
    placeholder: Placeholder = None,
    wait: Annotated[
        float, typer.Option("--wait", metavar="SECONDS", help="How long to wait for another run.")
    ] = 60,
    migrations_dir: MigrationsDir = None,
    env: Env = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Take over the migrations of alembic, Django, dbmate, flyway, golang-migrate, goose or sqitch.

    They are copied into db/migrations, unless they are there. With --env or --config, what the
    other tool has applied to that database is recorded as applied; its schema is left as it is. The
    JSON has format, written, kept, recorded (version, name) and notes.
    """
    from confiture.projects import imported
    from confiture_core.adoption.taking import recognize, take, write_taken
    from confiture_core.migrations.loader import load_migrations

    environment = environment_if_any(env, config)
    target = migrations_dir_of(migrations_dir, environment)
    source = Path(directory)
    taken = take(source, format or recognize(source), _values(placeholder or []))
    is_in_place = source.resolve() == target.resolve() and taken.format in _READ_IN_PLACE
    there = tuple(source.glob("*.sql"))
    written, kept = write_taken(taken, target) if not is_in_place else ((), there)
    recorded: tuple[MigrationFile, ...] | None = None
    if environment is not None and (env is not None or config is not None):
        files = load_migrations(target, root=environment.root)
        recorded = _record(environment, taken, files, wait)
    imported(taken, [shown(path) for path in written], len(kept), recorded, as_json=as_json)


def _values(said: list[str]) -> dict[str, str]:
    values = dict(one.partition("=")[::2] for one in said)
    if not all("=" in one for one in said) or "" in values:
        raise typer.BadParameter("write --placeholder NAME=VALUE")
    return values


def _record(
    environment: Environment, taken: Taken, files: tuple[MigrationFile, ...], wait: float
) -> tuple[MigrationFile, ...]:
    from confiture_core.adoption.applied import take_over_state
    from confiture_core.migrations.connection import connect_environment

    with connect_environment(environment) as connection:
        return take_over_state(connection, taken, files, wait_s=wait)
