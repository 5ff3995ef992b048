"""Whether and how values of one type become values of another in ALTER COLUMN … TYPE."""

from __future__ import annotations

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


def base_name(type_: str) -> str:
    """Return a type's name without its modifier: `character varying(20)` → `character varying`."""
    start = type_.find("(")
    if start < 0:
        return type_
    end = type_.find(")", start)
    return (type_[:start] + type_[end + 1 :]).strip()


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
