"""Names that PostgreSQL makes up for objects that were given none."""

from __future__ import annotations

_MAX_BYTES = 63  # NAMEDATALEN - 1


def generated_name(*names: str, label: str) -> str:
    """Join the names and the label as makeObjectName() does, cutting the longer name to fit."""
    parts = [name.encode() for name in names]
    available = _MAX_BYTES - len(label) - len(parts)
    while sum(map(len, parts)) > available:
        # Of two names of one length, the second is cut.
        longest = max(range(len(parts)), key=lambda index: (len(parts[index]), index))
        parts[longest] = parts[longest][:-1]
    return "_".join([*(part.decode(errors="ignore") for part in parts), label])
