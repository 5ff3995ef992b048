"""Ways down that give back what theirs do not: written beside them, and only once proved.

What is left over or missing after `down` is added to it as SQL; where there is no `down`, or it
fails, the whole way back is written. The laws then hold of the repaired migration, or nothing is
written.
"""

from __future__ import annotations

import ast
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from confiture_core.migrations.meaning import parse_python
from confiture_core.verify.chain import Chain
from confiture_core.verify.laws import is_declared, repair, verdicts
from confiture_core.verify.text import render_verdict
from confiture_core.verify.trip import Trip

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from confiture_core.factory.shadows import Shadows
    from confiture_core.migrations.loader import MigrationFile
    from confiture_core.verify.finding import Law, Verdict

_SUFFIX = ".fixed"  # not the name of a migration, so nobody runs it
_PROVED: tuple[Law, ...] = ("up", "down-leaves-no-trace", "again")
_ADDED = "-- Added: what the statements above do not give back."
_WHOLE = "-- The way back, written anew."


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """What became of a way down that breaks the laws."""

    migration: str
    replaces: str  # the file, as messages call it, whose place the new one takes
    path: Path | None = None  # the file that was written
    reason: str | None = None  # why none was
    losses: tuple[str, ...] = ()  # rows that do not come back all the same


@dataclass(frozen=True, slots=True, kw_only=True)
class _Proposal:
    file: MigrationFile  # repaired, but not on disk
    replaces: str
    path: Path
    text: str


def broken_downs(verdicts: Iterable[Verdict]) -> set[str]:
    """Name the migrations whose way down leaves a trace, or fails."""
    return {
        one.migration
        for one in verdicts
        if one.law == "down-leaves-no-trace" and not one.holds and one.unreachable is None
    }


def fix_downs(
    migrations: Sequence[MigrationFile], shadows: Shadows, labels: Collection[str]
) -> Iterator[Fix]:
    """Write repaired ways down for some migrations, each once it is proved."""
    proposals: dict[str, _Proposal] = {}
    with closing(Chain(shadows, migrations, wanted=labels)) as chain:
        for file in migrations:
            if file.label not in labels:
                continue
            seen = chain.see(file)
            found = _propose(seen) if isinstance(seen, Trip) else "a migration before it fails"
            if isinstance(found, str):
                yield Fix(migration=file.label, replaces=file.shown_of("down"), reason=found)
            else:
                proposals[file.label] = found
    if not proposals:
        return
    repaired = [
        proposals[file.label].file if file.label in proposals else file for file in migrations
    ]
    with closing(Chain(shadows, repaired, wanted=proposals)) as chain:
        for label, proposal in proposals.items():
            yield _write_if_proved(label, proposal, verdicts(chain.see(proposal.file)))


def _write_if_proved(label: str, proposal: _Proposal, found: dict[Law, Verdict]) -> Fix:
    broken = next((found[law] for law in _PROVED if not found[law].holds), None)
    if broken is not None:
        reason = f"it does not hold: {render_verdict(broken).splitlines()[0]}"
        return Fix(migration=label, replaces=proposal.replaces, reason=reason)
    try:
        with proposal.path.open("x", encoding="utf-8") as file:
            file.write(proposal.text)
    except FileExistsError:
        reason = f"{proposal.path.name} is there already: remove it first"
        return Fix(migration=label, replaces=proposal.replaces, reason=reason)
    losses = [one.message for one in found["data-survives"].findings if one.fails]
    return Fix(
        migration=label, replaces=proposal.replaces, path=proposal.path, losses=tuple(losses)
    )


def _propose(trip: Trip) -> _Proposal | str:
    """Write the repaired migration; or why it cannot be."""
    if trip.up_error or trip.up is None:
        return "its up fails"
    if is_declared(trip):
        return "it says itself that there is no way back"
    goes_on = trip.file.has_down and trip.down is not None
    start = trip.down if goes_on and trip.down is not None else trip.up
    statements = repair(start.complete(), trip.before.complete())
    if not statements:
        return "no SQL is known that gives back what is missing"
    kept = trip.file.down_text if goes_on else None
    if trip.file.kind == "py":
        return _python(trip.file, statements, goes_on=goes_on)
    if trip.file.down_path == trip.file.path or not trip.file.shown.endswith(".up.sql"):
        return "both directions are in one file: take the SQL over by hand"
    return _sql(trip.file, statements, kept)


def _sql(file: MigrationFile, statements: Sequence[str], kept: str | None) -> _Proposal:
    added = "".join(f"{statement};\n" for statement in statements)
    head = f"{_WHOLE}\n" if kept is None else f"{_ended(kept)}\n{_ADDED}\n"
    path = file.path.with_name(f"{file.label}.down.sql")
    shown = file.shown.removesuffix(".up.sql") + ".down.sql"
    text = head + added
    repaired = file._replace(down_file=str(path), down_shown=shown, down_text=text)
    return _Proposal(file=repaired, replaces=shown, path=_beside(path), text=text)


def _ended(text: str) -> str:
    """End the last statement, if it is not."""
    text = text.rstrip()
    return f"{text}\n" if text.endswith(";") or not text else f"{text}\n;\n"


def _python(file: MigrationFile, statements: Sequence[str], *, goes_on: bool) -> _Proposal | str:
    up = next(
        (
            (owner, node)
            for owner in ast.walk(parse_python(file.text))
            if isinstance(owner, ast.ClassDef)
            for node in owner.body
            if isinstance(node, ast.FunctionDef) and node.name == "up"
        ),
        None,
    )
    if up is None:
        return "its class has no method up of its own"
    owner, node = up
    down = next(
        (one for one in owner.body if isinstance(one, ast.FunctionDef) and one.name == "down"), None
    )
    lines = file.text.splitlines()
    indent = " " * node.col_offset
    calls = [f"{indent}    self.execute({_literal(each)})" for each in statements]
    if down is None:
        end = owner.end_lineno or len(lines)
        lines[end:end] = ["", f"{indent}def down(self):", *calls]
    else:
        end = down.end_lineno or len(lines)
        # What fails is left out; what goes on is kept.
        start = end if goes_on else down.body[0].lineno - 1
        lines[start:end] = calls
    text = "\n".join(lines) + "\n"
    repaired = file._replace(text=text)
    return _Proposal(file=repaired, replaces=file.shown, path=_beside(file.path), text=text)


def _literal(statement: str) -> str:
    is_long = "\n" in statement and '"""' not in statement and "\\" not in statement
    return f'"""{statement}"""' if is_long else repr(statement)


def _beside(path: Path) -> Path:
    return path.with_name(path.name + _SUFFIX)
