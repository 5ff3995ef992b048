"""The files a project begins with: copied as they are, but for the name.

Those under `files` are every project's, those under `example` are asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from confiture_core.errors import ProjectError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable
    from pathlib import Path

_NAME = "myapp"  # stands in the files for the project's
_LONGEST_NAME = 48  # leaves room for the name of an environment in that of a database
_KEEP = ".gitkeep"  # git keeps no empty folders
_SCHEMA = "db/schema/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaffold:
    """What was made, and what was there already; paths as seen from the project."""

    created: tuple[str, ...]
    kept: tuple[str, ...]


def make_project(directory: Path, *, example: bool = False) -> Scaffold:
    """Make the files of a new project that are not there; nothing is overwritten.

    A schema that has files already gets none of ours.
    """
    name = database_name(directory.resolve().name)
    has_schema = any((directory / "db" / "schema").rglob("*.sql"))
    if example and has_schema:
        raise ProjectError(
            "there is a schema already: an example would be in its way",
            path="db/schema",
            hint="make the example in an empty folder: confiture init --example DIRECTORY",
        )
    sources = dict(_walk(resources.files(__name__) / "files"))
    if example:
        more = dict(_walk(resources.files(__name__) / "example"))
        for folder in {shown.rpartition("/")[0] for shown in more}:
            sources.pop(f"{folder}/{_KEEP}", None)
        sources |= more
    created, kept = [], []
    for shown, source in sorted(sources.items()):
        path = directory / shown
        if has_schema and shown.startswith(_SCHEMA):
            continue
        if path.name == _KEEP and _holds_files(path.parent):
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(source.read_text(encoding="utf-8").replace(_NAME, name))
        except FileExistsError:
            kept.append(shown)
        else:
            created.append(shown)
    return Scaffold(created=tuple(created), kept=tuple(kept))


def database_name(folder: str) -> str:
    """Turn the name of a folder into one that needs no quotes in SQL: "My App" gives my_app."""
    name = re.sub(r"[^a-z0-9]+", "_", folder.lower()).strip("_")[:_LONGEST_NAME]
    if not name:
        return "app"
    return f"app_{name}" if name[0].isdigit() else name


def _holds_files(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())


def _walk(folder: Traversable, above: str = "") -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        shown = f"{above}{entry.name}"
        if entry.is_dir():
            yield from _walk(entry, f"{shown}/")
        else:
            yield shown, entry
