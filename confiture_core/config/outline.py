"""Outlines: where in a yaml file its keys and values are, kept by the digest of its text.

To load PyYAML takes longer than all else that a run of tests does to find its environment. An
outline holds no word of the file, which may be a secret, and with the file it is all there is.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from confiture_core.config.node import Node

if TYPE_CHECKING:
    from pathlib import Path

# Changes with what an outline holds, and with how it is written.
_FORMAT = 1

_UNUSED_FOR_S = 30 * 24 * 3600
_MAX_CHARACTERS = 64_000


def read_outline(folder: Path, text: str) -> Node | None:
    """Give the nodes of a text by its outline; None if there is none."""
    path = _path(folder, text)
    try:
        root = _node(json.loads(path.read_bytes()), text)
        os.utime(path)
    except (OSError, ValueError, TypeError, LookupError):
        return None
    return root


def keep_outline(folder: Path, text: str, root: Node) -> None:
    """Keep the outline of a text, unless it holds what is written in another way than it is."""
    outline = _outline(root)
    shown = json.dumps(outline)
    # What aliases stand for is written out each time.
    if "null" in shown or len(shown) > _MAX_CHARACTERS:
        return
    path = _path(folder, text)
    # A home that cannot be written, a full disk: the next run parses the file, that is all.
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for old in folder.iterdir():
            if time.time() - old.stat().st_mtime > _UNUSED_FOR_S:
                old.unlink(missing_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}")
        unfinished.write_text(shown)
        unfinished.replace(path)


def _path(folder: Path, text: str) -> Path:
    digest = hashlib.sha256(f"{_FORMAT}\n{text}".encode()).hexdigest()
    return folder / f"{digest[:32]}.json"


def _outline(node: Node) -> list[Any]:
    if node.pairs is not None:
        return [node.line, [[_outline(key), _outline(value)] for key, value in node.pairs], 0]
    if node.items is not None:
        return [node.line, [_outline(item) for item in node.items]]
    start, end = node.span or (None, None)
    return [node.line, start, end, int(node.is_null)]


def _node(outline: list[Any], text: str) -> Node:
    line = outline[0]
    if len(outline) == 4:
        _, start, end, is_null = outline
        scalar = text[start:end]
        return Node(line=line, span=(start, end), is_null=bool(is_null), scalar=scalar)
    if len(outline) == 3:
        pairs = tuple((_node(key, text), _node(value, text)) for key, value in outline[1])
        return Node(line=line, pairs=pairs)
    if len(outline) != 2:
        raise ValueError(outline)
    return Node(line=line, items=tuple(_node(item, text) for item in outline[1]))
