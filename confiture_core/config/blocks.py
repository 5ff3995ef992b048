"""Blocks of a yaml file, each key with the line it stands on.

The nodes are composed, never constructed: a scalar keeps the text its author wrote (`0123`
stays four characters), and every complaint can name `file:line`. No value is ever quoted in an
error, because it may be a secret.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from confiture_core.config.outline import keep_outline, read_outline
from confiture_core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from confiture_core.config.node import Node

_VARIABLE = re.compile(r"\$\$\{|\$\{(?:(\w+)(?::-([^}]*))?\})?")
_TRUE = frozenset({"true", "yes", "on"})
_FALSE = frozenset({"false", "no", "off"})
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|min|h|)\Z")
_SECONDS = {"ms": 0.001, "s": 1.0, "": 1.0, "min": 60.0, "h": 3600.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The keys of one mapping; reading one expands its `${VARIABLES}`."""

    shown: str  # the file, as errors name it
    name: str  # "database", or "" for the top level
    line: int
    nodes: Mapping[str, tuple[int, Node]] = field(repr=False)
    environ: Mapping[str, str] = field(repr=False)

    def __contains__(self, key: str) -> bool:
        return key in self.nodes and not self.nodes[key][1].is_null

    def error(self, key: str, message: str, *, hint: str | None = None) -> ConfigError:
        """Make the error that names a key's line."""
        line = self.nodes[key][0] if key in self.nodes else self.line
        return ConfigError(message, path=self.shown, line=line, hint=hint)

    def refuse_unknown(self, known: Collection[str]) -> None:
        """Refuse a key that means nothing, naming the nearest one that does."""
        for key in self.nodes:
            if key not in known:
                nearest = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
                meant = f'did you mean "{nearest[0]}"? ' if nearest else ""
                place = f' in "{self.name}"' if self.name else ""
                raise self.error(
                    key,
                    f'unknown key "{key}"{place}',
                    hint=f"{meant}known keys: {', '.join(known)}",
                )

    def text(self, key: str) -> str | None:
        """Read a scalar; an absent, null or empty one is None."""
        if key not in self:
            return None
        line, node = self.nodes[key]
        if node.scalar is None:
            raise self.error(key, f'"{key}" must be a single value')
        return self._expand(node.scalar, line) or None

    def texts(self, key: str) -> Iterator[tuple[int, str]]:
        """Read a list of scalars, or one alone, each with its line."""
        if key not in self:
            return
        line, node = self.nodes[key]
        if node.scalar is not None:
            yield line, self._expand(node.scalar, line)
            return
        if node.items is None:
            raise self.error(key, f'"{key}" must be a list')
        for item in node.items:
            if item.scalar is None or item.is_null:
                raise ConfigError(
                    f'each item of "{key}" must be a single value', path=self.shown, line=item.line
                )
            yield item.line, self._expand(item.scalar, item.line)

    def block(self, key: str) -> Block | None:
        """Read a mapping."""
        if key not in self:
            return None
        line, node = self.nodes[key]
        if node.pairs is None:
            raise self.error(key, f'"{key}" must be a mapping of keys to values')
        return _block(node, shown=self.shown, name=key, line=line, environ=self.environ)

    def flag(self, key: str) -> bool:
        """Read a boolean; an absent one is false."""
        text = (self.text(key) or "false").lower()
        if text not in _TRUE | _FALSE:
            raise self.error(key, f'"{key}" must be true or false')
        return text in _TRUE

    def duration_s(self, key: str) -> float | None:
        """Read a duration: `5s`, `500ms`, `2min`, `1h`, or a number of seconds."""
        text = self.text(key)
        if text is None:
            return None
        match = _DURATION.match(text.strip())
        if match is None:
            raise self.error(
                key, f'"{key}" is not a duration', hint='write "5s", "500ms", "2min" or seconds'
            )
        return float(match[1]) * _SECONDS[match[2]]

    def unset(self) -> ConfigError | None:
        """Find the first value that names a variable without a value."""
        for line, node in self.nodes.values():
            if node.scalar is not None:
                try:
                    self._expand(node.scalar, line)
                except ConfigError as exc:
                    return exc
        return None

    def _expand(self, text: str, line: int) -> str:
        try:
            return _VARIABLE.sub(lambda match: _value(match, self.environ), text)
        except ConfigError as exc:
            exc.path, exc.line = self.shown, line
            raise


def parse_block(
    text: str, *, shown: str, environ: Mapping[str, str], outlines: Path | None = None
) -> Block:
    """Parse a yaml document that must be one mapping; `outlines` is where such are kept."""
    node = read_outline(outlines, text) if outlines is not None else None
    if node is None:
        node = _compose(text, shown, outlines)
    if node is None:
        raise ConfigError("the file is empty", path=shown, hint='it needs at least "name"')
    if node.pairs is None:
        raise ConfigError("the file must be a mapping of keys to values", path=shown, line=1)
    return _block(node, shown=shown, name="", line=1, environ=environ)


def _compose(text: str, shown: str, outlines: Path | None) -> Node | None:
    from confiture_core.config.compose import compose  # noqa: PLC0415 - only without an outline

    node = compose(text, shown=shown)
    if node is not None and outlines is not None:
        keep_outline(outlines, text, node)
    return node


def _block(node: Node, *, shown: str, name: str, line: int, environ: Mapping[str, str]) -> Block:
    nodes: dict[str, tuple[int, Node]] = {}
    for key, value in node.pairs or ():
        if key.scalar is None:
            raise ConfigError("a key must be a single word", path=shown, line=key.line)
        if key.scalar in nodes:
            raise ConfigError(
                f'duplicate key "{key.scalar}"',
                path=shown,
                line=key.line,
                detail=f"first given on line {nodes[key.scalar][0]}",
            )
        nodes[key.scalar] = (key.line, value)
    return Block(shown=shown, name=name, line=line, nodes=nodes, environ=environ)


def _value(match: re.Match[str], environ: Mapping[str, str]) -> str:
    """Give what a reference stands for, as the shell does: `:-` also replaces an empty value."""
    if match[0] == "$${":
        return "${"
    variable, default = match[1], match[2]
    if variable is None:
        raise ConfigError(
            "malformed variable",
            hint="write ${NAME} or ${NAME:-default}, or $${ for these two characters",
        )
    found = environ.get(variable)
    if default is not None:
        return found or default
    if found is None:
        raise ConfigError(
            f'environment variable "{variable}" is not set',
            hint=f"set {variable}, or write a default: ${{{variable}:-value}}",
        )
    return found
