"""Annotations that GitHub shows beside the lines of a change.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path


def annotation(
    level: Literal["error", "warning", "notice"],
    message: str,
    *,
    title: str | None = None,
    path: Path | str | None = None,
    line: int | None = None,
) -> str:
    """Write an annotation; without a path it is shown with the whole run."""
    facts = []
    if path is not None:
        facts += [f"file={_escaped(str(path))}", f"line={line or 1}"]
    if title is not None:
        facts.append(f"title={_escaped(title)}")
    text = message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::{level} {','.join(facts)}::{text}" if facts else f"::{level}::{text}"


def _escaped(value: str) -> str:
    for character in "%\r\n:,":
        value = value.replace(character, f"%{ord(character):02X}")
    return value
