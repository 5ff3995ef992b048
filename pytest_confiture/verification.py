"""What all items of a verification have seen together: the report, and the summary of locks.

Registered together with the items. A worker's items send their facts along with their reports,
so whoever writes has those of all workers.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_confiture.options import flag, option
from pytest_confiture.report import shown_error

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from confiture_core.verify.locks import Budget

    Facts = dict[str, Any]

SEEN = pytest.StashKey["Facts"]()  # of an item: what it has to tell
_ATTRIBUTE = "confiture_seen"  # of its report
_SHOWN = 10  # rewrites


class Verification:
    """Gathers the facts of a run, and writes them at its end."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self.budget = _budget(config)
        self.path = _report_path(config)
        self._migrations: dict[str, Facts] = {}
        self._verdicts: dict[tuple[str, str], Facts] = {}
        self._server: str | None = None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Send along what the item has seen."""
        made = yield
        if made.when == "call" and SEEN in item.stash:
            # As text: pytest-xdist takes much longer over objects on their way from a worker.
            setattr(made, _ATTRIBUTE, json.dumps(item.stash[SEEN]))
        return made

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what an item has sent."""
        sent: str | None = getattr(report, _ATTRIBUTE, None)
        if sent is None:
            return
        seen: Facts = json.loads(sent)
        self._server = seen["server"]
        migration, verdict = seen["migration"], seen["verdict"]
        if migration is not None:
            self._migrations[migration["migration"]] = migration
        self._verdicts[verdict["migration"], verdict["law"]] = verdict

    def pytest_sessionfinish(self) -> None:
        """Write the report, unless this is a worker."""
        if self.path is None or hasattr(self._config, "workerinput"):
            return
        from confiture_core.verify.report import report_of, write_report

        report = report_of(
            self._in_order(),
            [verdict for _, verdict in sorted(self._verdicts.items(), key=_by_law)],
            server=self._server,
            budget=self.budget,
        )
        write_report(self.path, report)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what is locked and rewritten, and where the report is."""
        if terminalreporter.verbosity < 0:
            return
        lines = list(_locks(self._in_order(), is_verbose=terminalreporter.verbosity > 0))
        if self.path is not None:
            lines.append(f"report: {self.path}")
        if lines:
            terminalreporter.section("confiture locks")
            for line in lines:
                terminalreporter.line(line)

    def _in_order(self) -> list[Facts]:
        from confiture_core.migrations.versions import sort_key

        return sorted(self._migrations.values(), key=lambda one: sort_key(one["version"]))


def _by_law(item: tuple[tuple[str, str], Facts]) -> int:
    from confiture_core.verify.finding import LAWS

    laws: list[str] = [*LAWS, "parity"]
    return laws.index(item[0][1])


def _budget(config: pytest.Config) -> Budget:
    from confiture_core.errors import ConfitureError
    from confiture_core.verify.locks import budget_of

    try:
        return budget_of(option(config, "max_lock"), forbid_rewrite=flag(config, "forbid_rewrite"))
    except ConfitureError as exc:
        raise pytest.UsageError(f"confiture_max_lock: {shown_error(exc)}") from None


def _report_path(config: pytest.Config) -> Path | None:
    from confiture_core.errors import ConfitureError
    from confiture_core.verify.report import check_report_file

    named = option(config, "report")
    if named is None:
        return None
    path = config.invocation_params.dir / Path(named)
    try:
        check_report_file(path)
    except ConfitureError as exc:
        raise pytest.UsageError(f"confiture_report: {shown_error(exc)}") from None
    return path


def _locks(migrations: list[Facts], *, is_verbose: bool) -> Iterator[str]:
    """Count the migrations by their strongest lock, and list what is rewritten."""
    from confiture_core.tracing.trace import LEVELS, rank

    strongest: Counter[str] = Counter()
    rewrites: list[str] = []
    for migration in migrations:
        statements = migration["statements"]
        levels = [lock["level"] for one in statements for lock in one["locks"] or ()]
        if levels:
            strongest[max(levels, key=rank)] += 1
        for one in statements:
            place = one["path"] if one["line"] is None else f"{one['path']}:{one['line']}"
            rewrites += [f"{place}: rewrites {relation}" for relation in one["rewritten"]]
            if is_verbose and one["summary"]:
                yield f"{place}: {one['summary']}"
    for level in reversed(LEVELS):
        if strongest[level]:
            yield f"{level}: the strongest lock of {strongest[level]} migration(s)"
    if not is_verbose:
        yield from rewrites[:_SHOWN]
        if len(rewrites) > _SHOWN:
            yield f"and {len(rewrites) - _SHOWN} more: -v lists them"
