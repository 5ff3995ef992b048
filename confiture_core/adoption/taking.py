"""Another tool's migrations as migrations of confiture's, and what a database has of them.

Files are written only where none are but the same; the database's schema is left as it is, but for
the history.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from confiture_core.adoption.foreign import OUTSIDE
from confiture_core.adoption.formats import (
    alembic,
    dbmate,
    django,
    flyway,
    golang_migrate,
    goose,
    maragu,
    sqitch,
)
from confiture_core.errors import ConfitureError, MigrationError
from confiture_core.migrations.generate import write_files
from confiture_core.migrations.script import parse_script
from confiture_core.migrations.versions import next_version

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import ModuleType

    from confiture_core.adoption.foreign import Foreign

# Where a directory is of two forms at once, the first is the better guess: it is more particular.
FORMATS: dict[str, ModuleType] = {
    "sqitch": sqitch,
    "alembic": alembic,
    "django": django,
    "flyway": flyway,
    "goose": goose,
    "dbmate": dbmate,
    "maragu": maragu,
    "golang-migrate": golang_migrate,
}
_WIDTH = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Migrations under the names that they get here."""

    format: str
    migrations: tuple[Foreign, ...]
    versions: tuple[str, ...]  # of each
    texts: dict[str, str]  # by the name of the file
    notes: tuple[str, ...]

    @property
    def versions_by_key(self) -> dict[str, str]:
        """Map what the other tool calls a migration to its version here."""
        keys = (migration.key for migration in self.migrations)
        return dict(zip(keys, self.versions, strict=True))


def recognize(directory: Path) -> str:
    """Tell from the contents of a directory which tool it belongs to."""
    if not directory.is_dir():
        raise MigrationError("there is no such directory", path=str(directory))
    for name, module in FORMATS.items():
        if module.is_there(directory):
            return name
    raise MigrationError(
        "these are no migrations of a tool that confiture knows",
        path=str(directory),
        hint=f"say which with --format: {', '.join(FORMATS)}",
    )


def take(directory: Path, format: str, placeholders: Mapping[str, str] | None = None) -> Taken:
    """Read the migrations of a directory and give them versions and names.

    Values of placeholders are for flyway's.
    """
    found = (
        flyway.read(directory, placeholders or {})
        if format == "flyway"
        else FORMATS[format].read(directory)
    )
    if not found.migrations:
        raise MigrationError(f"there are no migrations of {format} here", path=str(directory))
    versions = _versions(found.migrations)
    texts: dict[str, str] = {}
    notes = list(found.notes)
    for migration, version in zip(found.migrations, versions, strict=True):
        name = re.sub(r"[^\w.-]+", "_", migration.name).strip("_") or "migration"
        stem = f"{version}_{name}"
        pairs = ((f"{stem}.up.sql", migration.up), (f"{stem}.down.sql", migration.down))
        for file, text in pairs:
            if text is not None:
                texts[file], note = _runnable(text, file)
                notes += note
    return Taken(
        format=format,
        migrations=found.migrations,
        versions=versions,
        texts=texts,
        notes=tuple(notes),
    )


def write_taken(taken: Taken, directory: Path) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Write what is not there yet; return it, and what was there and is the same.

    Other migrations in the directory, or files of other contents, are refused.
    """
    kept = []
    for path in sorted(directory.glob("*_*.*")) if directory.is_dir() else ():
        if path.name not in taken.texts or path.read_text("utf-8") != taken.texts[path.name]:
            raise MigrationError(
                "there are other migrations already",
                path=str(path),
                hint="import into a directory without any: --migrations-dir DIR",
            )
        kept.append(path)
    names = {path.name for path in kept}
    missing = {name: text for name, text in taken.texts.items() if name not in names}
    return write_files(directory, missing), tuple(kept)


def _versions(migrations: Sequence[Foreign]) -> tuple[str, ...]:
    """Keep the versions if those that are no repeated ones have them; else count from 1."""
    has_own = [one.version is not None for one in migrations]
    own = [one.version for one in migrations if one.version is not None]
    # Those without, which come last, are counted on from the others.
    if not own or has_own != sorted(has_own, reverse=True) or any(int(one) == 0 for one in own[1:]):
        width = max(_WIDTH, len(str(len(migrations))))
        return tuple(str(number).zfill(width) for number in range(1, len(migrations) + 1))
    versions = list(own)
    while len(versions) < len(migrations):
        versions.append(next_version(versions))
    return tuple(versions)


def _runnable(text: str, shown: str) -> tuple[str, list[str]]:
    """Let a script that ends transactions itself run as it does; say what cannot be run at all."""
    try:
        parse_script(text, shown=shown)
    except ConfitureError as exc:
        try:
            parse_script(OUTSIDE + text, shown=shown)
        except ConfitureError:
            return text, [f"it is taken over as it is, but will not run: {exc}"]
        return OUTSIDE + text, []
    return text, []
