"""The laws: functions from what was seen of a migration to what there is to say of it. Pure."""

from __future__ import annotations

import ast
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import psycopg

from confiture_core.diff.compare import compare, context_of
from confiture_core.diff.plan import plan
from confiture_core.errors import ConfitureError, Unsupported
from confiture_core.verify.comparison import Unlike, compare_catalogs
from confiture_core.verify.finding import LAWS, Finding, Kind, Law, Verdict
from confiture_core.verify.locks import NO_BUDGET, Budget, locks
from confiture_core.verify.rows.contents import Change, compare_contents
from confiture_core.verify.trip import Trip, Unreached, is_empty_down

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from confiture_core.catalog.model import Catalog, Identity
    from confiture_core.catalog.reading import Reading
    from confiture_core.migrations.loader import Direction, MigrationFile

Place = tuple[str | None, int | None]  # file and line
_NOWHERE: Place = (None, None)

_WORDS: dict[str, str] = {
    "residue": "left over",
    "missing": "missing",
    "changed": "differs",
    "access": "other owner or privileges",
    "order": "columns in another order",
    "wording": "body differs in white space or comments",
}


def up(trip: Trip) -> Verdict:
    """Hold that up applies to the state before it."""
    if trip.up_error:
        return _verdict("up", trip, (_error("up", trip, trip.up_error),))
    return _verdict("up", trip, ())


def down_leaves_no_trace(trip: Trip) -> Verdict:
    """Hold that the catalog after up and down is the catalog before."""
    law: Law = "down-leaves-no-trace"
    if trip.up_error:
        return _verdict(law, trip, (_not_reached(law, trip, "up fails", trip.up_error),))
    if is_declared(trip):
        return _verdict(law, trip, (_declaration(trip),))
    if not trip.file.has_down:
        return _without_down(trip)
    if trip.down_error:
        return _verdict(law, trip, (_error(law, trip, trip.down_error),))
    assert trip.down is not None
    return _comparison(law, trip, trip.before, trip.down)


def again(trip: Trip) -> Verdict:
    """Hold that up applies again after down and gives what it gave at first."""
    law: Law = "again"
    if trip.up_error:
        return _verdict(law, trip, (_not_reached(law, trip, "up fails", trip.up_error),))
    if trip.again is None and trip.again_error is None:
        if trip.down_error and not is_declared(trip):
            return _verdict(law, trip, (_not_reached(law, trip, "down fails", trip.down_error),))
        return Verdict(law=law, migration=trip.file.label, not_applicable=_why_no_way_back(trip))
    if trip.again_error:
        return _verdict(law, trip, (_error(law, trip, trip.again_error),))
    assert trip.up is not None
    assert trip.again is not None
    return _comparison(law, trip, trip.up, trip.again)


def data_survives(trip: Trip) -> Verdict:
    """Hold that up applies to tables with rows, and that up and down leave these as they were."""
    law: Law = "data-survives"
    if trip.up_error:
        return _verdict(law, trip, (_not_reached(law, trip, "up fails", trip.up_error),))
    findings = [
        _finding(law, trip, "warning", f"{each.table} has no rows: {each.reason}")
        for each in trip.rows.unfilled
    ]
    findings += [
        _finding(
            law, trip, "warning", f"seeds left out: {each.reason}", place=(each.path, each.line)
        )
        for each in trip.rows.unfit
    ]
    if trip.rows.error is not None:
        findings.append(_fails_with_rows(trip, trip.rows.error))
    elif trip.rows.down is not None and not is_declared(trip):
        findings += _losses(trip, compare_contents(trip.rows.before, trip.rows.down))
    elif trip.down_error and not is_declared(trip):
        findings.append(_not_reached(law, trip, "down fails", trip.down_error))
    return _verdict(law, trip, tuple(findings))


LAWS_OF_A_TRIP: Mapping[Law, Callable[[Trip], Verdict]] = {
    "up": up,
    "down-leaves-no-trace": down_leaves_no_trace,
    "again": again,
    "data-survives": data_survives,
}


def verdicts(seen: Trip | Unreached, budget: Budget = NO_BUDGET) -> dict[Law, Verdict]:
    """Say what every law says of a migration."""
    if isinstance(seen, Unreached):
        return {law: _unreachable(law, seen) for law in LAWS}
    found = {law: look(seen) for law, look in LAWS_OF_A_TRIP.items()}
    found["locks"] = locks(seen.trace, seen.file.label, budget)
    if seen.up_error:
        found["locks"] = replace(found["locks"], not_applicable="up fails")
    return found


