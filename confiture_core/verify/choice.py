"""Which migrations are to be verified: all, the last so many, or those that git sees changed."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from confiture_core.errors import ProjectError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from confiture_core.migrations.loader import MigrationFile

# What is not committed.
HEAD = "HEAD"


def last_of(migrations: Sequence[MigrationFile], number: int) -> tuple[MigrationFile, ...]:
    """Choose the last so many."""
    return tuple(migrations[max(len(migrations) - number, 0) :])


def changed_since(
    ref: str, migrations: Sequence[MigrationFile], directory: Path
) -> tuple[MigrationFile, ...]:
    """Choose those whose files are not as they were where this branch left another.

    Files that git does not track yet count, and a way down that was removed.
    """
    if not migrations:
        return ()
    base = _git(directory, "merge-base", ref, HEAD, otherwise=ref).strip()
    changed = _git(directory, "diff", "--name-only", "-z", "--relative", base, "--", ".")
    new = _git(directory, "ls-files", "--others", "--exclude-standard", "-z", "--", ".")
    names = {name for name in (changed + new).split("\0") if name}
    return tuple(file for file in migrations if _names_of(file) & names)


def _names_of(file: MigrationFile) -> set[str]:
    names = {path.name for path in (file.path, file.down_path) if path is not None}
    return {*names, f"{file.label}.down.sql"}


def _git(directory: Path, *arguments: str, otherwise: str | None = None) -> str:
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=directory, capture_output=True, text=True, check=False
        )
    except OSError as exc:
        raise ProjectError(f"git cannot be run: {exc.strerror}") from exc
    if done.returncode == 0:
        return done.stdout
    if otherwise is not None:
        return otherwise
    said = done.stderr.strip().splitlines()
    raise ProjectError(
        "git cannot say which migrations have changed",
        detail=said[0] if said else None,
        hint="name a commit or a branch that is there",
    )
