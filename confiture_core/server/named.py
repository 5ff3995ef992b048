"""Servers that the caller or the environment names.

Apart from how one of our own is started, which a run on a server that is named does not load.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import pq
from psycopg.conninfo import make_conninfo

from confiture_core.server.server import Server, read_server

if TYPE_CHECKING:
    from collections.abc import Mapping

SERVER_URL_VARIABLE = "CONFITURE_SERVER_URL"

# PGUSER, PGPASSWORD and PGDATABASE say who comes and what for, but not to which server.
_NAMING_VARIABLES = ("PGHOST", "PGHOSTADDR", "PGPORT", "PGSERVICE")


def named_server(*, environ: Mapping[str, str], url: str | None = None) -> Server | None:
    """Return the server that the caller or the environment names, or None where none is."""
    named = naming(environ=environ, url=url)
    return read_server(named[0], source=named[1]) if named is not None else None


def naming(*, environ: Mapping[str, str], url: str | None = None) -> tuple[str, str] | None:
    """Give the connection string of the server that is named, and who names it."""
    if url:
        return url, "the given url"
    if environ.get(SERVER_URL_VARIABLE):
        return environ[SERVER_URL_VARIABLE], SERVER_URL_VARIABLE
    variables = [name for name in _NAMING_VARIABLES if environ.get(name)]
    if variables:
        return _environment_conninfo(environ), ", ".join(variables)
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
