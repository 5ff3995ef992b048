"""sqitch: a plan, and for each change in it `deploy/`, `revert/` and `verify/NAME.sql`.

A change that was reworked stands in the plan twice; the scripts of its first time are called
`NAME@TAG.sql`, after the tag between.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from confiture_core.adoption.foreign import Foreign, ForeignSet, read_text
from confiture_core.errors import MigrationError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PLAN = "sqitch.plan"
# `%project=…`, `@v1.0 …`, `name [needed] 2026-01-01T00:00:00Z Who <mail> # note`
_CHANGE = re.compile(r"(?P<name>[^\s@%#\[]\S*)\s+(?:\[[^\]]*\]\s+)?\d{4}-\d\d-\d\dT")
_TAG = re.compile(r"@(?P<tag>\S+)\s+\d{4}-\d\d-\d\dT")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    name: str
    line: int
    tag: str | None = None  # the first after it


def is_there(directory: Path) -> bool:
    """Tell whether a directory is a project of sqitch's."""
    return (directory / PLAN).is_file()


def read(directory: Path) -> ForeignSet:
    """Read a project: the changes in the order of the plan."""
    changes = _parse_plan(read_text(directory / PLAN), shown=str(directory / PLAN))
    migrations = []
    for number, change in enumerate(changes):
        is_reworked = any(later.name == change.name for later in changes[number + 1 :])
        file = f"{change.name}@{change.tag}.sql" if is_reworked else f"{change.name}.sql"
        deploy, revert = directory / "deploy" / file, directory / "revert" / file
        if not deploy.is_file():
            raise MigrationError(
                f'the plan has "{change.name}", and there is no {deploy}',
                path=str(directory / PLAN),
                line=change.line,
            )
        migrations.append(
            Foreign(
                key=f"{change.name}@{change.tag}" if is_reworked else change.name,
                name=change.name,
                up=read_text(deploy),
                down=read_text(revert) if revert.is_file() else None,
            )
        )
    checks = len(list((directory / "verify").rglob("*.sql")))
    note = f"{checks} verify script(s) are not taken over: pytest tests may do what they did"
    return ForeignSet(migrations=tuple(migrations), notes=(note,) if checks else ())


def _parse_plan(text: str, *, shown: str) -> Sequence[_Change]:
    changes: list[_Change] = []
    for number, line in enumerate(text.split("\n"), start=1):
        plain = line.partition("#")[0].strip()
        if not plain or plain.startswith("%"):
            continue
        if match := _TAG.match(plain):
            changes = [
                one if one.tag else _Change(name=one.name, line=one.line, tag=match["tag"])
                for one in changes
            ]
        elif match := _CHANGE.match(plain):
            changes.append(_Change(name=match["name"], line=number))
        else:
            raise MigrationError("this is no line of a plan", path=shown, line=number)
    return changes
