"""Files with both directions in them: what dbmate and goose have in common."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confiture_core.adoption.foreign import Foreign, ForeignSet, left_out, read_text, require_none
from confiture_core.errors import MigrationError
from confiture_core.migrations.markers import Marked, parse_markers

if TYPE_CHECKING:
    from pathlib import Path

    from confiture_core.migrations.markers import Form

_NAME = re.compile(r"(?P<version>\d+)_?(?P<name>.*)\.(sql|go)")


def is_marked_as(directory: Path, form: Form) -> bool:
    """Tell whether a file of a directory has the markers of a tool."""
    return any(
        marked is not None and marked.form == form
        for path in sorted(directory.glob("*.sql"))
        if (marked := _parsed(path)) is not None
    )


def read_marked(directory: Path, form: Form) -> ForeignSet:
    """Read a directory of files that have the markers of a tool."""
    programs = [path for path in directory.glob("*.go") if _NAME.fullmatch(path.name)]
    require_none(sorted(programs), "a migration that is a program in Go")
    migrations: dict[int, Foreign] = {}
    others = []
    for path in sorted(directory.glob("*.sql")):
        match, marked = _NAME.fullmatch(path.name), _parsed(path)
        if match is None or marked is None or marked.form != form:
            others.append(path)
            continue
        number = int(match["version"])
        if number in migrations:
            raise MigrationError(f'version "{match["version"]}" is taken', path=str(path))
        migrations[number] = Foreign(
            key=match["version"],
            version=match["version"],
            name=match["name"] or "migration",
            up=_without_margin(marked.up) or "",
            down=_without_margin(marked.down),
        )
    in_order = tuple(migrations[number] for number in sorted(migrations))
    return ForeignSet(migrations=in_order, notes=left_out(others))


def _parsed(path: Path) -> Marked | None:
    return parse_markers(read_text(path), shown=str(path))


def _without_margin(text: str | None) -> str | None:
    """Cut off the empty lines that stand for those of the other direction."""
    return None if text is None else text.strip("\n") + "\n"
