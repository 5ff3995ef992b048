"""maragudk/migrate: `NAME.up.sql` and `NAME.down.sql`, in the order of whole names.

It looks like golang-migrate, but that one number is on several files; so all are counted anew.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from confiture_core.adoption.foreign import Foreign, ForeignSet, read_text
from confiture_core.adoption.formats.golang_migrate import files_of, notes_of
from confiture_core.errors import MigrationError

if TYPE_CHECKING:
    from pathlib import Path


def is_there(directory: Path) -> bool:
    """Tell whether a directory holds migrations of this form."""
    counted = Counter(int(name.version) for _, name in files_of(directory, ".up.sql"))
    return any(count > 1 for count in counted.values())


def read(directory: Path) -> ForeignSet:
    """Read a directory."""
    ups = {name.label: (path, name) for path, name in files_of(directory, ".up.sql")}
    downs = {name.label: path for path, name in files_of(directory, ".down.sql")}
    if orphan := sorted(downs.keys() - ups.keys()):
        raise MigrationError("a down without its up", path=str(downs[orphan[0]]))
    migrations = tuple(
        Foreign(
            key=label,
            name=name.name or label,
            up=read_text(path),
            down=read_text(downs[label]) if label in downs else None,
        )
        for label, (path, name) in sorted(ups.items())
    )
    return ForeignSet(migrations=migrations, notes=notes_of(directory))