def difference_findings(
    law: Law, migration: str, unlike: tuple[Unlike, ...], place: Place
) -> tuple[Finding, ...]:
    """Turn differences into findings."""
    return tuple(
        Finding(
            law=law,
            migration=migration,
            kind=each.kind,
            identity=each.identity,
            message=_message(each),
            path=place[0],
            line=place[1],
            detail=each.detail,
        )
        for each in unlike
    )


def repair(found: Catalog, wanted: Catalog) -> tuple[str, ...]:
    """Write the SQL that leads from one catalog to the other, unproved; () if it cannot be."""
    context = context_of(found, wanted, short_names=True, attach_indexes=False)
    try:
        return tuple(step.sql for step in plan(compare(context), context))
    except Unsupported:
        return ()


def place_of(file: MigrationFile, direction: Direction) -> Place:
    """Give the file and line where a direction of a migration starts."""
    shown = file.shown_of(direction)
    if file.kind == "sql" and file.down_path != file.path:
        return shown, 1
    if file.kind == "sql":
        # Both directions are in one file.
        text = (file.down_text or "") if direction == "down" else file.text
        return shown, text.count("\n", 0, len(text) - len(text.lstrip())) + 1
    for node in ast.walk(ast.parse(file.text)):
        if isinstance(node, ast.FunctionDef) and node.name == direction:
            return shown, node.lineno
    return shown, None


def _verdict(law: Law, trip: Trip, findings: tuple[Finding, ...]) -> Verdict:
    return Verdict(law=law, migration=trip.file.label, findings=findings)


def _comparison(law: Law, trip: Trip, wanted: Reading, found: Reading) -> Verdict:
    unlike = compare_catalogs(wanted.catalog, found.catalog, among=_changed(wanted, found, trip))
    # What is to be edited is down, whichever law finds it out.
    findings = difference_findings(law, trip.file.label, unlike, place_of(trip.file, "down"))
    verdict = Verdict(law=law, migration=trip.file.label, findings=findings)
    if verdict.holds:
        return verdict
    if law == "down-leaves-no-trace" and is_empty_down(trip.file):
        place = place_of(trip.file, "down")
        empty = _finding(law, trip, "error", "down does nothing", place=place)
        findings = (empty, *findings)
    sql = repair(found.complete(), wanted.complete())
    return Verdict(
        law=law,
        migration=trip.file.label,
        findings=findings,
        repair=sql,
        repairs="down" if law == "down-leaves-no-trace" else "up after down",
    )


def _changed(wanted: Reading, found: Reading, trip: Trip) -> frozenset[Identity] | None:
    """Give what may be different in two readings; None if it may be anything.

    Both say what they have changed since the reading before the migration, or are that itself.
    """
    among: frozenset[Identity] = frozenset()
    for each in (wanted, found):
        if each.mark is trip.before.mark:
            continue
        if each.changed is None or each.follows is not trip.before.mark:
            return None
        among |= each.changed
    return among


def _without_down(trip: Trip) -> Verdict:
    law: Law = "down-leaves-no-trace"
    assert trip.up is not None
    sql = repair(trip.up.complete(), trip.before.complete())
    hint = 'write one, or say why not: irreversible = "…"'
    if trip.file.kind == "sql":
        hint = "write one, or say why not: -- confiture: irreversible: …"
    finding = _finding(
        law, trip, "missing", "there is no down", place=(trip.file.shown, None), hint=hint
    )
    return Verdict(
        law=law, migration=trip.file.label, findings=(finding,), repair=sql, repairs="down"
    )


def _declaration(trip: Trip) -> Finding:
    """Compare what a migration says of its way back with what was seen."""
    law: Law = "down-leaves-no-trace"
    reason = declared_reason(trip.file)
    if reason is None:
        assert trip.down_error is not None
        message = f"down refuses: {trip.down_error.message}"
        place = (trip.file.shown_of("down"), None)
        return _finding(law, trip, "declared", message, place=place)
    if trip.down is None or not trip.file.has_down or is_empty_down(trip.file):
        place = (trip.file.shown, None)
        return _finding(law, trip, "declared", f"irreversible: {reason}", place=place)
    among = _changed(trip.before, trip.down, trip)
    unlike = compare_catalogs(trip.before.catalog, trip.down.catalog, among=among)
    if any(each.kind != "order" for each in unlike):
        message = "declared irreversible, but down runs: it should raise an error"
    else:
        message = "declared irreversible, but down gives everything back"
    return _finding(law, trip, "declaration", message, place=place_of(trip.file, "down"))


def is_declared(trip: Trip) -> bool:
    """Tell whether a migration says itself that there is no way back."""
    if trip.up_error:
        return False
    return declared_reason(trip.file) is not None or _refuses_in_words(trip)


