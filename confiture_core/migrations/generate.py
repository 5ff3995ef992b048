"""New migration files; a file that is there is never overwritten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from confiture_core.errors import MigrationError
from confiture_core.migrations.rendering import render_python_migration, render_sql_migration
from confiture_core.migrations.versions import migration_name, next_version, parse_file_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Format = Literal["py", "sql"]


def generate_empty(directory: Path, name: str, format: Format = "py") -> tuple[Path, ...]:
    """Write an empty migration of the next version, to be filled in by hand."""
    name = migration_name(name)
    version = version_after(directory)
    stem = f"{version}_{name}"
    if format == "py":
        return write_files(
            directory, {f"{stem}.py": render_python_migration(version, name, [], [])}
        )
    up, down = render_sql_migration(version, name, [], [])
    return write_files(directory, {f"{stem}.up.sql": up, f"{stem}.down.sql": down or ""})


def version_after(directory: Path) -> str:
    """Name the version after those of a directory, whatever is wrong with its files."""
    if not directory.is_dir():
        return next_version([])
    parsed = [parse_file_name(path.name) for path in directory.iterdir()]
    return next_version([name.version for name in parsed if name is not None])


def write_files(directory: Path, texts: Mapping[str, str]) -> tuple[Path, ...]:
    """Write new files into a directory, making it; if one of them is there, write none."""
    paths = {directory / name: text for name, text in texts.items()}
    for path in paths:
        if path.exists():
            raise MigrationError("the file exists already", path=str(path))
    directory.mkdir(parents=True, exist_ok=True)
    for path, text in paths.items():
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    return tuple(paths)
