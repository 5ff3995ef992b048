"""sqitch: a plan, and for each change in it `deploy/`, `revert/` and `verify/NAME.sql`.

A change that was reworked stands in the plan twice; the scripts of its first time are called
`NAME@TAG.sql`, after the tag between.

What `verify` does follows `deploy` in the same transaction, between a savepoint and the way back to
it: where it fails, the change is not made, as with `sqitch deploy --verify`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from confiture_core.adoption.foreign import Foreign, ForeignSet, read_text
from confiture_core.errors import ConfitureError, MigrationError
from confiture_core.migrations.script import parse_script
from confiture_core.statements import split_statements, transaction_control

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PLAN = "sqitch.plan"
_TOGETHER = """\
{}

-- What verified it:
SAVEPOINT verify;
{}
ROLLBACK TO SAVEPOINT verify;
"""
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
    migrations: list[Foreign] = []
    unverified: list[Path] = []
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
        verify = directory / "verify" / file
        up = read_text(deploy)
        if verify.is_file():
            together = _verified(up, read_text(verify))
            if together is None:
                unverified.append(verify)
            up = together or up
        migrations.append(
            Foreign(
                key=f"{change.name}@{change.tag}" if is_reworked else change.name,
                name=change.name,
                up=up,
                down=read_text(revert) if revert.is_file() else None,
            )
        )
    why = "left out, as it cannot run in the transaction of its change"
    notes = tuple(f"{why}: {path}" for path in unverified)
    return ForeignSet(migrations=tuple(migrations), notes=notes)


def _verified(deploy: str, verify: str) -> str | None:
    """Put a change and what verifies it into one script; None if that cannot be one transaction."""
    try:
        parts = _without_frame(deploy), _without_frame(verify)
        together = _TOGETHER.format(*(part.strip() for part in parts))
        is_one = parse_script(together, shown="").transactional
    except ConfitureError:
        return None
    return together if is_one else None


def _without_frame(text: str) -> str:
    """Take BEGIN at the beginning and COMMIT or ROLLBACK at the end out of a script."""
    statements = split_statements(text)
    if len(statements) < 2 or not all(map(transaction_control, (statements[0], statements[-1]))):
        return text
    first, last = statements[0], statements[-1]
    begun, ended = ((text + ";").index(";", one.offset + len(one.sql)) + 1 for one in (first, last))
    return text[: first.offset] + text[begun : last.offset] + text[ended:]


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
