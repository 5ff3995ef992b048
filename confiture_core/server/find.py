"""Where a server comes from: named by the caller or the environment, else our own.

A server that is named is the one that is used: where it cannot be reached that is an error,
and no other one takes its place.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from confiture_core.server.ephemeral import ephemeral_server
from confiture_core.server.named import named_server
from confiture_core.server.standing import standing_server

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from confiture_core.server.server import Server


@contextmanager
def find_server(
    *,
    environ: Mapping[str, str],
    url: str | None = None,
    pg_ctl: Path | None = None,
    listen: bool = False,
    settings: Mapping[str, str] | None = None,
    project: Path | None = None,
) -> Iterator[Server]:
    """Give the first server that applies: `url`, CONFITURE_SERVER_URL, PG*, one of our own.

    Of our own is the one that was started to stay, else one that ends with the block. `pg_ctl`,
    `listen` and `settings` ask for the latter; see ephemeral_server, also for `project`.
    """
    named = named_server(environ=environ, url=url)
    if named is None and pg_ctl is None and not listen and not settings:
        named = standing_server(environ)
    if named is not None:
        yield named
        return
    with ephemeral_server(
        environ=environ, pg_ctl=pg_ctl, listen=listen, settings=settings, project=project
    ) as server:
        yield server
