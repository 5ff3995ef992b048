"""PostgreSQL servers: found where they are named, started where none is."""

from __future__ import annotations

from confiture_core.server.find import find_server
from confiture_core.server.server import Server, read_server

__all__ = ["Server", "find_server", "read_server"]
