"""What the plugin keeps with pytest's objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from confiture_core.factory.databases import Connection
    from confiture_core.server import Server
    from pytest_confiture.servers import Desk
    from pytest_confiture.supply import Supply


class State:
    """Of the session."""

    def __init__(self) -> None:
        self.supply: Supply | None = None
        self.desk: Desk | None = None
        # Opened while the supply was loaded, for it to use, after a reaping; and to which server.
        self.maintenance: tuple[Server, Connection] | None = None
        self.accounts: list[dict[str, Any]] = []  # one for each process


class TestState:
    """Of one test."""

    def __init__(self) -> None:
        self.has_failed = False
        self.sections: list[str] = []  # for its report


STATE = pytest.StashKey[State]()
TEST = pytest.StashKey[TestState]()
