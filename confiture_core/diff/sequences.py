"""Sequences, and the serial columns they stand behind."""

from __future__ import annotations

from confiture_core import names
from confiture_core.catalog.model import Column, Default, Identity, Object, Sequence
from confiture_core.diff.operation import Context, Kind, Step

SERIAL_TYPES = {"smallint": "smallserial", "integer": "serial", "bigint": "bigserial"}
_LIMITS = {"smallint": 2**15, "integer": 2**31, "bigint": 2**63}


def bounds(type_: str, increment: int) -> tuple[int, int]:
    """Return the minimum and maximum that CREATE SEQUENCE takes when none are given."""
    limit = _LIMITS[type_]
    return (1, limit - 1) if increment > 0 else (-limit, -1)


def is_plain(sequence: Sequence) -> bool:
    """Tell whether the sequence has the options that a serial or identity column gives it."""
    return (
        sequence.start == 1
        and sequence.increment == 1
        and (sequence.minimum, sequence.maximum) == bounds(sequence.type, 1)
        and sequence.cache == 1
        and not sequence.cycle
    )


def options(sequence: Sequence, *, all_options: bool = False) -> str:
    """Write the options of a sequence, those that differ from the defaults or all of them."""
    minimum, maximum = bounds(sequence.type, sequence.increment)
    start = sequence.minimum if sequence.increment > 0 else sequence.maximum
    parts = []
    if all_options or sequence.increment != 1:
        parts.append(f"INCREMENT BY {sequence.increment}")
    if all_options or sequence.minimum != minimum:
        parts.append(f"MINVALUE {sequence.minimum}")
    if all_options or sequence.maximum != maximum:
        parts.append(f"MAXVALUE {sequence.maximum}")
    if all_options or sequence.start != start:
        parts.append(f"START WITH {sequence.start}")
    if all_options or sequence.cache != 1:
        parts.append(f"CACHE {sequence.cache}")
    if all_options or sequence.cycle:
        parts.append("CYCLE" if sequence.cycle else "NO CYCLE")
    return " ".join(parts)


def serial_type(column: Column, default: Object | None, sequence: Object | None) -> str | None:
    """Return "serial" or the like if it makes exactly this column, default and sequence."""
    table, name = column.identity.name, column.identity.member
    if not isinstance(default, Default) or not isinstance(sequence, Sequence):
        return None
    if column.type not in SERIAL_TYPES or sequence.type != column.type or not column.not_null:
        return None
    if sequence.identity.name != f"{table}_{name}_seq" or not is_plain(sequence):
        return None
    if sequence.owned_by != column.identity or column.identity_kind or column.generated:
        return None
    nextval = f"nextval({names.literal(sequence.identity.qualified)}::regclass)"
    return SERIAL_TYPES[column.type] if default.expression == nextval else None


def owner_step(sequence: Sequence, context: Context) -> Step:
    """Write ALTER SEQUENCE … OWNED BY."""
    owner = sequence.owned_by
    column = f"{context.name(owner)}.{names.quote(owner.member)}" if owner else "NONE"
    return Step(sql=f"ALTER SEQUENCE {context.name(sequence.identity)} OWNED BY {column}")


def _create(sequence: Sequence, context: Context) -> tuple[Step, ...]:
    unlogged = "UNLOGGED " if sequence.persistence == "u" else ""
    type_ = "" if sequence.type == "bigint" else f"AS {sequence.type}"
    words = (
        f"CREATE {unlogged}SEQUENCE {context.name(sequence.identity)} {type_} {options(sequence)}"
    )
    return (Step(sql=" ".join(words.split())),)


def _drop(sequence: Sequence, context: Context) -> tuple[Step, ...]:
    return (Step(sql=f"DROP SEQUENCE {context.name(sequence.identity)}"),)


def _alter(old: Sequence, new: Sequence, context: Context) -> tuple[Step, ...] | None:
    name = context.name(new.identity)
    steps = []
    if old.persistence != new.persistence:
        word = "UNLOGGED" if new.persistence == "u" else "LOGGED"
        steps.append(Step(sql=f"ALTER SEQUENCE {name} SET {word}"))
    changes = alter_options(old, new)
    if changes:
        steps += into_bounds(old, new, name)
        steps.append(Step(sql=f"ALTER SEQUENCE {name} {changes}"))
    if old.owned_by != new.owned_by:
        steps.append(owner_step(new, context))
    return tuple(steps)


def into_bounds(old: Sequence, new: Sequence, name: str) -> list[Step]:
    """Move the sequence's value into narrower bounds, outside of which PostgreSQL refuses it."""
    lower, upper = max(old.minimum, new.minimum), min(old.maximum, new.maximum)
    if lower > upper or (lower, upper) == (old.minimum, old.maximum):
        return []
    value = f"least(greatest(last_value, {lower}), {upper})"
    literal = names.literal(new.identity.qualified)
    return [Step(sql=f"SELECT pg_catalog.setval({literal}, {value}, is_called) FROM {name}")]


def alter_options(old: Sequence, new: Sequence) -> str:
    """Write the options that lead from one sequence to the other; "" where none differ."""
    parts = []
    if old.type != new.type:
        parts.append(f"AS {new.type}")
    if old.increment != new.increment:
        parts.append(f"INCREMENT BY {new.increment}")
    # Changing the type moves a bound that was the old type's own; so both are always spelled out.
    if old.minimum != new.minimum or old.type != new.type:
        parts.append(f"MINVALUE {new.minimum}")
    if old.maximum != new.maximum or old.type != new.type:
        parts.append(f"MAXVALUE {new.maximum}")
    if old.start != new.start:
        parts.append(f"START WITH {new.start}")
    if old.cache != new.cache:
        parts.append(f"CACHE {new.cache}")
    if old.cycle != new.cycle:
        parts.append("CYCLE" if new.cycle else "NO CYCLE")
    if old.minimum > new.maximum or old.maximum < new.minimum:
        parts.append("RESTART")  # no value of the old bounds is one of the new
    return " ".join(parts)


def serial_sequence(column: Column, objects: dict[Identity, Object]) -> Sequence | None:
    """Find the sequence that would be made by declaring the column serial."""
    identity = Identity(
        kind="sequence",
        schema=column.identity.schema,
        name=f"{column.identity.name}_{column.identity.member}_seq",
    )
    found = objects.get(identity)
    return found if isinstance(found, Sequence) else None


KINDS: dict[type[Object], Kind] = {Sequence: Kind(create=_create, drop=_drop, alter=_alter)}
