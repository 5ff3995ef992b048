"""golang-migrate: `VERSION_name.up.sql` and `.down.sql`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confiture_core.adoption.foreign import Foreign, ForeignSet, left_out, read_text
from confiture_core.errors import MigrationError

if TYPE_CHECKING:
    from pathlib import Path

_NAME = re.compile(r"(?P<version>\d+)_(?P<name>.+)\.(?P<way>up|down)\.sql")


def is_there(directory: Path) -> bool:
    """Tell whether a directory holds migrations of this form."""
    return any(_NAME.fullmatch(path.name) for path in directory.glob("*.up.sql"))


def read(directory: Path) -> ForeignSet:
    """Read a directory."""
    ups: dict[int, re.Match[str]] = {}
    downs: dict[int, Path] = {}
    others = []
    for path in sorted(directory.glob("*.sql")):
        match = _NAME.fullmatch(path.name)
        if match is None:
            others.append(path)
        elif match["way"] == "down":
            downs[int(match["version"])] = path
        elif (number := int(match["version"])) in ups:
            raise MigrationError(
                f'version "{match["version"]}" is taken by {ups[number][0]}', path=str(path)
            )
        else:
            ups[number] = match
    if orphan := sorted(downs.keys() - ups.keys()):
        raise MigrationError("a down without its up", path=str(downs[orphan[0]]))
    migrations = tuple(
        Foreign(
            key=str(number),
            version=match["version"],
            name=match["name"],
            up=read_text(directory / match[0]),
            down=read_text(downs[number]) if number in downs else None,
        )
        for number, match in sorted(ups.items())
    )
    return ForeignSet(migrations=migrations, notes=left_out(others))
