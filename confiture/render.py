"""Everything the command prints."""

from __future__ import annotations

import json
import sys
import traceback as tracebacks
import unicodedata
from typing import TYPE_CHECKING

from confiture.talk import TALK, is_fancy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from confiture_core.diff.operation import Step
    from confiture_core.difference import Difference
    from confiture_core.errors import ConfitureError

_RED, _YELLOW, _BOLD = "31", "33", "1"


def say(text: str = "") -> None:
    """Print a line of the result."""
    print(text)


def talk(text: str = "") -> None:
    """Print a line about the work, unless the user wants none."""
    if not TALK.is_quiet:
        sys.stdout.flush()
        print(text, file=sys.stderr, flush=True)


def warn(text: str) -> None:
    """Print a line that the user should not miss, unless he wants none."""
    talk(f"{_painted('warning:', _YELLOW)} {text}")


def error(exc: ConfitureError) -> None:
    """Print an error: one line, then its details, then the way out."""
    sys.stdout.flush()
    lines = [f"{_painted('error:', _RED)} {exc}"]
    if exc.detail:
        lines += [f"  {line}".rstrip() for line in exc.detail.splitlines()]
    if exc.hint:
        lines.append(f"{_painted('hint:', _BOLD)} {exc.hint}")
    print("\n".join(lines), file=sys.stderr, flush=True)
    if TALK.is_json:
        facts = {"message": exc.message, "path": exc.path, "line": exc.line}
        as_json({"error": {**facts, "detail": exc.detail, "hint": exc.hint}})


def traceback(exc: BaseException) -> None:
    """Print where an error comes from."""
    tracebacks.print_exception(exc)


def as_json(value: object) -> None:
    """Print a result for a program."""
    print(json.dumps(value, indent=2, default=str))


def marked(mark: str, text: str) -> str:
    """Put a mark before a text where marks are shown."""
    return f"{mark} {text}" if is_fancy(sys.stdout) else text


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table: with a frame on a terminal, else in columns."""
    widths = [max(map(_width, column)) for column in zip(head, *rows, strict=True)]
    if not is_fancy(sys.stdout):
        for row in (head, *rows):
            say(
                "  ".join(
                    _padded(cell, width) for cell, width in zip(row, widths, strict=True)
                ).rstrip()
            )
        return
    whole = sum(widths) + 3 * len(widths) + 1
    say(" " * ((whole - _width(title)) // 2) + title)
    say(_rule(tuple("┏━┳┓"), widths))
    say(_row("┃", head, widths))
    say(_rule(tuple("┡━╇┩"), widths))
    for row in rows:
        say(_row("│", row, widths))
    say(_rule(tuple("└─┴┘"), widths))


def difference(found: Difference, *, is_result: bool) -> None:
    """Print a difference and what is to be known of it, on stdout if it is the result."""
    for step in found.up.steps:
        (say if is_result else talk)(_step(step))
    if found.is_empty:
        talk("No difference.")
    for note in found.notes:
        talk(f"note: {note}")
    if not found.transactional:
        talk("note: it cannot run in one transaction, and commits in steps")


def written(files: Sequence[str], found: Difference | None = None) -> None:
    """Print which files there are now; with a difference as JSON, beside it."""
    if found is not None:
        as_json({**difference_facts(found), "files": files})
        return
    for file in files:
        say(marked("✅", f"Created {file}"))


def difference_facts(difference: Difference) -> dict[str, object]:
    """Return what `migrate diff --json` says of a difference.

    `up` and `down` are lists of steps: `sql`, `object` (or null) and `hazards`, each with `kind`
    and `message`. `transactional` says whether both can run in one transaction each.
    """
    return {
        "is_empty": difference.is_empty,
        "transactional": difference.transactional,
        "up": [_step_facts(step) for step in difference.up.steps],
        "down": [_step_facts(step) for step in difference.down.steps],
        "notes": list(difference.notes),
    }


def _step(step: Step) -> str:
    hazards = [f"-- {hazard.kind}: {hazard.message}" for hazard in step.hazards]
    return "\n".join([*hazards, f"{step.sql};"])


def _step_facts(step: Step) -> dict[str, object]:
    return {
        "sql": step.sql,
        "object": None if step.identity is None else str(step.identity),
        "hazards": [{"kind": one.kind, "message": one.message} for one in step.hazards],
    }


def _painted(text: str, colour: str) -> str:
    return f"\x1b[{colour}m{text}\x1b[0m" if is_fancy(sys.stderr) else text


def _rule(corners: Sequence[str], widths: Iterable[int]) -> str:
    left, line, middle, right = corners
    return left + middle.join(line * (width + 2) for width in widths) + right


def _row(edge: str, cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (f" {_padded(cell, width)} " for cell, width in zip(cells, widths, strict=True))
    return edge + edge.join(padded) + edge


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    """Count the cells that a text takes on a terminal."""
    wide = sum(unicodedata.east_asian_width(one) in "WF" for one in text)
    return len(text) + wide - sum(unicodedata.combining(one) > 0 for one in text)
