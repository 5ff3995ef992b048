"""alembic: its revisions in the order in which it applies them, each as the SQL it writes for it.

What a revision does only alembic can say, and only of one that asks the database nothing. It writes
all of them at once, with a comment between: of branches too, one after the other, as it runs them.
"""

from __future__ import annotations

import ast
import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from confiture_core.adoption.commands import find_command
from confiture_core.adoption.foreign import Foreign, ForeignSet, read_text
from confiture_core.errors import MigrationError
from confiture_core.statements import mentioned_names, split_statements, transaction_control

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from confiture_core.statements import Statement

_VERSIONS_TABLE = "alembic_version"
# "-- Running upgrade  -> a1f0", "-- Running downgrade m1aa -> 93cc, b1ff"
_RUNNING = re.compile(
    r"^-- Running (?:upgrade (?P<before>.*) -> (?P<up>\S+)|downgrade (?P<down>\S+) -> .*)$",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Revision:
    key: str
    below: tuple[str, ...]  # what it follows and what it depends on, as the file says
    labels: tuple[str, ...]
    name: str


def is_there(directory: Path) -> bool:
    """Tell whether a directory has alembic's settings."""
    return (directory / "alembic.ini").is_file()


def read(directory: Path) -> ForeignSet:
    """Read the revisions, and have alembic write them as SQL."""
    if not is_there(directory):
        raise MigrationError("there is no alembic.ini", path=str(directory))
    revisions = {one.key: one for one in _revisions(directory)}
    if not revisions:
        raise MigrationError("there are no revisions in versions/", path=str(directory))
    after = {key: _resolved(one, revisions) for key, one in revisions.items()}
    command = find_command("alembic")
    ups = _written(command, directory, "upgrade", "base:heads")
    downs: dict[str, str] = {}
    for head in sorted(revisions.keys() - {key for keys in after.values() for key in keys}):
        if head not in downs:
            downs |= _written(command, directory, "downgrade", f"{head}:base")
    migrations = [
        Foreign(
            key=key,
            name=revisions[key].name if key in revisions else key,
            up=text,
            down=downs.get(key),
            after=after.get(key, ()),
        )
        for key, text in ups.items()
    ]
    return ForeignSet(migrations=tuple(migrations))


def _revisions(directory: Path) -> Iterator[_Revision]:
    for path in sorted(directory.glob("*/versions/**/*.py")):
        said = _constants(read_text(path), path)
        if "revision" in said:
            key = str(said["revision"])
            yield _Revision(
                key=key,
                below=(*_texts(said.get("down_revision")), *_texts(said.get("depends_on"))),
                labels=_texts(said.get("branch_labels")),
                name=path.stem.removeprefix(f"{key}_"),
            )


def _texts(value: object) -> tuple[str, ...]:
    """Read what alembic takes as one text, as several or as None."""
    if value is None:
        return ()
    return tuple(map(str, value)) if isinstance(value, list | tuple | set) else (str(value),)


def _resolved(revision: _Revision, revisions: Mapping[str, _Revision]) -> tuple[str, ...]:
    """Find what a revision comes after: it may be called by its label or by how it begins."""

    def find(name: str) -> str:
        if name in revisions:
            return name
        name = name.partition("@")[0]
        called = (one.key for one in revisions.values() if name in one.labels)
        begins = (key for key in revisions if key.startswith(name))
        return next(called, None) or next(begins, name)

    return tuple(map(find, revision.below))


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


def _written(command: str, directory: Path, way: str, span: str) -> dict[str, str]:
    """Have revisions written as SQL; map each to its part, in the order in which they run."""
    done = subprocess.run(
        [command, way, span, "--sql"], cwd=directory, capture_output=True, text=True
    )
    if done.returncode != 0:
        last = (done.stderr.strip() or "no output").splitlines()[-1]
        *_, reached = ("", *(one[0][3:].strip() for one in _RUNNING.finditer(done.stdout)))
        raise MigrationError(
            f"alembic {way} {span} --sql fails: {last}",
            path=str(directory),
            detail=reached or None,
            hint="a revision that reads the database cannot be written as SQL",
        )
    found: dict[str, str] = {}
    marks = [*_RUNNING.finditer(done.stdout)]
    ends = [*(mark.start() for mark in marks[1:]), len(done.stdout)]
    for mark, end in zip(marks, ends, strict=True):
        shown = f"alembic {way} {span} --sql"
        statements = split_statements(done.stdout[mark.end() : end], shown=shown)
        kept = (f"{one.sql};\n\n" for one in statements if not _is_alembics(one))
        found[mark["up"] or mark["down"]] = "".join(kept)
    return found


def _is_alembics(statement: Statement) -> bool:
    """Tell whether a statement keeps alembic's own books, or only frames the others."""
    if transaction_control(statement):
        return True
    return any(name == _VERSIONS_TABLE for _, name in mentioned_names(statement))
