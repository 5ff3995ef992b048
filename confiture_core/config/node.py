"""A yaml document as far as it was composed: what its author wrote, and where."""

from __future__ import annotations

from dataclasses import dataclass


# Without a representation: a value may be a secret.
@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class Node:
    """A scalar, a sequence or a mapping: one of the last three is given."""

    line: int
    span: tuple[int, int] | None = None  # of a scalar, where the text holds it as it is
    is_null: bool = False
    scalar: str | None = None
    items: tuple[Node, ...] | None = None
    pairs: tuple[tuple[Node, Node], ...] | None = None
