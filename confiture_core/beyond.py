"""What two sources say beyond a schema, as notes: no migration carries it, and none may hide it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from confiture_core.statements import is_beyond_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confiture_core.catalog.beyond import Beyond
    from confiture_core.proof import State

_SHOWN = 3  # of the objects that a provider has shut or opened
_WORD = re.compile(r"\w+")


def notes_beyond(old: State, new: State) -> Iterator[str]:
    """Say what only one of two states says of the server and of PostgreSQL's own objects."""
    yield from _of_the_server(old, new)
    for live, other in ((old, new), (new, old)):
        left = sorted((live.system or {}).keys() - other.catalog.objects.keys())
        if left:
            more = f" and {len(left) - _SHOWN} more" if len(left) > _SHOWN else ""
            names = ", ".join(each.name for each in left[:_SHOWN])
            yield (
                "left alone, as only the database has other privileges on PostgreSQL's own objects:"
                f" {names}{more}"
            )
    for there, other in ((new, old), (old, new)):
        for fact in sorted(there.beyond - other.beyond):
            yield (
                f"not carried, as it is about PostgreSQL's own objects: {fact.text},"
                f" only in {_place(fact, there)}"
            )


def _of_the_server(old: State, new: State) -> Iterator[str]:
    """Say which statements of the new state about the server the old one does not have."""
    known = {_plain(each.sql) for each in old.statements if is_beyond_schema(each)}
    python = _plain(old.python)
    for each in new.statements:
        if not is_beyond_schema(each):
            continue
        text = _plain(each.sql)
        if text not in known and text not in python:
            place = f"{each.shown}:{each.line}"
            yield f"not carried, as it is not about the schema of a database: {place}: {text}"


def _plain(text: str) -> str:
    return " ".join(text.split())


def _place(fact: Beyond, state: State) -> str:
    """Find the statement that did it: of those that begin so, the one with most of the words."""
    words = set(_WORD.findall(fact.text.lower()))
    found = [each for each in state.statements if each.sql.lower().startswith(fact.verb)]
    if not found:
        return state.shown
    best = max(found, key=lambda each: len(words.intersection(_WORD.findall(each.sql.lower()))))
    return f"{best.shown}:{best.line}"
