"""What a process asked of its factory: each database handed out, and all of them summed up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

Isolation = Literal["auto", "database"]


@dataclass(slots=True, kw_only=True)
class Handling:
    """What it took to hand out one clone and to bring it back."""

    shown: str  # what it was for
    isolation: Isolation = "auto"
    origin: str = ""  # "cloned", "made ahead", "handed on", "rolled back"
    taken_s: float = 0.0
    returned_s: float = 0.0
    outcome: str = ""  # "untouched", "restored", "dropped", "kept"
    changes: str = ""  # "orders +2 ~0 -0"
    are_changes_known: bool = False
    leaks: tuple[str, ...] = ()  # what was cleaned up after the user


class Tally:
    """The sum of all handlings; each of them only in detail, as there are many."""

    def __init__(self, *, in_detail: bool = False) -> None:
        self.origins: Counter[str] = Counter()
        self.kept = 0
        self.seconds = 0.0
        self.handlings: list[Handling] = []
        self._in_detail = in_detail

    def note_taken(self, handling: Handling) -> None:
        """Add what was handed out."""
        self.origins[handling.origin] += 1
        self.seconds += handling.taken_s
        if self._in_detail:
            self.handlings.append(handling)

    def note_returned(self, handling: Handling) -> None:
        """Add what was brought back."""
        self.seconds += handling.returned_s
        self.kept += handling.outcome == "kept"
