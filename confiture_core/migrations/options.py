"""What a migration says about itself: `-- confiture: …` lines, or attributes of its class."""

from __future__ import annotations

import difflib
import re
from typing import NamedTuple

from pglast.parser import ParseError, scan

from confiture_core.errors import MigrationError

_LINE = re.compile(r"\s*--\s*confiture:\s*(?P<key>\w+)\s*[:=]\s*(?P<value>.*?)\s*")
_OPENING = re.compile(r"\s*--\s*confiture:")
_KEYS = (
    "transactional",
    "irreversible",
    "lossy",
    "lock_timeout",
    "statement_timeout",
    "replaces",
)
# Stands above a statement, and so perhaps at the head as well.
OF_A_STATEMENT = "in_batches"
_FLAGS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|min|h|)")
_SECONDS = {"ms": 0.001, "s": 1.0, "": 1.0, "min": 60.0, "h": 3600.0}


class Options(NamedTuple):
    """What is not said is None, and 0 s is for ever."""

    transactional: bool | None = None
    irreversible: str | None = None  # the reason
    lossy: tuple[str, ...] = ()  # columns "users.bio" and tables "posts"
    lock_timeout_s: float | None = None
    statement_timeout_s: float | None = None
    replaces: tuple[str, ...] = ()  # the versions that were made into this one


def parse_options(text: str, *, shown: str) -> Options:
    """Read the `-- confiture: key: value` lines at the head of an SQL file.

    One that stands further down is refused: nobody would notice that it is not heeded.
    """
    said: dict[str, tuple[str, int]] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip() and not line.lstrip().startswith("--"):
            _refuse_below(text, number, shown)
            break
        if not _OPENING.match(line) or _of_a_statement(line):
            continue
        match = _LINE.fullmatch(line)
        if match is None or match["key"] not in _KEYS:
            raise _unknown(line, match["key"] if match else None, shown, number)
        said[match["key"]] = (match["value"], number)
    return _options(said, shown)


def _refuse_below(text: str, head: int, shown: str) -> None:
    lines = text.split("\n")
    below = [
        number
        for number, line in enumerate(lines[head:], start=head)
        if _OPENING.match(line) and not _of_a_statement(line)
    ]
    if not below:
        return
    try:
        # Inside of a string it is no comment.
        comments = [token.start for token in scan(text) if token.name == "SQL_COMMENT"]
    except ParseError:  # said where the statements are read
        return
    found = {text.count("\n", 0, start) for start in comments}.intersection(below)
    if found:
        raise MigrationError(
            f"this option is not at the head of the file: {lines[min(found)].strip()}",
            path=shown,
            line=min(found) + 1,
            hint="move it above the first statement: it is for the whole file",
        )


def _of_a_statement(line: str) -> bool:
    match = _LINE.fullmatch(line)
    return match is not None and match["key"] == OF_A_STATEMENT


def parse_duration(text: str) -> float | None:
    """Read "500ms", "10s", "2min", "1h" or seconds; None if it is none of these."""
    match = _DURATION.fullmatch(text.strip())
    return float(match[1]) * _SECONDS[match[2]] if match else None


def _options(said: dict[str, tuple[str, int]], shown: str) -> Options:
    def flag(key: str) -> bool | None:
        if key not in said:
            return None
        value, line = said[key]
        if value.lower() not in _FLAGS:
            raise MigrationError(f'"{key}" must be true or false', path=shown, line=line)
        return _FLAGS[value.lower()]

    def duration(key: str) -> float | None:
        if key not in said:
            return None
        value, line = said[key]
        seconds = parse_duration(value)
        if seconds is None:
            raise bad_duration(key, path=shown, line=line)
        return seconds

    reason = said.get("irreversible", (None, 0))[0]
    lossy = said.get("lossy", ("", 0))[0]
    return Options(
        transactional=flag("transactional"),
        irreversible=reason if reason is None else reason or "no reason is given",
        lossy=tuple(part.strip() for part in lossy.split(",") if part.strip()),
        lock_timeout_s=duration("lock_timeout"),
        statement_timeout_s=duration("statement_timeout"),
        replaces=tuple(said.get("replaces", ("", 0))[0].replace(",", " ").split()),
    )


def bad_duration(key: str, *, path: str, line: int | None = None) -> MigrationError:
    """Say that a time-out is not one."""
    return MigrationError(
        f'"{key}" is not a duration', path=path, line=line, hint='write "500ms", "10s" or "2min"'
    )


def _unknown(line: str, key: str | None, shown: str, number: int) -> MigrationError:
    if key is None:
        return MigrationError(
            f"cannot read this option: {line.strip()}",
            path=shown,
            line=number,
            hint="write -- confiture: transactional: false",
        )
    nearest = difflib.get_close_matches(key, _KEYS, n=1)
    hint = f'did you mean "{nearest[0]}"?' if nearest else f"known: {', '.join(_KEYS)}"
    return MigrationError(f'unknown option "{key}"', path=shown, line=number, hint=hint)
