"""`migrate diff`."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from confiture import render
from confiture.busy import Busy, busy
from confiture.cli.options import Config, Env, Format, Json, MigrationsDir, ServerUrl
from confiture.cli.place import environment_if_any, migrations_dir_of, shown
from confiture.cli.shadow import shadow_server
from confiture_core.errors import ConfitureError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confiture_core.diff.renames import Rename
    from confiture_core.difference import Difference
    from confiture_core.renaming import Renames

_DIFFERENT = 3

Old = Annotated[
    str | None,
    typer.Argument(
        metavar="OLD",
        help="A file, a directory, an environment, a database URL or the word migrations.",
    ),
]
New = Annotated[
    str | None, typer.Argument(metavar="NEW", help="What OLD is to become, named likewise.")
]
Generate = Annotated[bool, typer.Option("--generate", help="Write the difference as a migration.")]
Name = Annotated[
    str | None, typer.Option("--name", metavar="NAME", help="The name of the migration.")
]
Drop = Annotated[
    bool,
    typer.Option("--drop", help="With one schema file: drop what no schema file defines as well."),
]
RenameOption = Annotated[
    list[str] | None,
    typer.Option(
        "--rename",
        metavar="OLD=NEW",
        help="What was renamed: users.name=users.full_name, accounts=users. May be repeated.",
    ),
]
Online = Annotated[
    bool,
    typer.Option(
        "--online", help="Write it so that nobody has to wait, in several migrations if need be."
    ),
]
AllowDataLoss = Annotated[
    bool, typer.Option("--allow-data-loss", help="Write the migration even if it loses data.")
]
Check = Annotated[bool, typer.Option("--check", help="Exit with 3 if there is a difference.")]


def diff(
    old: Old = None,
    new: New = None,
    generate: Generate = False,
    name: Name = None,
    format: Format = "py",
    migrations_dir: MigrationsDir = None,
    drop: Drop = False,
    rename: RenameOption = None,
    online: Online = False,
    allow_data_loss: AllowDataLoss = False,
    check: Check = False,
    env: Env = None,
    config: Config = None,
    server_url: ServerUrl = None,
    as_json: Json = False,
) -> None:
    """Show what leads from OLD to NEW, or from the migrations to the schema files.

    A single schema file as NEW stands for the objects it defines. The JSON has the steps of both
    directions (up, down), notes, and the files that were written; with --online, a list of
    migrations that each have these.
    """
    if generate != (name is not None):
        raise typer.BadParameter("--generate and --name go together")
    if (old is None) != (new is None):
        raise typer.BadParameter("OLD and NEW go together")
    from confiture_core.difference import read_difference
    from confiture_core.factory.shadows import shadows
    from confiture_core.migrations.writer import write_migrations
    from confiture_core.sources import Place
    from confiture_core.staging import in_stages

    environment = environment_if_any(env, config)
    directory = Path.cwd() / migrations_dir if migrations_dir else None
    place = Place(directory=Path.cwd(), environment=environment, migrations_dir=directory)
    with (
        busy("comparing") as line,
        shadow_server(environment, server_url) as server,
        shadows(server) as made,
    ):
        renames = _renames(rename or (), line, as_json=as_json)
        difference = read_difference(old, new, place, made, drop=drop, renames=renames)
        migrations = in_stages(difference, made) if online else (difference,)
    render.differences(migrations, is_result=not (generate or as_json))
    written: tuple[Path, ...] = ()
    if name is not None and not difference.is_empty:
        target = migrations_dir_of(migrations_dir, environment)
        _require_consent(migrations, is_given=allow_data_loss)
        written = write_migrations(
            migrations, target, name, format="sql" if format == "sql" else "py"
        )
    facts = render.difference_facts(difference) if not online else render.staged_facts(migrations)
    render.written([shown(path) for path in written], as_json=as_json, **facts)
    if check and not difference.is_empty:
        raise typer.Exit(_DIFFERENT)


def _renames(requests: Sequence[str], line: Busy, *, as_json: bool) -> Renames:
    from confiture_core.diff.rename_requests import parse_request
    from confiture_core.renaming import Renames

    is_asking = sys.stdin.isatty() and sys.stderr.isatty() and not as_json
    return Renames(
        requests=tuple(map(parse_request, requests)),
        question=partial(_ask, line) if is_asking else None,
    )


def _ask(line: Busy, rename: Rename) -> bool:
    from confiture_core.diff.renames import dotted

    line.end()
    old, new = dotted(rename.old), dotted(rename.new)
    return _is_yes(f"Was {rename.old.kind} {old} renamed to {new}? Else it is dropped.")


def _is_yes(question: str) -> bool:
    # typer.confirm would write a space to stdout, where the result goes.
    sys.stderr.write(f"{question} [y/N]: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _require_consent(migrations: Sequence[Difference], *, is_given: bool) -> None:
    hazards = (hazard for one in migrations for hazard in one.hazards)
    losses = [hazard.message for hazard in hazards if hazard.kind == "data lost"]
    if not losses or is_given:
        return
    is_asking = sys.stdin.isatty() and sys.stderr.isatty()
    if is_asking and _is_yes("This loses data. Write the migration?"):
        return
    raise ConfitureError(
        "this migration would lose data: it is not written",
        detail="\n".join(losses),
        hint="--allow-data-loss writes it",
    )
