"""Everything the command prints."""

from __future__ import annotations

import json
import os
import sys
import threading
import traceback as tracebacks
import unicodedata
from collections import Counter
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from confiture.annotations import annotation
from confiture.talk import TALK, is_fancy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TextIO

    from confiture_core.builder.environment import BuildReport
    from confiture_core.diff.operation import Step
    from confiture_core.difference import Difference
    from confiture_core.errors import ConfitureError
    from confiture_core.migrations.dry_run import Trial
    from confiture_core.migrations.history import AppliedMigration
    from confiture_core.migrations.loader import MigrationFile, Problem
    from confiture_core.migrations.status import MigrationStatus

_RED, _BOLD = "31", "1"
_SOON_S = 0.1
_shower: threading.Timer | None = None
_STATES = {"applied": "✅", "pending": "⏳", "edited": "❌", "missing": "❌", "partial": "⏳"}


def say(text: str = "", *, is_open: bool = False) -> None:
    """Print a line of the result, or its beginning."""
    print(text, end="" if is_open else "\n")
    if is_open:
        _show_soon()


def _show_soon() -> None:
    """Let an open line be seen: at once on a terminal, elsewhere within a tenth of a second.

    To wake the reader of a pipe for each would be a good part of what small migrations take.
    """
    global _shower
    if sys.stdout.isatty():
        sys.stdout.flush()
    elif _shower is None or not _shower.is_alive():
        _shower = threading.Timer(_SOON_S, _flush, [sys.stdout])
        _shower.daemon = True
        _shower.start()


def _flush(stream: TextIO) -> None:
    with suppress(OSError, ValueError):  # nobody reads any more: what is printed next says so
        stream.flush()


def talk(text: str = "") -> None:
    """Print a line about the work, unless the user wants none."""
    if not TALK.is_quiet:
        sys.stdout.flush()
        print(text, file=sys.stderr, flush=True)


def write_over(text: str) -> None:
    """Write a line on a terminal in the place of the one that is open; nothing clears it."""
    sys.stdout.flush()
    print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def error(exc: ConfitureError) -> None:
    """Print an error: one line, then its details, then the way out."""
    sys.stdout.flush()
    if TALK.log is not None:
        TALK.log.write_error(exc)
    if os.environ.get("GITHUB_ACTIONS") == "true":
        text = "\n".join(filter(None, (exc.message, exc.detail, exc.hint)))
        annotated = annotation("error", text, title="confiture", path=exc.path, line=exc.line)
        print(annotated, file=sys.stderr)
    lines = [f"{_painted('error:', _RED)} {exc}"]
    if exc.detail:
        lines += [f"  {line}".rstrip() for line in exc.detail.splitlines()]
    if exc.hint:
        lines.append(f"{_painted('hint:', _BOLD)} {exc.hint}")
    print("\n".join(lines), file=sys.stderr, flush=True)
    if TALK.is_json:
        facts = {"message": exc.message, "path": exc.path, "line": exc.line}
        print_json({"error": {**facts, "detail": exc.detail, "hint": exc.hint}})


def traceback(exc: BaseException) -> None:
    """Print where an error comes from."""
    tracebacks.print_exception(exc)


def print_json(value: object) -> None:
    """Print a result for a program."""
    print(json.dumps(value, indent=2, default=_as_json))


