"""goose: `VERSION_name.sql` with `-- +goose Up` and `-- +goose Down`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confiture_core.adoption.formats.marked import is_marked_as, read_marked

if TYPE_CHECKING:
    from pathlib import Path

    from confiture_core.adoption.foreign import ForeignSet


def is_there(directory: Path) -> bool:
    """Tell whether a directory holds migrations of this form."""
    return is_marked_as(directory, "goose")


def read(directory: Path) -> ForeignSet:
    """Read a directory."""
    return read_marked(directory, "goose")
