"""What flyway replaces in its files, and by what: from its settings, its variables and options."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from confiture_core.adoption.foreign import read_text
from confiture_core.errors import MigrationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_FILES = ("flyway.toml", "flyway.conf", "conf/flyway.toml", "conf/flyway.conf")
_ABOVE = 4  # folders from that of the migrations upwards
_VARIABLE = "FLYWAY_PLACEHOLDERS_"
_LINE = re.compile(r"\s*(?P<key>[^#!\s=:]+(?::[^\s=]+)?)\s*=\s*(?P<value>.*?)\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeholders:
    """Names in lower case, as flyway makes no difference, and their values."""

    values: Mapping[str, str] = field(default_factory=dict, repr=False)  # may be secret
    prefix: str = "${"
    suffix: str = "}"
    is_on: bool = True

    def replaced(self, text: str, path: Path) -> tuple[str, tuple[str, ...]]:
        """Put the values in, and say of which names; one without a value is an error."""
        if not self.is_on:
            return text, ()
        own = {**self.values, "flyway:filename": path.name}
        found: dict[str, None] = {}

        def value(match: re.Match[str]) -> str:
            name = match[1]
            if (known := own.get(name.lower())) is None:
                raise MigrationError(
                    f'the placeholder "{match[0]}" has no value',
                    path=str(path),
                    line=text.count("\n", 0, match.start()) + 1,
                    hint=f"give it one: --placeholder {name}=VALUE, or in flyway.conf or .toml",
                )
            found[name] = None
            return known

        pattern = rf"{re.escape(self.prefix)}([^\n]*?){re.escape(self.suffix)}"
        return re.sub(pattern, value, text), tuple(found)


def load_placeholders(directory: Path, given: Mapping[str, str]) -> Placeholders:
    """Read them for a directory: those given stand before variables, and these before files."""
    settings = dict(_settings(directory))
    values = {
        key.removeprefix("placeholders.").lower(): value
        for key, value in settings.items()
        if key.startswith("placeholders.")
    }
    values |= {
        key.removeprefix(_VARIABLE).lower(): value
        for key, value in os.environ.items()
        if key.startswith(_VARIABLE)
    }
    values |= {key.lower(): value for key, value in given.items()}
    return Placeholders(
        values=values,
        prefix=settings.get("placeholderPrefix", "${"),
        suffix=settings.get("placeholderSuffix", "}"),
        is_on=settings.get("placeholderReplacement", "true").lower() != "false",
    )


def read_lines(text: str) -> Iterator[tuple[str, str]]:
    """Read the keys and values of a .conf file."""
    for line in text.split("\n"):
        if match := _LINE.fullmatch(line):
            yield match["key"], match["value"]


def _settings(directory: Path) -> Iterator[tuple[str, str]]:
    resolved = directory.resolve()
    for folder in (resolved, *resolved.parents)[:_ABOVE]:
        there = [folder / name for name in _FILES if (folder / name).is_file()]
        for path in there[::-1]:  # the first is the last to say what holds
            yield from _from_toml(path) if path.suffix == ".toml" else _from_conf(path)
        if there:
            return


def _from_conf(path: Path) -> Iterator[tuple[str, str]]:
    for key, value in read_lines(read_text(path)):
        if key.startswith("flyway."):
            yield key.removeprefix("flyway."), value


def _from_toml(path: Path) -> Iterator[tuple[str, str]]:
    try:
        said = tomllib.loads(read_text(path)).get("flyway", {})
    except tomllib.TOMLDecodeError as exc:
        raise MigrationError(f"malformed toml: {exc}", path=str(path)) from exc
    for key, value in said.items():
        if isinstance(value, dict):
            yield from ((f"{key}.{name}", _text(one)) for name, one in value.items())
        else:
            yield key, _text(value)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