def declared_reason(file: MigrationFile) -> str | None:
    """Give the reason why there is no way back, if the migration names one."""
    reason = file.options.irreversible
    if reason is None and file.down_text is not None:
        with suppress(ConfitureError):  # a down that is no SQL is found where it is run
            return file.script("down").options.irreversible
    return reason


def _refuses_in_words(trip: Trip) -> bool:
    """Tell whether down is an SQL file whose own RAISE EXCEPTION refused."""
    cause = trip.down_error.__cause__ if trip.down_error else None
    if not isinstance(cause, psycopg.errors.RaiseException):
        return False
    context = (cause.diag.context or "").splitlines()
    # Not one that a trigger or a function raises on what it is given.
    return len(context) == 1 and "inline_code_block" in context[0]


def _why_no_way_back(trip: Trip) -> str:
    reason = declared_reason(trip.file)
    if reason is not None:
        return f"irreversible: {reason}"
    return "down refuses" if trip.down_error else "there is no down"


def _fails_with_rows(trip: Trip, error: ConfitureError) -> Finding:
    """Say that a direction fails only where there are rows; perhaps only where they are these."""
    direction = "up, after down," if trip.rows.failed == "again" else trip.rows.failed
    depends = not trip.rows.fails_plainly or _depends_on_values(error)
    return Finding(
        law="data-survives",
        migration=trip.file.label,
        kind="warning" if depends else "error",
        message=f"{direction} {'may fail' if depends else 'fails'} on tables with rows:"
        f" {error.message}",
        path=str(error.path) if error.path is not None else None,
        line=error.line,
        detail=error.detail,
        hint=error.hint,
    )


def _depends_on_values(error: ConfitureError) -> bool:
    """Tell whether rows made up may be to blame: they are not those the author has in mind."""
    cause = error.__cause__
    if isinstance(cause, psycopg.errors.SyntaxError):
        # Of a value, as types of extensions report it; a statement's own has a position.
        return cause.diag.statement_position is None
    return isinstance(cause, psycopg.errors.DataError | psycopg.errors.CheckViolation)


def _losses(trip: Trip, changes: tuple[Change, ...]) -> list[Finding]:
    """Hold what became of the rows against what the migration says it loses."""
    law: Law = "data-survives"
    place = place_of(trip.file, "down")
    lossy = trip.file.lossy
    findings = []
    for change in changes:
        declared = any(_covers(name, change) for name in lossy)
        kind: Kind = "declared" if declared else "rows"
        findings.append(_finding(law, trip, kind, change.message, place=place))
    for name in lossy:
        if not any(_covers(name, change) for change in changes):
            message = f'"{name}" is declared lossy, but nothing of it was lost'
            findings.append(_finding(law, trip, "warning", message, place=(trip.file.shown, None)))
    return findings


def _covers(name: str, change: Change) -> bool:
    """Tell whether `users` or `users.bio`, with the schema or without, is about a change."""
    tables = {change.table.name, f"{change.table.schema}.{change.table.name}"}
    if name in tables:
        return True
    return change.column is not None and name in {f"{table}.{change.column}" for table in tables}


def _message(unlike: Unlike) -> str:
    facts = f" ({'; '.join(unlike.facts)})" if unlike.facts else ""
    return f"{_WORDS[unlike.kind]}: {unlike.identity}{facts}"


def _error(law: Law, trip: Trip, error: ConfitureError) -> Finding:
    return Finding(
        law=law,
        migration=trip.file.label,
        kind="error",
        message=error.message,
        path=str(error.path) if error.path is not None else None,
        line=error.line,
        detail=error.detail,
        hint=error.hint,
    )


def _not_reached(law: Law, trip: Trip, why: str, error: ConfitureError) -> Finding:
    return _finding(law, trip, "error", f"not reached, {why}: {error}")


def _unreachable(law: Law, seen: Unreached) -> Verdict:
    finding = Finding(
        law=law,
        migration=seen.file.label,
        kind="unreachable",
        message=f"not reached: {seen.error}",
        hint=f"mend {seen.broken.label} first",
    )
    return Verdict(law=law, migration=seen.file.label, findings=(finding,))


def _finding(
    law: Law,
    trip: Trip,
    kind: Kind,
    message: str,
    *,
    place: Place = _NOWHERE,
    hint: str | None = None,
) -> Finding:
    return Finding(
        law=law,
        migration=trip.file.label,
        kind=kind,
        message=message,
        path=place[0],
        line=place[1],
        hint=hint,
    )
