"""The pytest plugin: a database per test, and items that prove the migrations."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_confiture.database import Database

__all__ = ["Database", "LeakWarning"]


class LeakWarning(UserWarning):
    """A test left something behind in its database's server that confiture had to clean up."""


def __getattr__(name: str) -> object:
    # The plugin imports this package at the start of every run: psycopg must wait.
    if name == "Database":
        from pytest_confiture.database import Database

        return Database
    raise AttributeError(name)
