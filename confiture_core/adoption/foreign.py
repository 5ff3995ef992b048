"""Migrations of other tools, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from confiture_core.errors import MigrationError, ProjectError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

OUTSIDE = "-- confiture: transactional: false\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """One migration of another tool."""

    key: str  # as the tool's own table names it: "20260101120000", "shop.0001_initial"
    name: str
    up: str
    down: str | None
    version: str | None = None  # None: it has none that is a number, and is counted
    after: tuple[str, ...] = ()  # keys of those that are applied where it is


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignSet:
    """What a directory of another tool holds, in the order in which it is applied."""

    migrations: tuple[Foreign, ...]
    notes: tuple[str, ...] = ()


def read_text(path: Path) -> str:
    """Read a file of the user's, which has to be UTF-8."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as exc:
        raise ProjectError(f"the file cannot be read: {exc.strerror}", path=str(path)) from exc
    except UnicodeDecodeError as exc:
        line = exc.object.count(b"\n", 0, exc.start) + 1
        raise ProjectError("the file is not UTF-8", path=str(path), line=line) from None


def require_none(paths: Sequence[Path], what: str) -> None:
    """Refuse migrations that are programs: only their own tool can say what they do."""
    if paths:
        raise MigrationError(
            f"{what} cannot be imported",
            path=str(paths[0]),
            hint="write it as SQL, or as a migration of confiture's in Python",
        )


def left_out(paths: Sequence[Path]) -> tuple[str, ...]:
    """Name the files of a directory that are no migrations of its tool."""
    return tuple(f"left out, as it is no migration: {path}" for path in paths)
