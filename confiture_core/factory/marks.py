"""Marks: the comment by which a database says that confiture made it, and for whom."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from confiture_core.factory.owners import Owner, this_process

PREFIX = "confiture:"

# From here on a connection limit means no limit, and can say who made a database.
_LIMITS = 2**30

_NAMES = ("confiture_layer_", "confiture_clone_", "confiture_shadow_")

Kind = Literal["layer", "clone", "shadow"]


class Mark(NamedTuple):
    """What the comment on a database of ours says; a database without one is never ours."""

    kind: Kind
    owner: Owner
    made_at: str  # ISO 8601, UTC
    used_at: str = ""  # of layers: ISO 8601, UTC
    digest: str = ""  # of layers
    shown: str = ""  # what it is for: "schema of shop", "tests/test_users.py::test_add"
    unlogged: int = 0  # of layers: the file of an UNLOGGED table with rows, 0 if there is none
    kept: bool = False  # a clone kept on purpose outlives its owner

    @property
    def comment(self) -> str:
        """Write the mark as the text of a comment."""
        facts = {**self._asdict(), "owner": self.owner._asdict()}
        facts = {key: value for key, value in facts.items() if value}
        return PREFIX + json.dumps(facts, ensure_ascii=False)


def new_mark(kind: Kind, *, digest: str = "", shown: str = "") -> Mark:
    """Make the mark of a database that this process is about to make."""
    return Mark(kind=kind, owner=this_process(), made_at=now(), digest=digest, shown=shown)


def parse_mark(comment: object) -> Mark | None:
    """Read a comment; None if it is no mark of ours."""
    if not isinstance(comment, str) or not comment.startswith(PREFIX):
        return None
    try:
        facts = json.loads(comment.removeprefix(PREFIX))
        mark = Mark(**facts)
        return mark._replace(owner=Owner(**facts["owner"]))
    except (ValueError, TypeError, KeyError):
        # Written by another version or by hand: not ours to drop.
        return None


def making_limit(lock_key: int) -> int:
    """Give the connection limit that databases are made with, by the lock key of their owner.

    A comment takes a second statement, before which the server may crash: until then this limit,
    which CREATE DATABASE sets itself, is the mark.
    """
    return _LIMITS + lock_key % _LIMITS


def is_half_made(name: str, comment: object, connection_limit: int) -> bool:
    """Say whether we made a database that does not have its comment yet, or never will."""
    return comment is None and connection_limit >= _LIMITS and name.startswith(_NAMES)


def now() -> str:
    """Tell the time as marks write it."""
    return datetime.now(UTC).isoformat(timespec="seconds")
