"""golang-migrate, and what has its form: `VERSION_name.up.sql` and `.down.sql`.

Of runners for several databases come names like `VERSION_name.postgres.up.sql`, which stand before
those without the word in the middle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from confiture_core.adoption.foreign import Foreign, ForeignSet, left_out, read_text
from confiture_core.errors import MigrationError
from confiture_core.migrations.versions import FileName, parse_file_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PAIR = (".up.sql", ".down.sql")


def is_there(directory: Path) -> bool:
    """Tell whether a directory holds migrations of this form."""
    return any(True for _ in files_of(directory, ".up.sql"))


def read(directory: Path) -> ForeignSet:
    """Read a directory."""
    ups: dict[int, tuple[Path, FileName]] = {}
    downs: dict[int, Path] = {}
    for path, name in files_of(directory, ".down.sql"):
        downs[int(name.version)] = path
    for path, name in files_of(directory, ".up.sql"):
        if (number := int(name.version)) in ups:
            raise MigrationError(
                f'version "{name.version}" is taken by {ups[number][0]}', path=str(path)
            )
        ups[number] = path, name
    if orphan := sorted(downs.keys() - ups.keys()):
        raise MigrationError("a down without its up", path=str(downs[orphan[0]]))
    migrations = tuple(
        Foreign(
            key=str(number),
            version=name.version,
            name=name.name,
            up=read_text(path),
            down=read_text(downs[number]) if number in downs else None,
        )
        for number, (path, name) in sorted(ups.items())
    )
    return ForeignSet(migrations=migrations, notes=notes_of(directory))


def files_of(directory: Path, suffix: str) -> Iterator[tuple[Path, FileName]]:
    """Give the files for PostgreSQL with a suffix, by their names."""
    named = [(path, parse_file_name(path.name)) for path in sorted(directory.glob("*.sql"))]
    own = [(path, name) for path, name in named if name and not name.is_foreign]
    own = [(path, name) for path, name in own if name.suffix == suffix]
    particular = {name.label for _, name in own if name.dialect}
    yield from (one for one in own if one[1].dialect or one[1].label not in particular)


def notes_of(directory: Path) -> tuple[str, ...]:
    """Say what of a directory is not taken."""
    taken = {path for suffix in _PAIR for path, _ in files_of(directory, suffix)}
    return left_out([path for path in sorted(directory.glob("*.sql")) if path not in taken])
