"""The server that a command makes shadow databases on."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from confiture import render
from confiture_core.errors import ConfigError, ServerError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from confiture_core.config import Environment
    from confiture_core.server import Server


@contextmanager
def shadow_server(
    environment: Environment | None,
    url: str | None,
    *,
    pg_ctl: Path | None = None,
    project: Path | None = None,
) -> Iterator[Server]:
    """Give a server that is named, one of our own, or that of the environment.

    The last only where none can be started, as where PostgreSQL runs in a container; never that
    of a protected environment. One of our own starts with the layers that the last one for the
    `project` had.
    """
    from confiture_core.server import ephemeral_server, named_server

    named = named_server(environ=os.environ, url=url)
    if named is not None:
        yield named
        return
    with ExitStack() as stack:
        try:
            own = ephemeral_server(environ=os.environ, pg_ctl=pg_ctl, project=project)
            server = stack.enter_context(own)
        except ServerError:
            theirs = _server_of(environment)
            if theirs is None:
                raise
            render.talk(f"note: no server can be started here: shadows are made on {theirs.shown}")
            server = theirs
        yield server


def _server_of(environment: Environment | None) -> Server | None:
    from confiture_core.server import read_server

    if environment is None or environment.protected or environment.database is None:
        return None
    try:
        conninfo = environment.database.conninfo("postgres")
        return read_server(conninfo, source=environment.shown)
    except (ConfigError, ServerError):
        return None
