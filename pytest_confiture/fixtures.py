"""The fixtures. Each makes one decision, and a project may override it."""

from __future__ import annotations

import os
import warnings
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from pytest_confiture import LeakWarning
from pytest_confiture.options import ISOLATIONS, KEEP, choice, flag, option
from pytest_confiture.report import changes_section, kept_section, shown_error
from pytest_confiture.state import STATE, TEST, TestState

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from confiture_core.config import Environment
    from confiture_core.server import Server
    from pytest_confiture.database import Database
    from pytest_confiture.supply import Supply, Wish

MARKER_KEYS = ("env", "seeds", "schema_only", "isolation")


class MakeDatabase(Protocol):
    """What `confiture_database` is: a database for the length of a `with` block."""

    def __call__(
        self,
        *,
        project: Path | str | None = None,
        env: str | None = None,
        seeds: str | Sequence[str] = (),
        schema_only: bool = False,
        isolation: str | None = None,
    ) -> AbstractContextManager[Database]:
        """Make a database: schema, seeds of the environment unless schema_only, more seeds."""


@pytest.fixture(scope="session")
def confiture_server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """Give the PostgreSQL server on which the test databases are made."""
    from pytest_confiture.servers import fixture_server, maintenance_ahead, session_server

    name = request.config.getini("confiture_postgresql_fixture")
    with ExitStack() as stack:
        with _shown_as_failure():
            server = stack.enter_context(
                fixture_server(request.getfixturevalue(name), name)
                if name
                else session_server(request.config)
            )
        yield server
        unused = maintenance_ahead(request.config, server)
        if unused is not None:
            unused.close()


@pytest.fixture(scope="session")
def confiture_environment(request: pytest.FixtureRequest) -> Environment:
    """Give the environment the test databases are built from."""
    from pytest_confiture.supply import test_environment

    with _shown_as_failure():
        return test_environment(request.config.rootpath, option(request.config, "env"))


@pytest.fixture(scope="session")
def _confiture_supply(request: pytest.FixtureRequest, confiture_server: Server) -> Iterator[Supply]:
    from pytest_confiture.servers import maintenance_ahead, run_folder
    from pytest_confiture.supply import Supply

    with _shown_as_failure():
        supply = Supply(
            confiture_server,
            run_folder=run_folder(request.config),
            maintenance=maintenance_ahead(request.config, confiture_server),
            in_detail=flag(request.config, "timings"),
        )
    request.config.stash[STATE].supply = supply
    yield supply
    supply.close()


@pytest.fixture(scope="session")
def confiture_database(
    request: pytest.FixtureRequest, _confiture_supply: Supply, confiture_environment: Environment
) -> MakeDatabase:
    """Make further databases: of other environments or projects, for a module or the session."""

    @contextmanager
    def make(
        *,
        project: Path | str | None = None,
        env: str | None = None,
        seeds: str | Sequence[str] = (),
        schema_only: bool = False,
        isolation: str | None = None,
    ) -> Iterator[Database]:
        with _shown_as_failure():
            environment = _environment(request.config, confiture_environment, project, env)
            wish = _wish(
                request.config,
                environment,
                seeded=not schema_only,
                seeds=seeds,
                isolation=isolation,
            )
        with _database(request.config, None, _confiture_supply, wish) as database:
            yield database

    return make


@pytest.fixture
def confiture_db(
    request: pytest.FixtureRequest, _confiture_supply: Supply, confiture_environment: Environment
) -> Iterator[Database]:
    """Give the test a database of its own with the schema of `db/schema`, and no rows."""
    wish = _marked_wish(request, confiture_environment, seeded=False)
    with _database(request.config, request.node, _confiture_supply, wish) as database:
        yield database


@pytest.fixture
def seeded_db(
    request: pytest.FixtureRequest, _confiture_supply: Supply, confiture_environment: Environment
) -> Iterator[Database]:
    """Give the test a database of its own with the schema and the environment's seeds."""
    wish = _marked_wish(request, confiture_environment, seeded=True)
    with _database(request.config, request.node, _confiture_supply, wish) as database:
        yield database


