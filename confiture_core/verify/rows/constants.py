"""The constants that a check names: the likeliest values to pass it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pglast import ast, parse_sql
from pglast.parser import ParseError

from confiture_core.statements.tree import nodes_of
from confiture_core.verify.rows.matching import matching_text

if TYPE_CHECKING:
    from collections.abc import Iterator

_Node = Any  # pglast's types make every field optional; the grammar says which are there

_BOUND = re.compile(r"^FOR VALUES ", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Constants:
    """Texts and numbers, in the order they stand there."""

    texts: tuple[str, ...] = ()
    numbers: tuple[float | int, ...] = ()

    def and_(self, other: Constants) -> Constants:
        """Join two."""
        return Constants(
            texts=tuple(dict.fromkeys(self.texts + other.texts)),
            numbers=tuple(dict.fromkeys(self.numbers + other.numbers)),
        )


def constants_of(definition: str) -> Constants:
    """Find the constants in the definition of a constraint: `CHECK ((a > 3))`."""
    return _find(f"ALTER TABLE t ADD CONSTRAINT c {definition}")


def bound_constants(bound: str) -> Constants:
    """Find the constants in the bound of a partition: `FOR VALUES IN ('a', 'b')`."""
    return _find(f"CREATE TABLE t PARTITION OF p {bound}")


@lru_cache(maxsize=4096)
def _find(sql: str) -> Constants:
    try:
        tree = parse_sql(sql)
    except ParseError:
        return Constants()
    found = [constant for node in nodes_of(tree) for constant in _constants_in(node)]
    texts = (one for one in found if isinstance(one, str))
    numbers = (one for one in found if not isinstance(one, str))
    return Constants(texts=tuple(dict.fromkeys(texts)), numbers=tuple(dict.fromkeys(numbers)))


def _constants_in(node: _Node) -> Iterator[str | float | int]:
    """Give the constant that a node is; of a pattern, a text that matches."""
    if isinstance(node, ast.A_Expr):
        operator = node.name[-1].sval if node.name else ""
        pattern = _text_of(node.rexpr)
        if pattern is not None and operator in ("~", "~*", "~~", "~~*"):
            text = matching_text(pattern, is_like=operator.startswith("~~"))
            if text is not None:
                yield text
    elif isinstance(node, ast.A_Const):
        value = node.val
        if isinstance(value, ast.String):
            text = value.sval or ""
            yield text
            # Deparsed, a number of another type is a text with a cast: '0'::numeric.
            if re.fullmatch(r"-?\d+(\.\d+)?", text):
                yield _number(text)
        elif isinstance(value, ast.Integer):
            yield value.ival or 0
        elif isinstance(value, ast.Float):
            yield _number(value.fval or "0")


def _text_of(node: object) -> str | None:
    while isinstance(node, ast.TypeCast):
        node = node.arg
    if isinstance(node, ast.A_Const) and isinstance(node.val, ast.String):
        return str(node.val.sval)
    return None


def _number(text: str) -> float | int:
    return float(text) if "." in text or "e" in text.lower() else int(text)
