"""`db list`, `prune`, `drop` and `image`: the databases of confiture's own."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from confiture import inventory as shown
from confiture import render
from confiture.cli.options import Json, ServerUrl

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confiture_core.factory.databases import Connection
    from confiture_core.factory.inventory import Marked

File = Annotated[str, typer.Argument(metavar="FILE", help="The file, as image.tar.gz.")]
PgCtl = Annotated[
    str | None,
    typer.Option("--pg-ctl", metavar="FILE", help="The pg_ctl of the PostgreSQL that is used."),
]


def list_(server_url: ServerUrl = None, as_json: Json = False) -> None:
    """List the databases on a server that confiture made: layers, clones, shadows.

    The JSON is a list of name, kind, shown, made_at, used_at, kept, is_complete, sessions, bytes.
    """
    from confiture_core.factory.inventory import list_databases

    with _maintenance(server_url) as connection:
        found = list_databases(connection, sizes=True)
    shown.databases([_facts(database) for database in found], as_json=as_json)


def prune(
    days: Annotated[
        float | None,
        typer.Option("--older-than", metavar="DAYS", help="Those not used for so many days."),
    ] = None,
    keep: Annotated[
        int | None, typer.Option("--keep", metavar="N", help="All but the N last used.")
    ] = None,
    megabytes: Annotated[
        int | None,
        typer.Option("--max-size", metavar="MB", help="The last used beyond so many megabytes."),
    ] = None,
    server_url: ServerUrl = None,
    as_json: Json = False,
) -> None:
    """Drop layers and kept databases that nobody uses, and what dead processes left.

    Without a limit only the latter goes. The JSON is the list of names that are gone.
    """
    from datetime import timedelta

    from confiture_core.factory import inventory

    with _maintenance(server_url) as connection:
        gone = inventory.reap(connection)
        if days is not None or keep is not None or megabytes is not None:
            gone += inventory.prune(
                connection,
                older_than=timedelta(days=days) if days is not None else None,
                keep=keep,
                max_bytes=megabytes << 20 if megabytes is not None else None,
            )
    shown.dropped(gone, as_json=as_json)


def drop(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME...", help="Databases of confiture's.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that nobody uses.")] = False,
    server_url: ServerUrl = None,
    as_json: Json = False,
) -> None:
    """Drop databases that confiture made, unless a running process uses them.

    The JSON is the list of names that are gone.
    """
    from confiture_core.errors import DatabaseError
    from confiture_core.factory.inventory import drop_unused, list_databases

    if everything == bool(names):
        raise typer.BadParameter("name databases, or say --all")
    with _maintenance(server_url) as connection:
        found = {database.name: database for database in list_databases(connection)}
        for name in names or ():
            if name not in found:
                raise DatabaseError(f'there is no database "{name}" of confiture\'s on the server')
        wanted = names or list(found)
        gone = tuple(name for name in wanted if drop_unused(connection, found[name]))
    shown.dropped(gone, as_json=as_json)
    if left := sorted(set(names or ()) - set(gone)):
        raise DatabaseError(f'database "{left[0]}" is in use')


def save(file: File, pg_ctl: PgCtl = None) -> None:
    """Write the layers that the last test run here left as one file, for the cache of a CI.

    The run must have had a server of its own.
    """
    from confiture_core.server.image_file import save_image

    _, image = _image(pg_ctl)
    layers = save_image(image, Path(file))
    render.talk(f"{file}: {len(layers)} layers, {Path(file).stat().st_size / 1e6:.1f} MB")


def load(file: File, pg_ctl: PgCtl = None) -> None:
    """Take the layers from a file that was saved: the next test run here starts with them."""
    from confiture_core.server.image_file import load_image

    binaries, image = _image(pg_ctl)
    layers = load_image(Path(file), image, binaries)
    render.talk(f"{file}: {len(layers)} layers")


def _image(pg_ctl: str | None) -> Any:
    from confiture_core.errors import ServerError
    from confiture_core.server.image import project_image

    found = project_image(os.environ, Path.cwd(), pg_ctl=Path(pg_ctl) if pg_ctl else None)
    if found is None:
        raise ServerError(
            "there is no place for images",
            hint="set XDG_CACHE_HOME to a directory of yours",
        )
    return found


@contextmanager
def _maintenance(server_url: str | None) -> Iterator[Connection]:
    from confiture_core.errors import ServerError
    from confiture_core.factory.databases import maintenance
    from confiture_core.server import named_server, standing_server

    server = named_server(environ=os.environ, url=server_url) or standing_server(os.environ)
    if server is None:
        raise ServerError(
            "no server is named, and none runs",
            hint="name one with --server-url; those that end with a test run leave no databases",
        )
    with maintenance(server) as connection:
        yield connection


def _facts(database: Marked) -> dict[str, Any]:
    mark = database.mark
    return {
        "name": database.name,
        "kind": mark.kind,
        "shown": mark.shown,
        "made_at": mark.made_at,
        "used_at": mark.used_at or mark.made_at,
        "kept": mark.kept,
        "is_complete": database.is_complete,
        "sessions": database.sessions,
        "bytes": database.size,
    }
