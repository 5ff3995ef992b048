"""Files with both directions in them, as dbmate, goose and sql-migrate write them. Pure.

Each direction becomes a text of its own in which all lines stand where they stand in the file:
those of the other direction are empty. So every line of an error is that of the file.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from confiture_core.errors import MigrationError

Form = Literal["dbmate", "goose", "sql-migrate"]

# dbmate: `-- migrate:up transaction:false`; goose: `-- +goose Up`; sql-migrate: `-- +migrate Up`.
_DBMATE = re.compile(r"\s*--\s*migrate:(?P<word>up|down)\b(?P<rest>.*)", re.IGNORECASE)
_PLUS = re.compile(r"\s*--\s*\+(?P<tool>goose|migrate)\s+(?P<word>\w+)(?P<rest>.*)", re.IGNORECASE)
_OURS = re.compile(r"\s*--\s*confiture:")
_OUTSIDE = "-- confiture: transactional: false"
# Where one statement begins and ends is what the parser knows.
_LEFT_OUT = frozenset({"statementbegin", "statementend"})


class Marked(NamedTuple):
    """Both directions of a file; None is what it does not have."""

    form: Form
    up: str
    down: str | None


class _Marker(NamedTuple):
    form: Form
    word: str  # "up", "down", "no", "statementbegin"
    rest: str


def is_marked(text: str) -> bool:
    """Tell whether a text says where its way up begins."""
    return any(marker.word == "up" for marker in map(_marker, text.split("\n")) if marker)


def parse_markers(text: str, *, shown: str) -> Marked | None:
    """Take a file with markers apart; None if there are none."""
    form: Form | None = None
    up, down = _Part(), _Part()
    current: _Part | None = None
    for number, line in enumerate(text.split("\n")):
        marker = _marker(line)
        if marker is None:
            (up if current is None and _OURS.match(line) else current or _Part()).keep(number, line)
            continue
        form = form or marker.form
        if marker.word in ("up", "down"):
            current = up if marker.word == "up" else down
            current.open(number, shown)
            if _says_outside(marker):
                current.keep(number, _OUTSIDE)
        elif marker.word == "no" and marker.rest.strip().lower() == "transaction":
            # Of the whole file, and it may stand above the first marker.
            up.is_outside = down.is_outside = True
        elif marker.word not in _LEFT_OUT:
            raise MigrationError(
                f'confiture does not know "{line.strip()}"', path=shown, line=number + 1
            )
    if form is None or not up.is_there:
        return None
    return Marked(form=form, up=up.text(), down=down.text() if down.is_there else None)


class _Part:
    """The lines of one direction, by their number from 0."""

    def __init__(self) -> None:
        self.is_there = False
        self.is_outside = False
        self._opened = 0
        self._lines: dict[int, str] = {}

    def open(self, number: int, shown: str) -> None:
        if self.is_there:
            raise MigrationError("the same marker for a second time", path=shown, line=number + 1)
        self.is_there, self._opened = True, number

    def keep(self, number: int, line: str) -> None:
        self._lines[number] = line

    def text(self) -> str:
        lines = dict(self._lines)
        if self.is_outside:
            lines[self._opened] = _OUTSIDE
        return "\n".join(lines.get(number, "") for number in range(max(lines, default=-1) + 1))


def _marker(line: str) -> _Marker | None:
    if match := _DBMATE.fullmatch(line):
        return _Marker(form="dbmate", word=match["word"].lower(), rest=match["rest"])
    if match := _PLUS.fullmatch(line):
        form: Form = "goose" if match["tool"].lower() == "goose" else "sql-migrate"
        return _Marker(form=form, word=match["word"].lower(), rest=match["rest"])
    return None


def _says_outside(marker: _Marker) -> bool:
    said = marker.rest.lower().split()
    return "transaction:false" in said or "notransaction" in said
