"""Environments: the yaml files of db/environments, and where their databases are."""

from __future__ import annotations

from confiture_core.config.database import DatabaseSettings
from confiture_core.config.environment import (
    OLDEST_VERSION,
    Environment,
    find_root,
    load_environment,
)

__all__ = ["OLDEST_VERSION", "DatabaseSettings", "Environment", "find_root", "load_environment"]
