"""What a run of some migrations may do to a database that is in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confiture_core.errors import ConfitureError
from confiture_core.lint.finding import LintFinding
from confiture_core.lint.known import Known
from confiture_core.lint.linter import lint
from confiture_core.lint.source import read_source
from confiture_core.lint.statements import broken_by
from confiture_core.migrations.loader import Directory

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from confiture_core.migrations.loader import Direction, MigrationFile
    from confiture_core.statements import Statement


def find_hazards(
    chosen: Sequence[MigrationFile],
    migrations: Sequence[MigrationFile],
    direction: Direction,
    *,
    version: int | None = None,
) -> tuple[LintFinding, ...]:
    """Find what some of the migrations would harm, going by what all of them say."""
    if direction == "down":
        return tuple(_of_ways_down(chosen, migrations, Known(version=version)))
    paths = {shown for file in chosen for shown in (file.shown, file.down_shown) if shown}
    found = lint(Directory(migrations=tuple(migrations), problems=()), version=version)
    return tuple(one for one in found if one.path in paths and not one.is_note)


def _of_ways_down(
    chosen: Sequence[MigrationFile], migrations: Sequence[MigrationFile], known: Known
) -> Iterator[LintFinding]:
    for file in migrations:
        known.begin()
        for statement in _statements(file, "up"):
            known.learn(statement.node)
    known.begin()
    for file in chosen:
        path = file.shown_of("down")
        for statement in _statements(file, "down"):
            for rule, message, hint in broken_by(statement.node, known):
                line = statement.line
                yield LintFinding(rule=rule, message=message, path=path, line=line, hint=hint)


def _statements(file: MigrationFile, direction: Direction) -> tuple[Statement, ...]:
    try:
        return read_source(file, direction).statements
    except ConfitureError:
        return ()  # the run itself says what is wrong with it
