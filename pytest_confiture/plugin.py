"""The hooks pytest loads.

Nothing here, nor in what this imports, imports psycopg or pglast: a run that uses no fixture of
ours pays for neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pytest_confiture import report
from pytest_confiture.fixtures import (
    _confiture_supply,
    confiture_database,
    confiture_db,
    confiture_environment,
    confiture_server,
    seeded_db,
)
from pytest_confiture.options import ISOLATIONS, KEEP, add_options, choice, flag, option
from pytest_confiture.servers import WORKER_INPUT, Desk, named_by
from pytest_confiture.state import STATE, TEST, State, TestState

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = [
    "_confiture_supply",
    "confiture_database",
    "confiture_db",
    "confiture_environment",
    "confiture_server",
    "seeded_db",
]

_OUTPUT = "confiture_account"
_MARKER = (
    "confiture(env, seeds, schema_only, isolation): what the databases of a test are made of: "
    "the environment, more seed files, no seeds at all; and how they are brought back: auto, "
    "database, transaction"
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options."""
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker, check the settings, and collect migrations if asked to."""
    config.addinivalue_line("markers", _MARKER)
    config.stash[STATE] = State()
    choice(config, "keep", KEEP)
    choice(config, "isolation", ISOLATIONS)
    if option(config, "verify_migrations") or option(config, "since"):
        from pytest_confiture import items

        config.pluginmanager.register(items, "confiture-items")


def pytest_report_header(config: pytest.Config) -> str | None:
    """Name the environments and the server, where the project has any; neither is looked at yet."""
    folder = config.rootpath / "db" / "environments"
    if not folder.is_dir():
        return None
    environment = option(config, "env") or ("test" if (folder / "test.yaml").is_file() else "local")
    return f"confiture: environment {environment}, server {named_by(config)}"


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server that the workers shared."""
    state = config.stash.get(STATE, None)
    if state is not None and state.desk is not None:
        state.desk.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note that a test failed; add what there is to say of its databases."""
    made = yield
    # Of most tests there is nothing to note: all of them are kept until the end.
    if made.failed:
        item.stash.setdefault(TEST, TestState()).has_failed = True
    test = item.stash.get(TEST, None)
    if test is not None and made.when == "teardown":
        made.sections.extend((report.TEARDOWN_SECTION, text) for text in test.sections)
    return made


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Send what this process asked of its supply to the one that reports it."""
    state = session.config.stash[STATE]
    if state.supply is not None:
        account = report.account(state.supply)
        state.accounts.append(account)
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[_OUTPUT] = account


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was built and what the databases cost."""
    config = terminalreporter.config
    accounts = config.stash[STATE].accounts
    if not accounts:
        return
    if terminalreporter.verbosity >= 0:
        report.write_summary(terminalreporter, accounts)
    if flag(config, "timings"):
        report.write_timings(terminalreporter, accounts)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist where to ask for the server."""
    state = node.config.stash[STATE]
    if state.desk is None:
        state.desk = Desk(node.config)
    node.workerinput[WORKER_INPUT] = state.desk.address


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Receive what a worker of pytest-xdist asked of its supply."""
    account = getattr(node, "workeroutput", {}).get(_OUTPUT)
    if account is not None:
        node.config.stash[STATE].accounts.append(account)
