"""PostgreSQL servers: found where they are named, started where none is."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from confiture_core.server.binaries import Binaries, find_binaries
    from confiture_core.server.ephemeral import ephemeral_server
    from confiture_core.server.find import find_server
    from confiture_core.server.named import named_server
    from confiture_core.server.server import Server, read_server
    from confiture_core.server.standing import standing_server, start_standing, stop_standing

__all__ = [
    "Binaries",
    "Server",
    "ephemeral_server",
    "find_binaries",
    "find_server",
    "named_server",
    "read_server",
    "standing_server",
    "start_standing",
    "stop_standing",
]

_MODULES = {
    "Binaries": "binaries",
    "Server": "server",
    "ephemeral_server": "ephemeral",
    "find_binaries": "binaries",
    "find_server": "find",
    "named_server": "named",
    "read_server": "server",
    "standing_server": "standing",
    "start_standing": "standing",
    "stop_standing": "standing",
}


def __getattr__(name: str) -> object:
    # Where a server is named, as in the next run of the tests, what starts one is not loaded.
    if name in _MODULES:
        return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
