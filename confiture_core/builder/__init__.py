"""SQL files made into databases: run by PostgreSQL, complained about by file and line."""

from __future__ import annotations

from confiture_core.builder.access import MissingRole, SkippedStatement
from confiture_core.builder.environment import BuildReport, build_environment
from confiture_core.builder.runner import run_files

__all__ = [
    "BuildReport",
    "MissingRole",
    "SkippedStatement",
    "build_environment",
    "run_files",
]
