"""Names that PostgreSQL makes up for objects that were given none."""

from __future__ import annotations

_MAX_BYTES = 63  # NAMEDATALEN - 1


def generated_name(table: str, column: str, label: str) -> str:
    """Join the parts as makeObjectName() does, cutting the longer of the two names to fit."""
    parts = [table.encode(), column.encode()]
    available = _MAX_BYTES - len(label) - 2
    while len(parts[0]) + len(parts[1]) > available:
        longer = 0 if len(parts[0]) > len(parts[1]) else 1
        parts[longer] = parts[longer][:-1]
    table, column = (part.decode(errors="ignore") for part in parts)
    return f"{table}_{column}_{label}"
