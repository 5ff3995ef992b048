"""alembic: its revisions in order, each as the SQL that `alembic upgrade --sql` writes for it.

The order is read from the files; what a revision does only alembic can say, and only of one that
asks the database nothing.
"""

from __future__ import annotations

import ast
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from confiture_core.adoption.commands import find_command
from confiture_core.adoption.foreign import Foreign, ForeignSet, read_text
from confiture_core.errors import MigrationError
from confiture_core.statements import mentioned_names, split_statements, transaction_control

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from confiture_core.statements import Statement

_VERSIONS_TABLE = "alembic_version"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Revision:
    key: str
    below: str | None
    name: str
    path: Path


def is_there(directory: Path) -> bool:
    """Tell whether a directory has alembic's settings."""
    return (directory / "alembic.ini").is_file()


def read(directory: Path) -> ForeignSet:
    """Read the revisions, and have alembic write them as SQL."""
    if not is_there(directory):
        raise MigrationError("there is no alembic.ini", path=str(directory))
    revisions = _in_order(list(_revisions(directory)), directory)
    command = find_command("alembic")
    migrations = []
    for one in revisions:
        start = one.below or "base"
        up = _written(command, directory, "upgrade", f"{start}:{one.key}")
        down = _written(command, directory, "downgrade", f"{one.key}:{start}")
        migrations.append(Foreign(key=one.key, name=one.name, up=up, down=down))
    return ForeignSet(migrations=tuple(migrations))


def _revisions(directory: Path) -> Iterator[_Revision]:
    for path in sorted(directory.glob("*/versions/**/*.py")):
        said = _constants(read_text(path), path)
        if "revision" in said:
            key, below = said["revision"], said.get("down_revision")
            if isinstance(below, tuple | list):
                raise _branched(path)
            name = path.stem.removeprefix(f"{key}_")
            yield _Revision(
                key=str(key), below=None if below is None else str(below), name=name, path=path
            )


def _constants(text: str, path: Path) -> dict[str, object]:
    """Read what a module's first level sets to plain values; nothing is run."""
    try:
        module = ast.parse(text)
    except SyntaxError as exc:
        raise MigrationError(f"no Python: {exc.msg}", path=str(path), line=exc.lineno) from exc
    found: dict[str, object] = {}
    for node in module.body:
        targets: Sequence[ast.expr] = ()
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign):
            targets = (node.target,)
        else:
            continue
        for target in targets:
            if isinstance(target, ast.Name) and node.value is not None:
                try:
                    found[target.id] = ast.literal_eval(node.value)
                except ValueError:
                    continue
    return found


def _in_order(revisions: Sequence[_Revision], directory: Path) -> tuple[_Revision, ...]:
    if not revisions:
        raise MigrationError("there are no revisions in versions/", path=str(directory))
    above: dict[str | None, _Revision] = {}
    for one in revisions:
        if one.below in above:
            raise _branched(one.path)
        above[one.below] = one
    order: list[_Revision] = []
    while (following := above.get(order[-1].key if order else None)) is not None:
        order.append(following)
    if len(order) < len(revisions):
        lost = next(one for one in revisions if one not in order)
        raise MigrationError(f'its down_revision "{lost.below}" is not there', path=str(lost.path))
    return tuple(order)


def _branched(path: Path) -> MigrationError:
    return MigrationError(
        "the revisions branch here: only a line of them can be imported",
        path=str(path),
        hint="import the state instead: confiture init --from URL",
    )


def _written(command: str, directory: Path, way: str, span: str) -> str:
    done = subprocess.run(
        [command, way, span, "--sql"], cwd=directory, capture_output=True, text=True
    )
    if done.returncode != 0:
        last = (done.stderr.strip() or "no output").splitlines()[-1]
        raise MigrationError(
            f"alembic {way} {span} --sql fails: {last}",
            path=str(directory),
            hint="a revision that reads the database cannot be written as SQL",
        )
    statements = split_statements(done.stdout, shown=f"alembic {way} {span} --sql")
    return "".join(f"{one.sql};\n\n" for one in statements if not _is_alembics(one))


def _is_alembics(statement: Statement) -> bool:
    """Tell whether a statement keeps alembic's own books, or only frames the others."""
    if transaction_control(statement):
        return True
    return any(name == _VERSIONS_TABLE for _, name in mentioned_names(statement))
