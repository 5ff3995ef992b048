"""What is applied, pending, edited, missing or half done: files and history side by side."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from confiture_core.errors import ConfitureError, MigrationError
from confiture_core.migrations import meaning
from confiture_core.migrations.history import AppliedMigration, read_content, read_history
from confiture_core.migrations.loader import Problem
from confiture_core.migrations.progress import Progress, read_progress
from confiture_core.migrations.sending import database_errors
from confiture_core.migrations.versions import identity, label, sort_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    import psycopg

    from confiture_core.migrations.loader import Direction, MigrationFile

    Connection = psycopg.Connection[Any]

# "partial": it commits in steps, and a run was stopped between them.
State = Literal["applied", "pending", "edited", "missing", "partial"]


class MigrationStatus(NamedTuple):
    """One version, known from its file, from the history, or from both."""

    version: str
    name: str
    state: State
    applied_at: datetime | None = None
    note: str | None = None  # "3 steps are done", "was called add_bio when it was applied"
    shown: str | None = None  # the file, as messages call it; None: it is missing

    @property
    def label(self) -> str:
        """Version and name, as the file's name starts."""
        return label(self.version, self.name)


class Edit(NamedTuple):
    """An applied migration whose file now says something else."""

    file: MigrationFile
    difference: str  # a unified diff of what was applied and what the file says

    def error(self) -> MigrationError:
        """Return the edit as an error that shows the difference."""
        return MigrationError(
            "it was edited after it was applied",
            path=self.file.shown,
            detail=self.difference,
            hint="put it back and write a new migration; or, if the database is as the file says,"
            f" confiture migrate accept {self.file.version}",
        )


def read_status(
    connection: Connection | None, migrations: Sequence[MigrationFile]
) -> tuple[MigrationStatus, ...]:
    """Read the state of every version, oldest first; without a database all are pending."""
    with database_errors():
        return _status(connection, migrations)


def _status(
    connection: Connection | None, migrations: Sequence[MigrationFile]
) -> tuple[MigrationStatus, ...]:
    applied = read_history(connection) if connection else ()
    progress = read_progress(connection) if connection else ()
    rows = {identity(row.version): row for row in applied}
    halves = {identity(one.version): one for one in progress}
    edited = {edit.file.version for edit in find_edits(connection, migrations, applied)}
    found = []
    for file in migrations:
        key = identity(file.version)
        found.append(
            _of_file(file, rows.get(key), halves.get(key), is_edited=file.version in edited)
        )
    found += [
        MigrationStatus(
            version=row.version, name=row.name, state="missing", applied_at=row.applied_at
        )
        for row in find_missing(migrations, applied)
    ]
    return tuple(sorted(found, key=lambda one: sort_key(one.version)))


def find_missing(
    migrations: Sequence[MigrationFile], applied: Sequence[AppliedMigration]
) -> tuple[AppliedMigration, ...]:
    """Find what is applied and has no file."""
    there = {identity(file.version) for file in migrations}
    return tuple(row for row in applied if identity(row.version) not in there)


def find_edits(
    connection: Connection | None,
    migrations: Sequence[MigrationFile],
    applied: Sequence[AppliedMigration],
) -> tuple[Edit, ...]:
    """Find the applied migrations that were edited; what means the same is not edited.

    The applied text itself is read only where the digests differ.
    """
    files = {identity(file.version): file for file in migrations}
    edits = []
    for row in applied:
        file = files.get(identity(row.version))
        if connection is None or file is None or row.digest in (None, file.digest):
            continue
        content = read_content(connection, row.version)
        if content is None or _is_other(file, content):
            edits.append(Edit(file=file, difference=_difference(file, content)))
    return tuple(edits)


def find_refused(migrations: Sequence[MigrationFile]) -> Iterator[Problem]:
    """Say what of the migrations' SQL would be refused before it is sent to any server."""
    directions: tuple[Direction, Direction] = ("up", "down")
    for file in migrations:
        for direction in directions:
            if file.kind == "py" or (direction == "down" and file.down_text is None):
                continue
            try:
                file.script(direction)
            except ConfitureError as exc:
                path = str(exc.path) if exc.path is not None else None
                yield Problem(message=exc.message, shown=path, line=exc.line, hint=exc.hint)


def find_history_problems(
    migrations: Sequence[MigrationFile],
    applied: Sequence[AppliedMigration],
    edits: Sequence[Edit],
) -> Iterator[Problem]:
    """Say what does not fit between the files and the history."""
    for edit in edits:
        yield Problem(
            message="it was edited after it was applied",
            shown=edit.file.shown,
            hint=edit.error().hint,
        )
    newest = max((sort_key(row.version) for row in applied), default=None)
    files = {identity(file.version): file for file in migrations}
    for row in applied:
        file = files.get(identity(row.version))
        if file is None:
            yield Problem(
                message=f"{row.label} is applied, but its file is missing",
                hint="restore it; it was deleted, or is on another branch",
            )
        elif file.name != row.name:
            yield Problem(
                message=f'it was called "{row.name}" when it was applied',
                shown=file.shown,
                is_error=False,
            )
    done = {identity(row.version) for row in applied}
    for file in migrations:
        is_pending = identity(file.version) not in done
        if is_pending and newest is not None and sort_key(file.version) < newest:
            yield Problem(
                message="it is pending, and older than what is applied",
                shown=file.shown,
                hint="give it a newer version, or apply it with --out-of-order",
            )


def _of_file(
    file: MigrationFile,
    row: AppliedMigration | None,
    half: Progress | None,
    *,
    is_edited: bool,
) -> MigrationStatus:
    state: State = "pending" if row is None else "applied"
    note = None
    if half is not None:
        state = "partial"
        note = f"{half.direction} was stopped: {half.done} of its steps are done"
    elif is_edited:
        state = "edited"
    elif row is not None and row.name != file.name:
        note = f'was called "{row.name}" when it was applied'
    return MigrationStatus(
        version=file.version,
        name=file.name,
        state=state,
        applied_at=row.applied_at if row else None,
        note=note,
        shown=file.shown,
    )


def _is_other(file: MigrationFile, content: str) -> bool:
    same = meaning.same_up if file.kind == "py" else meaning.same_sql
    return not same(content, file.text)


def _difference(file: MigrationFile, content: str | None) -> str:
    if content is None:
        return "the history does not hold what was applied"
    lines = difflib.unified_diff(
        content.splitlines(),
        file.text.splitlines(),
        fromfile=f"{file.shown} (as applied)",
        tofile=file.shown,
        lineterm="",
    )
    return "\n".join(lines)
