"""`init`: a project from nothing, from a database, or from another tool's migrations."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from confiture.busy import busy
from confiture.cli.options import Json, ServerUrl
from confiture.cli.place import shown
from confiture.cli.shadow import shadow_server

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


FromMigrations = Annotated[
    str | None,
    typer.Option(
        "--from-migrations",
        metavar="DIR",
        help="Take over another tool's migrations, and write db/schema from what they make.",
    ),
]


def init(
    directory: Directory = ".",
    example: Example = False,
    database: From = None,
    migrations: FromMigrations = None,
    record: Record = False,
    server_url: ServerUrl = None,
    as_json: Json = False,
) -> None:
    """Make the files a project begins with. Nothing that is there is overwritten.

    With --from or --from-migrations, what is written was run on a shadow database and gives the
    same schema. The JSON has created, kept (paths as seen from the project), recorded and notes.
    """
    from confiture.projects import initialized
    from confiture.scaffold import make_project

    if record and database is None:
        raise typer.BadParameter("--record goes with --from")
    if example + (database is not None) + (migrations is not None) > 1:
        raise typer.BadParameter("--example, --from and --from-migrations each make the schema")
    path = Path(directory)
    written: tuple[Path, ...] = ()
    notes: tuple[str, ...] = ()
    if database is not None:
        notes, written = _from_database(database, path, server_url)
    if migrations is not None:
        notes, written = _from_migrations(Path(migrations), path, server_url)
    path.mkdir(parents=True, exist_ok=True)
    scaffold = make_project(path, example=example)
    recorded = _record(database, path) if record and database is not None else ()
    more = [file.relative_to(path).as_posix() for file in written]
    source = "database" if database is not None else migrations and "migrations"
    initialized(scaffold, more, notes, recorded, source=source, as_json=as_json)


def _from_database(
    url: str, path: Path, server_url: str | None
) -> tuple[tuple[str, ...], tuple[Path, ...]]:
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
    with (
        busy("reading the database"),
        shadow_server(None, server_url) as server,
        shadows(server) as made,
    ):
        adopted = adopt_database(url, made)
        baseline = write_baseline(adopted, migrations, made)
    return adopted.notes, (*write_schema(adopted, schema), *baseline)


def _from_migrations(
    theirs: Path, path: Path, server_url: str | None
) -> tuple[tuple[str, ...], tuple[Path, ...]]:
    from confiture_core.adoption.database import adopt, require_no_schema, write_schema
    from confiture_core.adoption.taking import recognize, take, write_taken
    from confiture_core.factory.shadows import shadows
    from confiture_core.sources import Place, open_migrations

    schema = path / "db" / "schema"
    require_no_schema(schema)
    taken = take(theirs, recognize(theirs))
    with (
        TemporaryDirectory() as folder,
        shadow_server(None, server_url) as server,
        shadows(server) as made,
    ):
        write_taken(taken, Path(folder))
        place = Place(directory=path, environment=None, migrations_dir=Path(folder))
        adopted = adopt(open_migrations(place, made), made)
    written, _ = write_taken(taken, path / "db" / "migrations")
    return (*taken.notes, *adopted.notes), (*write_schema(adopted, schema), *written)


def _record(url: str, path: Path) -> tuple[str, ...]:
    from confiture_core.migrations.executor import baseline
    from confiture_core.migrations.loader import load_migrations
    from confiture_core.reach import open_connection

    with open_connection(url) as connection:
        files = load_migrations(path / "db" / "migrations", root=path)
        return tuple(file.label for file in baseline(connection, files))
