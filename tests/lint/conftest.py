"""Room for the shadow databases that lint measures on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from confiture_core.factory.shadows import shadows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confiture_core.factory.shadows import Shadows
    from confiture_core.server import Server


@pytest.fixture
def room(server: Server) -> Iterator[Shadows]:
    with shadows(server) as made:
        yield made
