"""Squashing: the first migrations made into one, which is proved to give the same catalog."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pglast import ast

from confiture_core.catalog.reader import read_catalog
from confiture_core.difference import between
from confiture_core.errors import ConfitureError, MigrationError
from confiture_core.migrations.generate import write_files
from confiture_core.migrations.rendering import render_sql_migration
from confiture_core.migrations.run import apply_migration
from confiture_core.migrations.versions import same_version, sort_key
from confiture_core.proof import State
from confiture_core.sources import open_files
from confiture_core.statements import split_statements

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from confiture_core.difference import Difference
    from confiture_core.factory.shadows import Shadows
    from confiture_core.migrations.loader import MigrationFile

_DATA = (ast.CopyStmt, ast.DeleteStmt, ast.InsertStmt, ast.MergeStmt, ast.UpdateStmt)


@dataclass(frozen=True, slots=True, kw_only=True)
class Squash:
    """What was written, what was moved out of its way, and what a catalog does not hold."""

    written: tuple[Path, ...]
    moved: tuple[Path, ...]  # where the files are now
    notes: tuple[str, ...]


def squash(migrations: Sequence[MigrationFile], through: str, shadows: Shadows) -> Squash:
    """Make the migrations through a version into one of that version; nothing is deleted."""
    old = _through(migrations, through)
    last = old[-1]
    difference = _difference(old, shadows)
    texts = render_sql_migration(
        last.version,
        "squashed",
        [step.sql for step in difference.up.steps],
        [step.sql for step in difference.down.steps],
        transactional=difference.transactional,
    )
    versions = " ".join(file.version for file in old)
    up = texts[0].replace("\n", f"\n-- confiture: replaces: {versions}\n", 1)
    directory = last.path.parent
    moved = _move(old, directory / f"squashed_{last.version}")
    stem = f"{last.version}_squashed"
    written = write_files(directory, {f"{stem}.up.sql": up, f"{stem}.down.sql": texts[1] or ""})
    return Squash(written=written, moved=moved, notes=tuple(_notes(old)))


def _through(migrations: Sequence[MigrationFile], through: str) -> tuple[MigrationFile, ...]:
    if not any(same_version(file.version, through) for file in migrations):
        raise MigrationError(f'there is no version "{through}"')
    key = sort_key(through)[0]
    chosen = tuple(file for file in migrations if sort_key(file.version)[0] <= key)
    if len(chosen) < 2:
        raise MigrationError("there is nothing to squash: that is the first migration")
    return chosen


def _difference(files: Sequence[MigrationFile], shadows: Shadows) -> Difference:
    database = shadows.make()
    with shadows.connect(database) as connection:
        for file in files:
            apply_migration(connection, file, record=False)
        catalog = read_catalog(connection)
    reached = State(catalog=catalog, database=database, shown=files[-1].label)
    return between(open_files((), "nothing", shadows), reached, shadows)


def _move(files: Sequence[MigrationFile], folder: Path) -> tuple[Path, ...]:
    paths = [path for file in files for path in (file.path, file.down_path) if path]
    targets = tuple(folder / path.name for path in paths)
    for target in targets:
        if target.exists():
            raise MigrationError("the file exists already", path=str(target))
    folder.mkdir(exist_ok=True)
    for path, target in zip(paths, targets, strict=True):
        path.rename(target)
    return targets


def _notes(files: Sequence[MigrationFile]) -> Iterator[str]:
    """Name the migrations that write rows: a catalog has none."""
    for file in files:
        if _writes_rows(file):
            yield f"{file.label} writes rows: add what a new database needs of them"


def _writes_rows(file: MigrationFile) -> bool:
    if file.kind == "py":
        words = ("insert into", "update ", "delete from", "copy ", "in_batches", ".copy(")
        return any(word in file.text.lower() for word in words)
    try:
        return any(isinstance(one.node, _DATA) for one in split_statements(file.text))
    except ConfitureError:
        return False
