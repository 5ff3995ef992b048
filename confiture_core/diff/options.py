"""Options of foreign objects, and storage parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confiture_core import names

if TYPE_CHECKING:
    from collections.abc import Mapping


def options_list(options: tuple[tuple[str, str], ...]) -> str:
    """Write OPTIONS of foreign objects."""
    return ", ".join(f"{names.quote(name)} {names.literal(value)}" for name, value in options)


def alter_options(old: tuple[tuple[str, str], ...], new: tuple[tuple[str, str], ...]) -> str:
    """Write the ADD, SET and DROP of OPTIONS that lead from one list to the other."""
    before, after = dict(old), dict(new)
    parts = [f"DROP {names.quote(name)}" for name in before if name not in after]
    for name, value in after.items():
        if before.get(name) != value:
            word = "SET" if name in before else "ADD"
            parts.append(f"{word} {names.quote(name)} {names.literal(value)}")
    return ", ".join(parts)


def set_and_reset(old: tuple[str, ...], new: tuple[str, ...]) -> list[str]:
    """Write the RESET and SET of storage parameters that lead from one list to the other."""
    before, after = (dict(option.split("=", 1) for option in side) for side in (old, new))
    gone = [name for name in before if name not in after]
    staying = [*_staying(before, after, toast=False), *_staying(before, after, toast=True)]
    changed = [
        f"{name}={quoted_option(value)}" for name, value in after.items() if name not in staying
    ]
    texts = []
    if gone:
        texts.append(f"RESET ({', '.join(gone)})")
    if changed:
        texts.append(f"SET ({', '.join(changed)})")
    return texts


def _staying(before: Mapping[str, str], after: Mapping[str, str], *, toast: bool) -> list[str]:
    """Return the names that keep their places: what SET names goes to the end, in its order."""
    kept = [name for name in before if name in after and name.startswith("toast.") == toast]
    wanted = [name for name in after if name.startswith("toast.") == toast]
    for count in range(len(wanted), 0, -1):
        first = wanted[:count]
        if [name for name in kept if name in first] == first and all(
            before[name] == after[name] for name in first
        ):
            return first
    return []


def quoted_option(value: str) -> str:
    """Quote the value of a storage parameter where it is no plain word or number."""
    return value if value.replace(".", "").replace("-", "").isalnum() else names.literal(value)