@contextmanager
def _database(
    config: pytest.Config, node: pytest.Item | None, supply: Supply, wish: Wish
) -> Iterator[Database]:
    with _shown_as_failure():
        database = supply.take(wish, shown=node.nodeid if node else "confiture_database")
    try:
        with _exported(database if flag(config, "export_pg") else None):
            yield database
    finally:
        with _shown_as_failure():
            _bring_back(config, node, supply, database)


def _bring_back(
    config: pytest.Config, node: pytest.Item | None, supply: Supply, database: Database
) -> None:
    keep = choice(config, "keep", KEEP)
    test = node.stash.get(TEST, None) if node else None
    has_failed = test is not None and test.has_failed
    if keep == "all" or (keep == "failed" and has_failed):
        _report(node, _keep(supply, database, shown=node.nodeid if node else ""))
        return
    in_detail = has_failed or flag(config, "timings")
    handling = supply.give_back(database, in_detail=in_detail)
    if has_failed and handling.changes:
        _report(node, changes_section(database, handling))
    for leak in handling.leaks:
        _warn(leak, node)


def _report(node: pytest.Item | None, section: str) -> None:
    if node is not None:
        node.stash.setdefault(TEST, TestState()).sections.append(section)


def _keep(supply: Supply, database: Database, *, shown: str) -> str:
    """Keep a database; give what the report says of it, also where it cannot be kept."""
    from confiture_core.errors import ConfitureError

    try:
        return kept_section(database, supply.keep(database, shown=shown))
    except ConfitureError as exc:
        return shown_error(exc)


def _warn(leak: str, node: pytest.Item | None) -> None:
    if node is None:
        warnings.warn(leak, LeakWarning, stacklevel=2)
        return
    path, line, _ = node.reportinfo()
    warnings.warn_explicit(leak, LeakWarning, str(path), (line or 0) + 1)


@contextmanager
def _exported(database: Database | None) -> Iterator[None]:
    if database is None:
        yield
        return
    before = {name: os.environ.get(name) for name in (*database.environ, "PGPASSWORD")}
    os.environ.update(database.environ)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _marked_wish(request: pytest.FixtureRequest, environment: Environment, *, seeded: bool) -> Wish:
    marks = _marker_arguments(request.node)
    with _shown_as_failure():
        return _wish(
            request.config,
            _environment(request.config, environment, None, marks.get("env")),
            seeded=seeded and not marks.get("schema_only", False),
            seeds=marks.get("seeds", ()),
            isolation=marks.get("isolation"),
        )


def _marker_arguments(node: pytest.Item) -> dict[str, Any]:
    """Join the markers of a test, its class and its module; the nearest one wins."""
    arguments: dict[str, Any] = {}
    for marker in node.iter_markers("confiture"):
        unknown = [key for key in marker.kwargs if key not in MARKER_KEYS]
        if marker.args or unknown:
            wrong = unknown[0] if unknown else repr(marker.args[0])
            pytest.fail(
                f"@pytest.mark.confiture knows {', '.join(MARKER_KEYS)}, not {wrong}",
                pytrace=False,
            )
        arguments = {**marker.kwargs, **arguments}
    return arguments


def _environment(
    config: pytest.Config, default: Environment, project: Path | str | None, env: str | None
) -> Environment:
    from pytest_confiture.supply import test_environment

    if project is None and env is None:
        return default
    root = default.root if project is None else config.rootpath / project
    return test_environment(root, env or option(config, "env"))


def _wish(
    config: pytest.Config,
    environment: Environment,
    *,
    seeded: bool,
    seeds: str | Sequence[str],
    isolation: str | None,
) -> Wish:
    from pytest_confiture.supply import Wish

    chosen = isolation or choice(config, "isolation", ISOLATIONS) or "auto"
    if chosen not in ISOLATIONS:
        pytest.fail(f'isolation "{chosen}" is none of {", ".join(ISOLATIONS)}', pytrace=False)
    return Wish(
        environment=environment,
        seeded=seeded,
        seeds=(seeds,) if isinstance(seeds, str) else tuple(seeds),
        isolation=chosen,
    )


@contextmanager
def _shown_as_failure() -> Iterator[None]:
    """Turn an error with a place and a way out into a failure that shows these alone."""
    from confiture_core.errors import ConfitureError

    try:
        yield
    except ConfitureError as exc:
        raise pytest.fail.Exception(shown_error(exc), pytrace=False) from None
