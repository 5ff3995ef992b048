"""flyway: `V1_2__name.sql`, undone by `U1_2__name.sql`, and `R__name.sql`, which are repeated.

Placeholders are replaced by their values, as flyway does before it runs a file. Versions of several
numbers cannot be kept: if one of them has a dot, all are counted anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from confiture_core.adoption.foreign import (
    OUTSIDE,
    Foreign,
    ForeignSet,
    left_out,
    read_text,
    require_none,
)
from confiture_core.adoption.formats.flyway_settings import (
    Placeholders,
    load_placeholders,
    read_lines,
)
from confiture_core.errors import MigrationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_NAME = re.compile(r"(?P<kind>[VU])(?P<version>\d+(?:[._]\d+)*)__(?P<name>.+)\.(?:sql|java)")
_REPEATED = re.compile(r"R__(?P<name>.+)\.sql")
# beforeMigrate.sql, afterEachMigrate__refresh.sql
_CALLBACK = re.compile(r"(?:(?:before|after)[A-Z]\w*?|createSchema)(?:__.*)?\.sql")


def is_there(directory: Path) -> bool:
    """Tell whether a directory holds migrations of this form."""
    return any(_NAME.fullmatch(path.name) for path in directory.rglob("V*__*.sql"))


def read(directory: Path, placeholders: Mapping[str, str] = MappingProxyType({})) -> ForeignSet:
    """Read a directory and the folders in it, as flyway does."""
    require_none(sorted(directory.rglob("V*__*.java")), "a migration that is a program in Java")
    found = _find(directory)
    ups, downs = found.versioned["V"], found.versioned["U"]
    is_kept = all(len(numbers) == 1 for numbers in ups)
    text = _Texts(load_placeholders(directory, placeholders))
    migrations = [
        Foreign(
            key=".".join(map(str, numbers)),
            version=match["version"] if is_kept else None,
            name=match["name"],
            up=text.read(path),
            down=text.read(downs[numbers][0]) if numbers in downs else None,
        )
        for numbers, (path, match) in sorted(ups.items())
    ]
    # Flyway runs them after all others, in the order of their descriptions.
    migrations += [
        Foreign(key=f"R__{name}", name=f"repeated_{name}", up=text.read(path), down=None)
        for name, path in sorted(found.repeated.items())
    ]
    return ForeignSet(migrations=tuple(migrations), notes=tuple(_notes(found, text)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    versioned: dict[str, dict[tuple[int, ...], tuple[Path, re.Match[str]]]]
    repeated: dict[str, Path]
    others: list[Path]


def _find(directory: Path) -> _Found:
    found = _Found(versioned={"V": {}, "U": {}}, repeated={}, others=[])
    for path in sorted(directory.rglob("*.sql")):
        if match := _NAME.fullmatch(path.name):
            of_kind, numbers = found.versioned[match["kind"]], parse_version(match["version"])
            if numbers in of_kind:
                raise MigrationError(
                    f'version "{match["version"]}" is taken by {of_kind[numbers][0]}',
                    path=str(path),
                )
            of_kind[numbers] = path, match
        elif match := _REPEATED.fullmatch(path.name):
            found.repeated[match["name"]] = path
        else:
            found.others.append(path)
    return found


def _notes(found: _Found, text: _Texts) -> Iterator[str]:
    callbacks = [path for path in found.others if _CALLBACK.fullmatch(path.name)]
    yield from left_out([path for path in found.others if path not in callbacks])
    for path in callbacks:
        yield f"left out, as confiture has no callbacks: {path}"
    if found.repeated:
        yield "R__ files are run once here: write a migration for each later change"
    if text.replaced:
        yield f"placeholders became their values: {', '.join(sorted(text.replaced))}"


class _Texts:
    """Reads files, and remembers which placeholders it has replaced."""

    def __init__(self, placeholders: Placeholders) -> None:
        self._placeholders = placeholders
        self.replaced: set[str] = set()

    def read(self, path: Path) -> str:
        settings = path.with_name(f"{path.name}.conf")
        own = dict(read_lines(read_text(settings))) if settings.is_file() else {}
        placeholders = self._placeholders
        if own.get("placeholderReplacement", "").lower() == "false":
            placeholders = replace(placeholders, is_on=False)
        text, names = placeholders.replaced(read_text(path), path)
        self.replaced |= set(names)
        return (OUTSIDE if own.get("executeInTransaction", "").lower() == "false" else "") + text


def parse_version(text: str) -> tuple[int, ...]:
    """Read "1_2" or "1.2.0": zeros at the end make no difference."""
    numbers = [int(number) for number in re.split(r"[._]", text)]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
