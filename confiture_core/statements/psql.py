r"""What psql understands and SQL does not: commands such as `\restrict`, and rows after COPY.

Whether a backslash or the word stdin is one of these, and not a part of a string or a comment,
is asked of PostgreSQL's scanner: it is when the text before it scans to its end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pglast.parser import ParseError, scan

from confiture_core.errors import SqlError

if TYPE_CHECKING:
    from collections.abc import Mapping

# What may be a psql command or the end of COPY … FROM stdin; the scanner decides.
_CANDIDATE = re.compile(r"^[ \t]*\\|\bfrom\s+stdin\b", re.IGNORECASE | re.MULTILINE)
_END_OF_ROWS = re.compile(r"^\\\.\r?$", re.MULTILINE)
_MOST_LINES = 200  # of the options of one COPY
COMMENTS = frozenset({"SQL_COMMENT", "C_COMMENT"})  # the scanner's names

# They talk to the terminal, or guard a dump (pg_dump 15.14 and newer), and change no database.
_IGNORED = frozenset(
    {r"\restrict", r"\unrestrict", r"\echo", r"\qecho", r"\warn", r"\timing", r"\pset", r"\x"}
)
# \set of these is about how psql behaves; \set of another name makes a variable.
_PSQL_SETTINGS = frozenset(
    {"ON_ERROR_STOP", "ECHO", "QUIET", "VERBOSITY", "SHOW_CONTEXT", "ON_ERROR_ROLLBACK"}
)
_HINTS = {
    r"\i": "add that file to the environment's includes instead",
    r"\ir": "add that file to the environment's includes instead",
    r"\connect": "one build is one database: write the dump without --create",
    r"\c": "one build is one database: write the dump without --create",
    r"\copy": "use COPY … FROM stdin with the rows below it",
}


class PlainSql(NamedTuple):
    """A text in which only SQL is left; every character of it stands where it stood."""

    text: str
    copy_rows: Mapping[int, str]  # by the offset of the COPY statement


def strip_psql(text: str, *, shown: str | None) -> PlainSql:
    """Blank out psql's commands and the rows of COPY, keeping the rows."""
    stripper = _Stripper(text, shown)
    position = 0
    while match := _CANDIDATE.search(text, position):
        position = stripper.take(match)
    return PlainSql(text=stripper.blanked(0, len(text)), copy_rows=stripper.copy_rows)


class _Token(NamedTuple):
    name: str
    start: int  # in the whole text


@dataclass(slots=True)
class _Stripper:
    """The state of one pass: what is scanned, and what is blanked so far."""

    text: str
    shown: str | None
    start: int = 0  # where a statement begins, at or before what comes next
    blanks: list[tuple[int, int]] = field(default_factory=list)
    copy_rows: dict[int, str] = field(default_factory=dict)

    def take(self, match: re.Match[str]) -> int:
        """Decide on a candidate; give the position to go on from."""
        if match[0].endswith("\\"):
            tokens = self.scan(match.start())
            return match.end() if tokens is None else self.take_command(match.end() - 1)
        tokens = self.scan(match.end())
        if not tokens or tokens[0].name != "COPY" or tokens[-1].name != "STDIN":
            return match.end()
        return self.take_copy(tokens[0].start, match.end())

    def take_command(self, backslash: int) -> int:
        """Blank a psql command, which reaches to the end of its line, or refuse it."""
        end = self.end_of_line(backslash)
        command, *words = self.text[backslash:end].split()
        is_setting = command in (r"\set", r"\unset") and words[:1] and words[0] in _PSQL_SETTINGS
        if command not in _IGNORED and not is_setting:
            raise SqlError(
                f'psql command "{command}" cannot be run here',
                path=self.shown,
                line=self.text.count("\n", 0, backslash) + 1,
                hint=_HINTS.get(command, "only SQL, and what pg_dump writes, can be run"),
            )
        self.blanks.append((backslash, end))
        return end

    def take_copy(self, offset: int, position: int) -> int:
        """Blank the rows below COPY … FROM stdin; psql reads them from the next line on."""
        semicolon = self.semicolon_after(position)
        begin = min(self.end_of_line(semicolon) + 1, len(self.text))
        match = _END_OF_ROWS.search(self.text, begin)
        end, after = match.span() if match else (len(self.text), len(self.text))
        self.copy_rows[offset] = self.text[begin:end]
        self.blanks.append((begin, after))
        self.start = semicolon + 1
        return after

    def semicolon_after(self, position: int) -> int:
        """Find the end of the statement, whose options may take more lines and semicolons."""
        end = position
        for _ in range(_MOST_LINES):
            end = self.end_of_line(end + 1)
            for token in self.tokens(end) or ():
                if token.name == "ASCII_59" and token.start >= position:
                    return token.start
        return len(self.text)

    def scan(self, end: int) -> list[_Token] | None:
        """Scan up to a position and give the tokens of the statement that is open there.

        None: the position is inside a string, a quoted name or a comment.
        """
        tokens = self.tokens(end)
        if tokens is None:
            return None
        for token in reversed(tokens):
            if token.name == "ASCII_59":
                self.start = token.start + 1
                break
        return [token for token in tokens if token.start >= self.start]

    def tokens(self, end: int) -> list[_Token] | None:
        """Scan from `start` to a position; None if that ends in the middle of something."""
        try:
            tokens = scan(self.blanked(self.start, end))
        except ParseError:
            return None
        return [
            _Token(name=token.name, start=self.start + token.start)
            for token in tokens
            if token.name not in COMMENTS
        ]

    def blanked(self, begin: int, end: int) -> str:
        """Give a part of the text with spaces for what is not SQL."""
        parts = []
        for blank_begin, blank_end in self.blanks:
            if begin <= blank_begin < end:
                parts += [self.text[begin:blank_begin], " " * (blank_end - blank_begin)]
                begin = blank_end
        return "".join([*parts, self.text[begin:end]])

    def end_of_line(self, position: int) -> int:
        """Find the newline that ends a line, or the end of the text."""
        end = self.text.find("\n", position)
        return len(self.text) if end < 0 else end
