"""What the plugin keeps with pytest's objects."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from confiture_core.factory.databases import Connection
    from confiture_core.server import Server
    from pytest_confiture.servers import Desk
    from pytest_confiture.supply import Supply


@dataclass(slots=True)
class State:
    """Of the session."""

    supply: Supply | None = None
    desk: Desk | None = None
    # Opened while the supply was loaded, for it to use, after a reaping; and to which server.
    maintenance: tuple[Server, Connection] | None = None
    accounts: list[dict[str, Any]] = field(default_factory=list)  # one for each process


@dataclass(slots=True)
class TestState:
    """Of one test."""

    has_failed: bool = False
    sections: list[str] = field(default_factory=list)  # for its report


STATE = pytest.StashKey[State]()
TEST = pytest.StashKey[TestState]()
