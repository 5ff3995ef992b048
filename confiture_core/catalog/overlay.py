"""A mapping that differs from another in a few entries, without a copy of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Overlay(Mapping[Key, Value]):
    """Entries laid over those of another mapping, which must not change; others taken away."""

    __slots__ = ("_below", "_entries", "_removed")

    def __init__(
        self, below: Mapping[Key, Value], removed: set[Key], entries: Mapping[Key, Value]
    ) -> None:
        self._below = below
        self._removed = removed - entries.keys()
        self._entries = entries

    def __getitem__(self, key: Key) -> Value:
        """Look an entry up."""
        if key in self._entries:
            return self._entries[key]
        if key in self._removed:
            raise KeyError(key)
        return self._below[key]

    def __contains__(self, key: object) -> bool:
        """Tell whether there is such an entry."""
        return key in self._entries or (key not in self._removed and key in self._below)

    def __iter__(self) -> Iterator[Key]:
        """Go through the keys: those of below, then the new ones."""
        for key in self._below:
            if key not in self._removed and key not in self._entries:
                yield key
        yield from self._entries

    def __len__(self) -> int:
        """Count the entries."""
        return sum(1 for _ in self)

    def flat(self) -> dict[Key, Value]:
        """Make a dictionary of it."""
        entries = dict(self._below)
        for key in self._removed:
            entries.pop(key, None)
        entries.update(self._entries)
        return entries


def flat(mapping: Mapping[Key, Value]) -> Mapping[Key, Value]:
    """Give the same as a dictionary, where it is none."""
    return mapping.flat() if isinstance(mapping, Overlay) else mapping