def _as_json(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def marked(mark: str, text: str) -> str:
    """Put a mark before a text where marks are shown."""
    return f"{mark} {text}" if is_fancy(sys.stdout) else text


def mark_or_word(mark: str, word: str) -> str:
    """Choose what stands alone: the mark, or where none are shown the word for it."""
    return mark if is_fancy(sys.stdout) else word


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table: with a frame on a terminal, else in columns."""
    widths = [max(map(_width, column)) for column in zip(head, *rows, strict=True)]
    if not is_fancy(sys.stdout):
        padded = ("  ".join(map(_padded, row, widths)).rstrip() for row in (head, *rows))
        say("\n".join((title, *padded)))
        return
    whole = sum(widths) + 3 * len(widths) + 1
    say(" " * ((whole - _width(title)) // 2) + title)
    say(_rule(tuple("┏━┳┓"), widths))
    say(_row("┃", head, widths))
    say(_rule(tuple("┡━╇┩"), widths))
    for row in rows:
        say(_row("│", row, widths))
    say(_rule(tuple("└─┴┘"), widths))


def differences(found: Sequence[Difference], *, is_result: bool) -> None:
    """Print what leads from one source to another, migration by migration."""
    for number, one in enumerate(found, start=1):
        if len(found) > 1:
            (say if is_result else talk)(f"-- migration {number} of {len(found)}")
        difference(one, is_result=is_result)


def difference(found: Difference, *, is_result: bool) -> None:
    """Print a difference and what is to be known of it, on stdout if it is the result."""
    for step in found.up.steps:
        (say if is_result else talk)(_step(step))
    if found.is_empty:
        talk("No difference.")
    for note in found.notes:
        talk(f"note: {note}")
    if not found.transactional:
        talk("note: it cannot run in one transaction, and commits in steps")


def dump(steps: Sequence[Step], *, as_json: bool) -> None:
    """Print the SQL that makes a schema."""
    if as_json:
        print_json({"steps": [_step_facts(step) for step in steps]})
        return
    for step in steps:
        say(f"{step.sql};\n")


def written(files: Sequence[str], *, as_json: bool, **facts: object) -> None:
    """Print which files there are now, as JSON beside other facts."""
    if as_json:
        print_json({**facts, "files": files})
        return
    for file in files:
        say(marked("✅", f"Created {file}"))


def built(report: BuildReport, *, migrations: int, as_json: bool) -> None:
    """Print what a build has made."""
    if as_json:
        print_json({**report._asdict(), "migrations": migrations})
        return
    files = f"{report.schema_files} schema file(s), {report.seed_files} seed file(s)"
    line = f'Built database "{report.database}" from {files} in {report.duration_s:.1f} s'
    say(marked("✅", line))
    if migrations:
        say(f"{migrations} migration(s) recorded as applied")


def status(found: Sequence[MigrationStatus], *, database: str, exists: bool, format: str) -> None:
    """Print the state of every migration."""
    states = Counter(one.state for one in found)
    applied, pending = states["applied"], states["pending"]
    if format == "json":
        counts = {"total": len(found), "applied": applied, "pending": pending}
        rows = [_status_facts(one) for one in found]
        facts = {"database": database, "database_exists": exists, **counts}
        print_json({**facts, "migrations": rows})
        return
    if format == "github":
        for one in found:
            if one.state != "applied":
                say(_status_annotation(one))
        return
    if found:
        words = {state: marked(mark, state) for state, mark in _STATES.items()}
        rows_ = [(one.version, one.name, words[one.state]) for one in found]
        table("Migrations", ("Version", "Name", "Status"), rows_)
        say()
    others = [f"{states[state]} {state}" for state in ("edited", "missing", "partial")]
    counted = [f"{applied} applied", f"{pending} pending", *(o for o in others if o[0] != "0")]
    say(marked("📊", f"Total: {len(found)} migrations ({', '.join(counted)})"))
    for one in found:
        if one.note:
            say(f"{one.label}: {one.note}")
    if not exists:
        hint = '"confiture migrate up" or "confiture build" makes it'
        say(f'\nDatabase "{database}" does not exist yet: {hint}')


def history(rows: Sequence[AppliedMigration], *, as_json: bool) -> None:
    """Print what was applied."""
    if as_json:
        print_json([row._asdict() for row in rows])
        return
    head = ("Version", "Name", "Applied at", "Took", "By", "From")
    table("History", head, [_history_row(row) for row in rows])


def problems(found: Sequence[Problem], *, migrations: int, format: str) -> None:
    """Print what is wrong with migrations."""
    if format == "json":
        print_json([_problem_facts(one) for one in found])
        return
    if format == "github":
        for one in found:
            say(_problem_annotation(one))
        return
    for one in found:
        say(marked("❌", str(one.error())) if one.is_error else f"note: {one.error()}")
        if one.hint:
            say(f"  hint: {one.hint}")
    if not any(one.is_error for one in found):
        say(marked("✅", f"Nothing is wrong with {migrations} migration(s)"))


def recorded(files: Sequence[MigrationFile], *, database: str, as_json: bool) -> None:
    """Print which migrations now stand in the history."""
    if as_json:
        rows = [{"version": file.version, "name": file.name} for file in files]
        print_json({"database": database, "recorded": rows})
        return
    for file in files:
        say(marked("✅", f"Recorded {file.label} as applied"))
    if not files:
        say("Nothing to record: no migration is pending")


def trials(found: Sequence[Trial], *, as_json: bool) -> None:
    """Print the SQL of a dry run, and the locks if it was run."""
    if as_json:
        print_json([_trial_facts(trial) for trial in found])
        return
    for trial in found:
        say(f"-- {trial.migration.label} {trial.direction}")
        if not trial.transactional:
            say("-- commits in steps")
        for lock in trial.locks or ():
            say(f"-- locks {lock.relation}: {lock.mode}")
        for statement in trial.statements:
            say(f"{statement.rstrip()}\n" if statement.endswith("\\.") else f"{statement};\n")
    if not found:
        talk("Nothing would be run.")


def difference_facts(difference: Difference) -> dict[str, object]:
    """Return what `migrate diff --json` says of a difference.

    `up` and `down` are lists of steps: `sql`, `object` (or null) and `hazards`, each with `kind`
    and `message`. `transactional` says whether both can run in one transaction each.
    """
    return {
        "is_empty": difference.is_empty,
        "transactional": difference.transactional,
        "up": [_step_facts(step) for step in difference.up.steps],
        "down": [_step_facts(step) for step in difference.down.steps],
        "notes": list(difference.notes),
    }


def staged_facts(migrations: Sequence[Difference]) -> dict[str, object]:
    """Return what `migrate diff --online --json` says: each migration as without it."""
    return {"migrations": [difference_facts(one) for one in migrations]}


def _status_facts(one: MigrationStatus) -> dict[str, object]:
    return {
        "version": one.version,
        "name": one.name,
        "status": one.state,
        "applied_at": one.applied_at,
        "note": one.note,
    }


def _status_annotation(one: MigrationStatus) -> str:
    note = f": {one.note}" if one.note else ""
    return annotation(
        "warning" if one.state == "pending" else "error",
        f"{one.label} is {one.state}{note}",
        title="migrations",
        path=one.shown,
    )


def _problem_annotation(one: Problem) -> str:
    return annotation(
        "error" if one.is_error else "notice",
        f"{one.message}; {one.hint}" if one.hint else one.message,
        title="migrations",
        path=one.shown,
        line=one.line,
    )


def _problem_facts(one: Problem) -> dict[str, object]:
    return {
        "message": one.message,
        "path": one.shown,
        "line": one.line,
        "hint": one.hint,
        "is_error": one.is_error,
    }


def _history_row(row: AppliedMigration) -> tuple[str, ...]:
    at = f"{row.applied_at:%Y-%m-%d %H:%M:%S%z}" if row.applied_at else ""
    took = "" if row.duration_ms is None else f"{row.duration_ms} ms"
    return row.version, row.name, at, took, row.applied_by or "", row.applied_from or ""


def _trial_facts(trial: Trial) -> dict[str, object]:
    locks = None if trial.locks is None else [asdict(lock) for lock in trial.locks]
    return {
        "version": trial.migration.version,
        "name": trial.migration.name,
        "direction": trial.direction,
        "transactional": trial.transactional,
        "statements": trial.statements,
        "locks": locks,
    }


def _step(step: Step) -> str:
    hazards = [f"-- {hazard.kind}: {hazard.message}" for hazard in step.hazards]
    return "\n".join([*hazards, f"{step.sql};"])


def _step_facts(step: Step) -> dict[str, object]:
    return {
        "sql": step.sql,
        "object": None if step.identity is None else str(step.identity),
        "hazards": [{"kind": one.kind, "message": one.message} for one in step.hazards],
    }


def _painted(text: str, colour: str) -> str:
    return f"\x1b[{colour}m{text}\x1b[0m" if is_fancy(sys.stderr) else text


def _rule(corners: Sequence[str], widths: Iterable[int]) -> str:
    left, line, middle, right = corners
    return left + middle.join(line * (width + 2) for width in widths) + right


def _row(edge: str, cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (f" {_padded(cell, width)} " for cell, width in zip(cells, widths, strict=True))
    return edge + edge.join(padded) + edge


def _padded(text: str, width: int) -> str:
    return text.ljust(width + len(text) - _width(text))


def _width(text: str) -> int:
    """Count the cells that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(one) in "WF" for one in text)
    return len(text) + wide - sum(unicodedata.combining(one) > 0 for one in text)
