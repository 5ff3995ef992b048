"""flyway: `V1_2__name.sql`, undone by `U1_2__name.sql`, and `R__name.sql`, which are repeated.

Versions of several numbers cannot be kept: if one of them has a dot, all are counted anew.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confiture_core.adoption.foreign import (
    OUTSIDE,
    Foreign,
    ForeignSet,
    left_out,
    read_text,
    require_none,
)
from confiture_core.errors import MigrationError

if TYPE_CHECKING:
    from pathlib import Path

_NAME = re.compile(r"(?P<kind>[VU])(?P<version>\d+(?:[._]\d+)*)__(?P<name>.+)\.(?:sql|java)")
_REPEATED = re.compile(r"R__(?P<name>.+)\.sql")
_PLACEHOLDER = re.compile(r"\$\{[^}\n]*\}")
_OUTSIDE = re.compile(r"^\s*executeInTransaction\s*=\s*false\s*$", re.MULTILINE | re.IGNORECASE)


def is_there(directory: Path) -> bool:
    """Tell whether a directory holds migrations of this form."""
    return any(_NAME.fullmatch(path.name) for path in directory.rglob("V*__*.sql"))


def read(directory: Path) -> ForeignSet:
    """Read a directory and the folders in it, as flyway does."""
    require_none(sorted(directory.rglob("V*__*.java")), "a migration that is a program in Java")
    found: dict[str, dict[tuple[int, ...], tuple[Path, re.Match[str]]]] = {"V": {}, "U": {}}
    repeated: dict[str, Path] = {}
    others = []
    for path in sorted(directory.rglob("*.sql")):
        if match := _NAME.fullmatch(path.name):
            numbers = parse_version(match["version"])
            if numbers in found[match["kind"]]:
                taken = found[match["kind"]][numbers][0]
                raise MigrationError(
                    f'version "{match["version"]}" is taken by {taken}', path=str(path)
                )
            found[match["kind"]][numbers] = path, match
        elif match := _REPEATED.fullmatch(path.name):
            repeated[match["name"]] = path
        else:
            others.append(path)
    ups, downs = found["V"], found["U"]
    is_kept = all(len(numbers) == 1 for numbers in ups)
    migrations = [
        Foreign(
            key=".".join(map(str, numbers)),
            version=match["version"] if is_kept else None,
            name=match["name"],
            up=_text(path),
            down=_text(downs[numbers][0]) if numbers in downs else None,
        )
        for numbers, (path, match) in sorted(ups.items())
    ]
    # Flyway runs them after all others, in the order of their descriptions.
    migrations += [
        Foreign(key=f"R__{name}", name=f"repeated_{name}", up=_text(path), down=None)
        for name, path in sorted(repeated.items())
    ]
    notes = [*left_out(others)]
    if repeated:
        notes.append("R__ files are run once here: write a migration for each later change")
    for migration in migrations:
        if match := _PLACEHOLDER.search(migration.up):
            notes.append(f"{migration.key} holds {match[0]}: put its value there if flyway did")
    return ForeignSet(migrations=tuple(migrations), notes=tuple(notes))


def parse_version(text: str) -> tuple[int, ...]:
    """Read "1_2" or "1.2.0": zeros at the end make no difference."""
    numbers = [int(number) for number in re.split(r"[._]", text)]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def _text(path: Path) -> str:
    settings = path.with_name(f"{path.name}.conf")
    is_outside = settings.is_file() and _OUTSIDE.search(read_text(settings)) is not None
    return (OUTSIDE if is_outside else "") + read_text(path)
