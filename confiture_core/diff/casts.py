"""Whether and how values of one type become values of another in ALTER COLUMN … TYPE."""

from __future__ import annotations

import re

_STRINGS = frozenset({"text", "character varying", "character", "bpchar", "name", '"char"'})
_NUMBERS = frozenset(
    {"smallint", "integer", "bigint", "numeric", "real", "double precision", "money"}
)
_TIMES = frozenset({"date", "timestamp without time zone", "timestamp with time zone"})
_DAYTIMES = frozenset({"time without time zone", "time with time zone"})
_FAMILIES = (
    _STRINGS,
    _NUMBERS,
    _TIMES,
    _DAYTIMES,
    {"json", "jsonb"},
    {"inet", "cidr"},
    {"bit", "bit varying"},
)

# Casts of pg_cast with castcontext 'e' between built-in types: they exist, but must be asked for.
_EXPLICIT = frozenset(
    {("integer", "boolean"), ("boolean", "integer")}
    | {("integer", "bit"), ("bigint", "bit"), ("bit", "integer"), ("bit", "bigint")}
    | {("jsonb", number) for number in _NUMBERS - {"money"}}
    | {("jsonb", "boolean")}
)

_SAME_BYTES = frozenset(
    {
        ("character varying", "text"),
        ("text", "character varying"),
        ("cidr", "inet"),
        ("xml", "text"),
    }
)
_GROWING = frozenset(
    {"character varying", "bit varying", "numeric", "interval"}
    | {"timestamp without time zone", "timestamp with time zone"}
    | {"time without time zone", "time with time zone"}
)


def base_name(type_: str) -> str:
    """Return a type's name without its modifier: `character varying(20)` → `character varying`."""
    start = type_.find("(")
    if start < 0:
        return type_
    end = type_.find(")", start)
    return (type_[:start] + type_[end + 1 :]).strip()


def keeps_rows(old: str, new: str) -> bool:
    """Tell whether ALTER COLUMN … TYPE is known to rewrite no row and to refuse none.

    The types are as format_type() writes them. PostgreSQL leaves the rows alone where the cast is
    binary coercible, or its support function finds that no value is too long for the new type.
    """
    (old_base, old_modifiers), (new_base, new_modifiers) = _parts(old), _parts(new)
    if (old_base, new_base) in _SAME_BYTES:
        return not new_modifiers
    if old_base != new_base or old_base not in _GROWING:
        return old == new
    if not new_modifiers or not old_modifiers:
        return not new_modifiers
    return new_modifiers[0] >= old_modifiers[0] and new_modifiers[1:] == old_modifiers[1:]


def _parts(type_: str) -> tuple[str, tuple[int, ...]]:
    match = re.search(r"\((\d+)(?:,(-?\d+))?\)", type_)
    modifiers = tuple(int(one) for one in match.groups() if one is not None) if match else ()
    return base_name(type_), modifiers


def same_family(old: str, new: str) -> bool:
    """Tell whether values convert by an assignment cast and expressions over them still work."""
    old_base, new_base = base_name(old), base_name(new)
    return old_base == new_base or any(
        old_base in family and new_base in family for family in _FAMILIES
    )


def using(column: str, old: str, new: str, *, through_text: bool = False) -> str | None:
    """Return the USING expression, or None where the assignment cast does it.

    An assignment cast is preferred because it refuses values that do not fit, where an explicit
    one cuts them off. Between types without a cast values go through text.
    """
    old_base, new_base = base_name(old), base_name(new)
    if not through_text and (same_family(old, new) or new_base in _STRINGS):
        return None
    direct = not through_text and (old_base in _STRINGS or (old_base, new_base) in _EXPLICIT)
    if direct and "." not in new_base:
        return f"{column}::{new}"
    through = "text[]" if new_base.endswith("[]") and old_base.endswith("[]") else "text"
    return f"{column}::{through}::{new}"
