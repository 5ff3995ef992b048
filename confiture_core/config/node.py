"""A yaml document as far as it was composed: what its author wrote, and where."""

from __future__ import annotations

from typing import NamedTuple


class Node(NamedTuple):
    """A scalar, a sequence or a mapping: one of the last three is given."""

    line: int
    span: tuple[int, int] | None = None  # of a scalar, where the text holds it as it is
    is_null: bool = False
    scalar: str | None = None
    items: tuple[Node, ...] | None = None
    pairs: tuple[tuple[Node, Node], ...] | None = None

    def __repr__(self) -> str:
        return f"<node on line {self.line}>"  # a value may be a secret
