"""Where a server comes from: named by the caller or the environment, else our own.

A server that is named is the one that is used: where it cannot be reached that is an error,
and no other one takes its place.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from psycopg import pq
from psycopg.conninfo import make_conninfo

from confiture_core.server.ephemeral import ephemeral_server
from confiture_core.server.server import Server, read_server
from confiture_core.server.standing import standing_server

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

SERVER_URL_VARIABLE = "CONFITURE_SERVER_URL"

# PGUSER, PGPASSWORD and PGDATABASE say who comes and what for, but not to which server.
_NAMING_VARIABLES = ("PGHOST", "PGHOSTADDR", "PGPORT", "PGSERVICE")


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


def named_server(*, environ: Mapping[str, str], url: str | None = None) -> Server | None:
    """Return the server that the caller or the environment names, or None where none is."""
    if url:
        return read_server(url, source="the given url")
    if environ.get(SERVER_URL_VARIABLE):
        return read_server(environ[SERVER_URL_VARIABLE], source=SERVER_URL_VARIABLE)
    variables = [name for name in _NAMING_VARIABLES if environ.get(name)]
    if variables:
        return read_server(_environment_conninfo(environ), source=", ".join(variables))
    return None


def _environment_conninfo(environ: Mapping[str, str]) -> str:
    """Return what libpq would read from `environ`, which need not be that of the process."""
    parameters: dict[str, str] = {}
    for option in pq.Conninfo.get_defaults():
        variable = option.envvar.decode() if option.envvar else ""
        # PGDATABASE names what is worked on, which may not exist yet.
        if environ.get(variable) and variable != "PGDATABASE":
            parameters[option.keyword.decode()] = environ[variable]
    return make_conninfo("", **parameters)
