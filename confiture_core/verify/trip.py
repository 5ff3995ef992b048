"""The round trip of one migration: what was seen of up, down and up again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from confiture_core.errors import ConfitureError
from confiture_core.migrations.dry_run import write_down
from confiture_core.tracing.trace import Trace
from confiture_core.verify.rows.contents import NO_CONTENTS, Contents

if TYPE_CHECKING:
    from confiture_core.catalog.reading import Reading
    from confiture_core.migrations.loader import Direction, MigrationFile
    from confiture_core.verify.rows.fill import Unfilled
    from confiture_core.verify.rows.seeds import Unfit


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsTrip:
    """What was seen of the rows on a trip with rows in the tables."""

    before: Contents = NO_CONTENTS
    down: Contents | None = None
    # What fails only because there are rows: in which direction, the second up being "again".
    failed: str | None = None
    error: ConfitureError | None = None
    # Whether it fails even where every table has one row, with a value in every column.
    fails_plainly: bool = True
    unfilled: tuple[Unfilled, ...] = ()
    unfit: tuple[Unfit, ...] = ()  # the seeds that fitted no state, said with the last migration


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """What was seen of one migration; None is what could not be looked at."""

    file: MigrationFile
    before: Reading
    up: Reading | None = None
    down: Reading | None = None
    again: Reading | None = None
    up_error: ConfitureError | None = None
    down_error: ConfitureError | None = None
    again_error: ConfitureError | None = None
    rows: RowsTrip = field(default_factory=RowsTrip)
    trace: Trace = field(default_factory=Trace)  # of the first up

    @property
    def failure(self) -> tuple[Direction | str, ConfitureError] | None:
        """The first thing that failed."""
        for name, error in (
            ("up", self.up_error),
            ("down", self.down_error),
            ("again", self.again_error),
        ):
            if error is not None:
                return name, error
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreached:
    """A migration that could not be looked at, as one before it fails."""

    file: MigrationFile
    broken: MigrationFile
    error: ConfitureError


def is_empty_down(file: MigrationFile) -> bool:
    """Tell whether down, which is there, runs no statement at all."""
    try:
        return not write_down(file, "down").statements
    except ConfitureError:
        # It is written so that its statements are not known without running it: it has some.
        return False
