"""What the plugin says: what was built, what the databases cost, how to open a kept one."""

from __future__ import annotations

import shlex
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pytest

    from confiture_core.errors import ConfitureError
    from confiture_core.factory.handlings import Handling
    from pytest_confiture.database import Database
    from pytest_confiture.supply import Supply

_SLOWEST = 5  # files are named
TEARDOWN_SECTION = "confiture database (teardown)"


def shown_error(error: ConfitureError) -> str:
    """Write an error as its line, its facts and the way out."""
    lines = [str(error)]
    lines += [f"  {line}" for line in (error.detail or "").splitlines()]
    if error.hint:
        lines.append(f"hint: {error.hint}")
    return "\n".join(lines)


def kept_section(database: Database, handling: Handling) -> str:
    """Say how to open a kept database, and what the test had changed in it."""
    environ = {key: value for key, value in database.environ.items() if key != "PGPASSWORD"}
    line = " ".join(f"{key}={shlex.quote(value)}" for key, value in environ.items())
    changes = handling.changes or ("nothing" if handling.are_changes_known else "not known")
    return f"kept: {database.name}\nopen: {line} psql\nchanged: {changes}"


def changes_section(database: Database, handling: Handling) -> str:
    """Say what a failed test had changed in a database that was not kept."""
    return f"changed in {database.name}: {handling.changes}\nkeep it with --confiture-keep=failed"


def account(supply: Supply) -> dict[str, Any]:
    """Sum up what one process asked of its supply, as a worker can send it."""
    factory = supply.factory
    return {
        "server": f"PostgreSQL {_version(supply.server.version_num)}, {supply.server.source}",
        "files": sorted(supply.file_seconds.items(), key=lambda file: -file[1])[:_SLOWEST],
        "layers": [[template.layer.shown, template.build_s] for template in factory.templates],
        "origins": dict(factory.tally.origins),
        "kept": factory.tally.kept,
        "seconds": factory.tally.seconds,
        "handlings": [
            [h.shown, h.origin, h.taken_s, h.returned_s, h.outcome, h.changes]
            for h in factory.tally.handlings
        ],
    }


def summary(accounts: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Write the summary of all processes, line by line."""
    for server in dict.fromkeys(account["server"] for account in accounts):
        yield f"server: {server}"
    layers: dict[str, float | None] = {}
    for shown, build_s in (layer for account in accounts for layer in account["layers"]):
        layers[shown] = build_s if build_s is not None else layers.get(shown)
    for shown, build_s in layers.items():
        yield f"layer: {shown}, {'there' if build_s is None else f'built in {build_s:.2f} s'}"
    kept = sum(account["kept"] for account in accounts)
    if kept:
        yield f'kept: {kept}; "confiture db list" lists them, "confiture db drop" drops them'
    origins: Counter[str] = Counter()
    for account in accounts:
        origins.update(account["origins"])
    shown_origins = ", ".join(f"{number} {origin}" for origin, number in origins.most_common())
    seconds = sum(account["seconds"] for account in accounts)
    if origins:
        yield f"databases: {origins.total()} ({shown_origins}) in {seconds:.2f} s"


def timings(accounts: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Write what building and each database cost, line by line, the dearest first."""
    files = [file for account in accounts for file in account["files"]]
    for shown, seconds in sorted(files, key=lambda file: -file[1])[:_SLOWEST]:
        yield f"{seconds * 1000:7.1f} ms to run {shown}"
    handlings = [handling for account in accounts for handling in account["handlings"]]
    for shown, origin, taken_s, returned_s, outcome, changes in sorted(
        handlings, key=lambda handling: -(handling[2] + handling[3])
    ):
        cost = f"{taken_s * 1000:7.1f} ms {origin}, {returned_s * 1000:5.1f} ms {outcome}"
        yield f"{cost}  {shown}{f': {changes}' if changes else ''}"


def write_summary(reporter: pytest.TerminalReporter, accounts: Sequence[dict[str, Any]]) -> None:
    """Write the section of the terminal summary."""
    reporter.section("confiture")
    for line in summary(accounts):
        reporter.line(line)


def write_timings(reporter: pytest.TerminalReporter, accounts: Sequence[dict[str, Any]]) -> None:
    """Write the section that --confiture-timings asks for."""
    reporter.section("confiture timings")
    for line in timings(accounts):
        reporter.line(line)


def _version(number: int) -> str:
    return f"{number // 10000}.{number % 10000}"
