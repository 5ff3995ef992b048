"""SQL files made into databases: run by PostgreSQL, complained about by file and line."""

from __future__ import annotations

from confiture_core.builder.access import MissingRole, SkippedStatement
from confiture_core.builder.environment import BuildReport, build_environment
from confiture_core.builder.reach import Connection, connect
from confiture_core.builder.runner import run_files

__all__ = [
    "BuildReport",
    "Connection",
    "MissingRole",
    "SkippedStatement",
    "build_environment",
    "connect",
    "run_files",
]
