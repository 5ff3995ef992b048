"""PostgreSQL schemas and migrations from plain SQL files."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from confiture.models.migration import Migration as Migration

    __version__: str

__all__ = ["Migration", "__version__"]


def __getattr__(name: str) -> object:
    # `confiture --help` imports this module: what it does not need is not loaded.
    if name == "Migration":
        from confiture.models.migration import Migration  # noqa: PLC0415 - loaded when asked for

        return Migration
    if name == "__version__":
        from importlib.metadata import version  # noqa: PLC0415 - slow, and seldom asked for

        return version("pytest-confiture")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
