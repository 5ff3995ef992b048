"""PostgreSQL servers: found where they are named, started where none is."""

from __future__ import annotations

from confiture_core.server.binaries import Binaries, find_binaries
from confiture_core.server.ephemeral import ephemeral_server
from confiture_core.server.find import find_server, named_server
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
