"""`server start`, `stop`, `status` and `url`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from confiture import inventory, render
from confiture.cli.options import Json

if TYPE_CHECKING:
    from confiture_core.server import Server

_NOT_RUNNING = 3

PgCtl = Annotated[
    str | None,
    typer.Option("--pg-ctl", metavar="FILE", help="The pg_ctl of the PostgreSQL to start."),
]


def start(pg_ctl: PgCtl = None, as_json: Json = False) -> None:
    """Start a server that stays, so that tests and shadow databases find one that is warm.

    It keeps its data in memory where there is room. The JSON has url, source and version.
    """
    from confiture_core.server import start_standing

    server = start_standing(os.environ, pg_ctl=Path(pg_ctl) if pg_ctl else None)
    inventory.server(_facts(server), as_json=as_json)


def stop() -> None:
    """Stop the server that was started to stay; its data is gone then."""
    from confiture_core.server import stop_standing

    render.talk("stopped" if stop_standing(os.environ) else "no server runs")


def status(as_json: Json = False) -> None:
    """Say whether a server that stays runs; the exit code is 3 if none does.

    The JSON is null, or has url, source and version.
    """
    from confiture_core.server import standing_server

    server = standing_server(os.environ)
    inventory.server(_facts(server) if server else None, as_json=as_json)
    if server is None:
        raise typer.Exit(_NOT_RUNNING)


def url() -> None:
    """Write the URL of the server that stays: CONFITURE_SERVER_URL=$(confiture server url)."""
    from confiture_core.errors import ServerError
    from confiture_core.server import standing_server

    server = standing_server(os.environ)
    if server is None:
        raise ServerError("no server runs", hint='start one with "confiture server start"')
    render.say(server.url())


def _facts(server: Server) -> dict[str, str]:
    version = f"{server.version_num // 10000}.{server.version_num % 10000}"
    return {"url": server.url(), "source": server.source, "version": version}
