"""The report of a verification: facts of each migration, as JSON and as a page.

docs/reference/verification-report.md says what each key is; `FORMAT` goes up when one changes its
meaning or goes away.
"""

from __future__ import annotations

import json
import string
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from confiture_core.errors import ConfigError
from confiture_core.verify.locks import NO_BUDGET, Budget
from confiture_core.verify.trip import Trip

if TYPE_CHECKING:
    from collections.abc import Iterable

    from confiture_core.server import Server
    from confiture_core.tracing.trace import StatementTrace
    from confiture_core.verify.finding import Finding, Verdict
    from confiture_core.verify.trip import RowsTrip, Unreached

Facts = dict[str, Any]

FORMAT = 1
SUFFIXES = (".html", ".json")

_LONGEST = 2000  # characters of a statement


@dataclass(slots=True)
class Ledger:
    """What there is to report besides verdicts, and the limits these are given under."""

    budget: Budget = NO_BUDGET
    migrations: list[Facts] = field(default_factory=list)  # those passed so far


def check_report_file(path: Path) -> None:
    """Raise an error if a report cannot be written there, before anything is verified."""
    if path.suffix not in SUFFIXES:
        raise ConfigError(
            f"a report is written as HTML or JSON, not as {path.name}",
            hint="name a file that ends in .html or .json",
        )
    if not path.parent.is_dir():
        raise ConfigError(f"there is no directory {path.parent} for the report")


def write_report(path: Path, report: Facts) -> None:
    """Write a report as the file's name says."""
    text = json.dumps(report, indent=1, ensure_ascii=False)
    path.write_text(render_page(report) if path.suffix == ".html" else f"{text}\n", "utf-8")


def draw(path: Path, ledger: Ledger, verdicts: Iterable[Verdict], server: Server) -> None:
    """Write the report of a verification by one process."""
    report = report_of(
        ledger.migrations,
        map(verdict_facts, verdicts),
        server=server_words(server),
        budget=ledger.budget,
    )
    write_report(path, report)


def report_of(
    migrations: Iterable[Facts],
    verdicts: Iterable[Facts],
    *,
    server: str | None,
    budget: Budget,
) -> Facts:
    """Put the facts of migrations, in their order, and the verdicts on them together."""
    laws: dict[str, list[Facts]] = {}
    parity = None
    for verdict in verdicts:
        if verdict["law"] == "parity":
            parity = verdict
        else:
            laws.setdefault(verdict["migration"], []).append(verdict)
    return {
        "format": FORMAT,
        "confiture": metadata.version("pytest-confiture"),
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "server": server,
        "budget": {"max_lock": budget.max_lock, "forbid_rewrite": budget.forbid_rewrite},
        "migrations": [{**one, "laws": laws.get(one["migration"], [])} for one in migrations],
        "parity": parity,
    }


def migration_facts(seen: Trip | Unreached) -> Facts:
    """Say what was seen of a migration, verdicts apart."""
    facts: Facts = {
        "migration": seen.file.label,
        "version": seen.file.version,
        "name": seen.file.name,
        "path": seen.file.shown,
        "error": None,
        "duration_s": None,
        "statements": [],
        "objects": None,
        "rows": None,
    }
    if not isinstance(seen, Trip):
        return {**facts, "error": f"not reached: {seen.error}"}
    if seen.up_error is not None:
        facts["error"] = str(seen.up_error)
    if seen.up is not None:
        facts["objects"] = dict(sorted(seen.up.kinds.items()))
    return {
        **facts,
        "duration_s": round(seen.trace.duration_s, 6),
        "statements": [statement_facts(one) for one in seen.trace.statements],
        "rows": _rows_facts(seen.rows),
    }


def statement_facts(one: StatementTrace) -> Facts:
    """Say what a statement did."""
    sql = one.sql if len(one.sql) <= _LONGEST else f"{one.sql[:_LONGEST]} …"
    locks = None
    if one.locks is not None:
        locks = [
            {"relation": lock.relation, "kind": lock.kind, "level": lock.level}
            for lock in one.locks
        ]
    return {
        "path": one.path,
        "line": one.line,
        "summary": str(one) if one.is_of_interest else "",
        "sql": sql,
        "duration_s": round(one.duration_s, 6),
        "locks": locks,
        "rewritten": list(one.rewritten),
        "emptied": list(one.emptied),
        "built": list(one.built),
        "scans": [
            {"relation": scan.relation, "times": scan.times, "rows": scan.rows}
            for scan in one.scans
        ],
    }


def server_words(server: Server) -> str:
    """Name a server's version."""
    return f"PostgreSQL {server.version_num // 10000}.{server.version_num % 10000}"


def verdict_facts(one: Verdict) -> Facts:
    """Say what a law says of a migration."""
    return {
        "migration": one.migration,
        "law": one.law,
        "holds": one.holds,
        "cached": one.is_cached,
        "not_applicable": one.not_applicable,
        "findings": [_finding_facts(finding) for finding in one.findings],
        "repair": [f"{statement};" for statement in one.repair],
    }


def render_page(report: Facts) -> str:
    """Write a report as one HTML page that needs nothing else."""
    # In a script element only "</script" and "<!--" end what is data.
    data = json.dumps(report, ensure_ascii=False).replace("<", "\\u003c")
    return _template().substitute(data=data)


@cache
def _template() -> string.Template:
    return string.Template(Path(__file__).with_name("report.html").read_text("utf-8"))


def _rows_facts(rows: RowsTrip) -> Facts:
    return {
        "tables": len(rows.before.rows),
        "filled": sum(map(bool, rows.before.rows.values())),
        "rows": sum(map(len, rows.before.rows.values())),
        "unfilled": [{"table": str(one.table), "reason": one.reason} for one in rows.unfilled],
    }


def _finding_facts(finding: Finding) -> Facts:
    return {
        "kind": finding.kind,
        "fails": finding.fails,
        "object": str(finding.identity) if finding.identity else None,
        "message": finding.message,
        "path": finding.path,
        "line": finding.line,
        "detail": finding.detail,
        "hint": finding.hint,
    }
