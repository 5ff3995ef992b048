"""Differences as migration files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confiture_core.migrations.generate import Format, version_after, write_files
from confiture_core.migrations.rendering import render_python_migration, render_sql_migration
from confiture_core.migrations.versions import migration_name, next_version

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from confiture_core.difference import Difference


def write_migration(
    difference: Difference, directory: Path, name: str, *, format: Format = "py"
) -> tuple[Path, ...]:
    """Write a difference as the next migration of a directory; no file is ever overwritten."""
    return write_migrations((difference,), directory, name, format=format)


def write_migrations(
    differences: Sequence[Difference], directory: Path, name: str, *, format: Format = "py"
) -> tuple[Path, ...]:
    """Write differences as the next migrations of a directory, `name_1`, `name_2` where several."""
    name = migration_name(name)
    version = version_after(directory)
    texts: dict[str, str] = {}
    for number, difference in enumerate(differences, start=1):
        own = name if len(differences) == 1 else f"{name}_{number}"
        texts.update(_texts(difference, version, own, format))
        version = next_version([version])
    return write_files(directory, texts)


def _texts(difference: Difference, version: str, name: str, format: Format) -> dict[str, str]:
    up = [step.sql for step in difference.up.steps]
    down = [step.sql for step in difference.down.steps]
    transactional = difference.transactional
    stem = f"{version}_{name}"
    if format == "py":
        text = render_python_migration(version, name, up, down, transactional=transactional)
        return {f"{stem}.py": text}
    texts = render_sql_migration(version, name, up, down, transactional=transactional)
    return {f"{stem}.up.sql": texts[0], f"{stem}.down.sql": texts[1] or ""}
