"""A text that matches a pattern, for the patterns that checks are written with. Pure."""

from __future__ import annotations

import re
import string

# Python's parser of patterns; no other one is at hand, and this one has been there for long.
from re import _constants as tokens  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_CATEGORIES: dict[Any, str] = {
    tokens.CATEGORY_DIGIT: "0",
    tokens.CATEGORY_WORD: "a",
    tokens.CATEGORY_SPACE: " ",
    tokens.CATEGORY_NOT_DIGIT: "a",
    tokens.CATEGORY_NOT_WORD: "-",
    tokens.CATEGORY_NOT_SPACE: "a",
}
_ALPHABET = string.ascii_lowercase + string.digits + string.ascii_uppercase + string.punctuation
_MOST = 1_000


def matching_text(pattern: str, *, is_like: bool = False) -> str | None:
    """Write a short text that the pattern matches; None where that is not simple."""
    if is_like:
        return re.sub(r"\\(.)", r"\1", pattern.replace("%", "a").replace("_", "a"))
    try:
        text = _sequence(parser.parse(pattern.replace("[[:alnum:]]", "[a-z0-9]")))
    except (re.error, _TooHardError, OverflowError):
        return None
    return text if len(text) <= _MOST else None


class _TooHardError(Exception):
    """The pattern has something in it that is not written here."""


def _sequence(parsed: Any) -> str:
    return "".join(_part(name, value) for name, value in parsed)


def _part(name: Any, value: Any) -> str:
    match name:
        case tokens.LITERAL:
            return chr(value)
        case tokens.NOT_LITERAL:
            return "b" if value == ord("a") else "a"
        case tokens.ANY:
            return "a"
        case tokens.AT:
            return ""
        case tokens.IN:
            return _one_of(value)
        case tokens.BRANCH:
            return _sequence(value[1][0])
        case tokens.SUBPATTERN:
            return _sequence(value[3])
        case tokens.MAX_REPEAT | tokens.MIN_REPEAT:
            least, most, inner = value
            return _sequence(inner) * max(int(least), min(1, int(most)))
    raise _TooHardError


def _one_of(parts: Any) -> str:
    if parts and parts[0][0] is tokens.NEGATE:
        free = (char for char in _ALPHABET if not any(_has(part, char) for part in parts[1:]))
        return next(free, "")
    name, value = parts[0]
    match name:
        case tokens.LITERAL:
            return chr(value)
        case tokens.RANGE:
            return chr(value[0])
        case tokens.CATEGORY:
            return _CATEGORIES[value]
    raise _TooHardError


def _has(part: Any, char: str) -> bool:
    name, value = part
    match name:
        case tokens.LITERAL:
            return bool(value == ord(char))
        case tokens.RANGE:
            return bool(value[0] <= ord(char) <= value[1])
        case tokens.CATEGORY:
            return _CATEGORIES[value] == char
    raise _TooHardError
