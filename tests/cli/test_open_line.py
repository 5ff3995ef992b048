"""The line of what is being done is seen while it is done, also by the reader of a pipe."""

from __future__ import annotations

import os
import select
from typing import TYPE_CHECKING

from confiture import render

if TYPE_CHECKING:
    import pytest


def test_an_open_line_reaches_a_pipe_without_waiting_for_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reading, writing = os.pipe()
    with open(reading, "rb") as reader, open(writing, "w", encoding="utf-8") as writer:  # noqa: PTH123
        monkeypatch.setattr("sys.stdout", writer)
        # One that a test before has begun shows what was the output there.
        monkeypatch.setattr(render, "_shower", None)

        render.say("Applying 001_add_users...", is_open=True)

        is_there, _, _ = select.select([reader], [], [], 10)
        assert is_there
        assert os.read(reading, 100) == b"Applying 001_add_users..."
