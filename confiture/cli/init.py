"""`init`: a project from nothing, from a database, or from another tool's migrations."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from confiture.cli.options import Json, ServerUrl
from confiture.cli.place import shown
from confiture.cli.shadow import shadow_server

if TYPE_CHECKING:
    from confiture_core.adoption.database import Adopted

Directory = Annotated[str, typer.Argument(metavar="DIRECTORY", help="Where; by default here.")]
Example = Annotated[
    bool,
    typer.Option(
        "--example", help="With a table, its seeds, its migration and a test, which all pass."
    ),
]
From = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="URL",
        help="Write db/schema from this database, which is only read, and a baseline migration.",
    ),
]
Record = Annotated[
    bool,
    typer.Option(
        "--record", help="With --from: tell the database's history that the baseline is applied."
    ),
]


def init(
    directory: Directory = ".",
    example: Example = False,
    database: From = None,
    record: Record = False,
    server_url: ServerUrl = None,
    as_json: Json = False,
) -> None:
    """Make the files a project begins with. Nothing that is there is overwritten.

    With --from, what is written was run on a shadow database and gives the same schema. The JSON
    has created and kept: paths as seen from the project; with --from also notes and recorded.
    """
    from confiture.projects import initialized
    from confiture.scaffold import make_project

    if record and database is None:
        raise typer.BadParameter("--record goes with --from")
    if example and database is not None:
        raise typer.BadParameter("--example makes a schema, and --from takes one: choose")
    path = Path(directory)
    written: tuple[Path, ...] = ()
    notes: tuple[str, ...] = ()
    if database is not None:
        adopted, written = _from_database(database, path, server_url)
        notes = adopted.notes
    path.mkdir(parents=True, exist_ok=True)
    scaffold = make_project(path, example=example)
    recorded = _record(database, path) if record and database is not None else ()
    more = [file.relative_to(path).as_posix() for file in written]
    from_database = database is not None
    initialized(scaffold, more, notes, recorded, from_database=from_database, as_json=as_json)


def _from_database(
    url: str, path: Path, server_url: str | None
) -> tuple[Adopted, tuple[Path, ...]]:
    from confiture_core.adoption.database import (
        adopt_database,
        require_no_schema,
        write_baseline,
        write_schema,
    )
    from confiture_core.errors import MigrationError
    from confiture_core.factory.shadows import shadows

    if "://" not in url:
        raise typer.BadParameter(f"{url!r} is no database URL: write postgresql://…")
    schema, migrations = path / "db" / "schema", path / "db" / "migrations"
    require_no_schema(schema)
    if migrations.is_dir() and any(migrations.glob("*_*.*")):
        raise MigrationError(
            "there are migrations already, and a baseline comes before all others",
            path=shown(migrations.resolve()),
            hint="start in another directory",
        )
    with shadow_server(None, server_url) as server, shadows(server) as made:
        adopted = adopt_database(url, made)
        baseline = write_baseline(adopted, migrations, made)
    return adopted, (*write_schema(adopted, schema), *baseline)


def _record(url: str, path: Path) -> tuple[str, ...]:
    from confiture_core.migrations.executor import baseline
    from confiture_core.migrations.loader import load_migrations
    from confiture_core.reach import open_connection

    with open_connection(url) as connection:
        files = load_migrations(path / "db" / "migrations", root=path)
        return tuple(file.label for file in baseline(connection, files))
