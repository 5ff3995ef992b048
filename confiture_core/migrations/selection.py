"""Which migrations are to be run, decided from the files and the history alone."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from confiture_core.errors import MigrationError
from confiture_core.migrations.versions import identity, next_version, same_version, sort_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confiture_core.migrations.history import AppliedMigration
    from confiture_core.migrations.loader import MigrationFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """How far to go: to a version, or some steps; else all the way up, or one step down."""

    to: str | None = None  # the version that is applied last, or stays; "0" is before the first
    steps: int | None = None
    out_of_order: bool = False  # apply what is older than the newest that is applied
    forced: bool = False  # roll back what is irreversible

    def __post_init__(self) -> None:
        if self.to is not None and self.steps is not None:
            raise MigrationError("a version and a number of steps are both given: name one")
        if self.steps is not None and self.steps < 1:
            raise MigrationError(f'"{self.steps}" is not a number of steps')


def select_pending(
    migrations: Sequence[MigrationFile], applied: Sequence[AppliedMigration], target: Target
) -> tuple[MigrationFile, ...]:
    """Select what `up` has to apply, in order."""
    done = {identity(one.version) for one in applied}
    pending = [file for file in migrations if identity(file.version) not in done]
    if target.to is not None:
        last = _known(target.to, [file.version for file in migrations])
        pending = [file for file in pending if sort_key(file.version) <= sort_key(last)]
    pending = pending[: target.steps]
    if not target.out_of_order:
        _refuse_older(pending, applied, migrations)
    return tuple(pending)


def select_applied(
    migrations: Sequence[MigrationFile], applied: Sequence[AppliedMigration], target: Target
) -> tuple[MigrationFile, ...]:
    """Select what `down` has to roll back, newest first."""
    newest_first = sorted(applied, key=lambda one: sort_key(one.version), reverse=True)
    if target.to is None:
        chosen = newest_first[: target.steps or 1]
    else:
        is_start = target.to.isdecimal() and int(target.to) == 0
        last = "0" if is_start else _known(target.to, [one.version for one in applied])
        chosen = [one for one in newest_first if sort_key(one.version)[0] > sort_key(last)[0]]
    files = tuple(_file_of(one, migrations) for one in chosen)
    if not target.forced:
        for file in files:
            _refuse_irreversible(file)
    return files


def find_file(version: str, migrations: Sequence[MigrationFile]) -> MigrationFile | None:
    """Find the file of a version, however it is written."""
    return next((file for file in migrations if same_version(file.version, version)), None)


def _known(version: str, versions: Sequence[str]) -> str:
    for known in versions:
        if same_version(known, version):
            return known
    nearest = difflib.get_close_matches(version, versions, n=1, cutoff=0)
    hint = f'there is "{nearest[0]}"' if nearest else "there are none"
    raise MigrationError(f'there is no version "{version}"', hint=hint)


def _refuse_older(
    pending: Sequence[MigrationFile],
    applied: Sequence[AppliedMigration],
    migrations: Sequence[MigrationFile],
) -> None:
    newest = max(applied, key=lambda one: sort_key(one.version), default=None)
    older = [f for f in pending if newest and sort_key(f.version) < sort_key(newest.version)]
    if newest is None or not older:
        return
    following = next_version([file.version for file in migrations] + [newest.version])
    raise MigrationError(
        f"it is older than {newest.label}, which is applied already",
        path=older[0].shown,
        detail="\n".join(f"{file.label} is pending" for file in older),
        hint=f"give it the version {following}, or apply it out of order with --out-of-order",
    )


def _file_of(row: AppliedMigration, migrations: Sequence[MigrationFile]) -> MigrationFile:
    file = find_file(row.version, migrations)
    if file is None:
        raise MigrationError(
            f"{row.label} is applied, but its file is missing",
            hint="restore the file: what it did can be rolled back only by what it says",
        )
    return file


def _refuse_irreversible(file: MigrationFile) -> None:
    if (reason := file.irreversible) is not None:
        raise MigrationError(
            f"{file.label} cannot be rolled back: {reason}",
            path=file.shown,
            hint="--force takes it out of the history, and runs its way down if it has one",
        )
