"""Differences as migration files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confiture_core.migrations.generate import Format, version_after, write_files
from confiture_core.migrations.rendering import render_python_migration, render_sql_migration
from confiture_core.migrations.versions import migration_name

if TYPE_CHECKING:
    from pathlib import Path

    from confiture_core.difference import Difference


def write_migration(
    difference: Difference, directory: Path, name: str, *, format: Format = "py"
) -> tuple[Path, ...]:
    """Write a difference as the next migration of a directory; no file is ever overwritten."""
    name = migration_name(name)
    version = version_after(directory)
    up = [step.sql for step in difference.up.steps]
    down = [step.sql for step in difference.down.steps]
    transactional = difference.transactional
    stem = f"{version}_{name}"
    if format == "py":
        text = render_python_migration(version, name, up, down, transactional=transactional)
        return write_files(directory, {f"{stem}.py": text})
    texts = render_sql_migration(version, name, up, down, transactional=transactional)
    return write_files(directory, {f"{stem}.up.sql": texts[0], f"{stem}.down.sql": texts[1] or ""})
