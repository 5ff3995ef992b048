"""Migrations as collected files: an item for each of them and each law.

Registered as a plugin of its own by `--confiture-verify-migrations`. The node ids are those of
files and laws: `db/migrations/002_add_user_bio.py::down-leaves-no-trace`; `parity`, which is
about all migrations together, is an item of the last one.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from _pytest.fixtures import TopRequest

from pytest_confiture.options import option
from pytest_confiture.report import shown_error
from pytest_confiture.verification import SEEN, Verification

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from pathlib import Path

    from confiture_core.config import Environment
    from confiture_core.migrations.loader import MigrationFile
    from confiture_core.server import Server
    from confiture_core.verify.finding import Law, Verdict
    from confiture_core.verify.locks import Budget
    from confiture_core.verify.memory import Store

REPORTED = "confiture"  # the names of user properties
_CACHED = "confiture_cached"
_ANEWS = "cached: nothing they depend on has changed; --cache-clear verifies them anew"
_ANEW = "cached: nothing it depends on has changed; --cache-clear verifies it anew"


class BrokenLaw(Exception):
    """A law that does not hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Project:
    """What is verified."""

    environment: Environment
    migrations: tuple[MigrationFile, ...]
    by_path: dict[Path, MigrationFile]
    has_schema: bool


_RANGES = "confiture_ranges"
_PROJECT = pytest.StashKey[_Project]()
_VERIFICATION = pytest.StashKey[Verification]()


def pytest_configure(config: pytest.Config) -> None:
    """Load the migrations, and see to it that their directory is collected."""
    from confiture_core.errors import ConfitureError

    try:
        project = _load(config)
    except ConfitureError as exc:
        raise pytest.UsageError(shown_error(exc)) from None
    config.stash[_PROJECT] = project
    verification = Verification(config)
    config.stash[_VERIFICATION] = verification
    config.pluginmanager.register(verification, "confiture-verification")
    if config.args_source != pytest.Config.ArgsSource.ARGS:
        config.args.append(str(project.environment.migrations_dir))


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(
    file_path: Path, parent: pytest.Collector
) -> Generator[None, list[Any], list[Any]]:
    """Collect migrations; as a Python module none of them is a test."""
    found = yield
    project = parent.config.stash[_PROJECT]
    migration = project.by_path.get(file_path.resolve())
    if migration is None:
        return found
    others = [each for each in found if not isinstance(each, pytest.Module)]
    if file_path.resolve() != migration.path:
        return others
    return [*others, MigrationNode.from_parent(parent, path=file_path)]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give workers ranges of migrations, unless another way to share was asked for."""
    if config.getvalue("dist") != "load":
        return None
    from pytest_confiture.ranges import RangeScheduling

    by_path = config.stash[_PROJECT].by_path
    return RangeScheduling(config, log, lambda path: (config.rootpath / path).resolve() in by_path)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker whether it gets ranges."""
    node.workerinput[_RANGES] = node.config.getvalue("dist") == "load"


class MigrationNode(pytest.File):
    """A migration: one node for its file, or for the .up.sql of its pair."""

    def collect(self) -> Iterable[LawItem]:
        """Give an item for each law."""
        from confiture_core.verify.finding import LAWS

        project = self.config.stash[_PROJECT]
        migration = project.by_path[self.path.resolve()]
        laws: list[Law] = list(LAWS)
        if migration is project.migrations[-1] and project.has_schema:
            laws.append("parity")
        for law in laws:
            yield LawItem.from_parent(self, name=law, law=law, migration=migration)


class LawItem(pytest.Item):
    """One law of one migration."""

    def __init__(self, *, law: Law, migration: MigrationFile, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.law: Law = law
        self.migration = migration
        self._initialise_request()

    def _initialise_request(self) -> None:
        # As pytest's own doctests do it: no fixture is asked for by name, only from the request.
        self.funcargs: dict[str, object] = {}
        self._fixtureinfo = self.session._fixturemanager.getfixtureinfo(
            node=self, func=None, cls=None
        )
        self.fixturenames = self._fixtureinfo.names_closure
        self._request = TopRequest(self, _ispytest=True)  # type: ignore[arg-type]

    def setup(self) -> None:
        """Have the database that goes through the migrations."""
        self.funcargs["_confiture_verifier"] = self._request.getfixturevalue("_confiture_verifier")

    def runtest(self) -> None:
        """Fail if the law does not hold."""
        from confiture_core.verify.text import render_verdict, reported

        verifier = self.funcargs["_confiture_verifier"]
        assert isinstance(verifier, Verifier)
        verdict = verifier.verdict(self.law, self.migration)
        self.stash[SEEN] = verifier.facts(self.migration, verdict)
        if verdict.not_applicable is not None:
            pytest.skip(verdict.not_applicable)
        broken = verdict.unreachable
        if broken is not None and verifier.is_shown_elsewhere(self.session):
            pytest.skip(broken.message)
        for line in reported(verdict):
            self.user_properties.append((REPORTED, line))
        if verdict.is_cached:
            self.user_properties.append((_CACHED, self.migration.label))
        if not verdict.holds:
            text = render_verdict(verdict)
            raise BrokenLaw(f"{text}\n{_ANEW}" if verdict.is_cached else text)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show findings and errors of ours as their text, anything else as pytest does."""
        from confiture_core.errors import ConfitureError

        if isinstance(excinfo.value, BrokenLaw):
            return str(excinfo.value)
        if isinstance(excinfo.value, ConfitureError):
            return shown_error(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Give the place and the title of a report."""
        return self.path, 0, f"{self.migration.label} {self.law}"


class Verifier:
    """The verdicts of a session; each migration is gone through once."""

    def __init__(
        self,
        server: Server,
        project: _Project,
        wanted: list[set[str]],
        store: Store,
        budget: Budget,
        stack: ExitStack,
    ) -> None:
        from confiture_core.factory.shadows import shadows
        from confiture_core.verify.chain import Chain
        from confiture_core.verify.checkpoints import Checkpoints
        from confiture_core.verify.memory import Memory
        from confiture_core.verify.report import server_words
        from confiture_core.verify.run import seeds_digest, seeds_of

        more = f"{budget!r} {seeds_digest(project.environment)}"
        self._memory = Memory(store, project.migrations, server=str(server.version_num), more=more)
        self._project = project
        self._budget = budget
        self._server = server_words(server)
        self._facts: dict[str, dict[str, Any]] = {}  # that no item has sent along yet
        self._shadows = stack.enter_context(shadows(server))
        self._wanted = wanted
        seeds = seeds_of(project.environment)
        checkpoints = Checkpoints(server, project.migrations) if self._memory.lasts else None
        self._chain = Chain(
            self._shadows,
            project.migrations,
            wanted=(),
            seeds=seeds,
            checkpoints=checkpoints,
        )
        stack.callback(self._chain.close)
        self._verdicts: dict[tuple[Law, str], Verdict] = {}

    def verdict(self, law: Law, migration: MigrationFile) -> Verdict:
        """Say what a law says of a migration."""
        from confiture_core.verify.laws import verdicts
        from confiture_core.verify.parity import parity
        from confiture_core.verify.report import migration_facts

        if law == "parity":
            return parity(
                self._project.environment, self._chain, self._shadows, last=migration.label
            )
        if (law, migration.label) not in self._verdicts:
            found = self._memory.recall(migration.label)
            facts = self._memory.facts(migration.label) if found else None
            if found is None or facts is None:
                self._want_with(migration)
                seen = self._chain.see(migration)
                found, facts = verdicts(seen, self._budget), migration_facts(seen)
                self._memory.remember(migration.label, found, facts)
            self._facts[migration.label] = facts
            for each, verdict in found.items():
                self._verdicts[each, migration.label] = verdict
        return self._verdicts[law, migration.label]

    def facts(self, migration: MigrationFile, verdict: Verdict) -> dict[str, Any]:
        """Give what an item sends along: what was seen, once, and what its law says of it."""
        from confiture_core.verify.report import verdict_facts

        return {
            "server": self._server,
            "migration": self._facts.pop(migration.label, None),
            "verdict": verdict_facts(verdict),
        }

    def _want_with(self, migration: MigrationFile) -> None:
        """Have those walked, too, that are asked for together with one and not remembered."""
        for together in self._wanted:
            if migration.label in together:
                self._chain.want({each for each in together if not self._memory.recall(each)})
                together.clear()

    def is_shown_elsewhere(self, session: pytest.Session) -> bool:
        """Tell whether the migration that is in the way fails by an item of its own."""
        return any(
            isinstance(item, LawItem) and item.law == "up" and item.migration is self._chain.broken
            for item in session.items
        )


@pytest.fixture(scope="session")
def _confiture_verifier(
    request: pytest.FixtureRequest, confiture_server: Server
) -> Iterator[Verifier]:
    with ExitStack() as stack:
        project = request.config.stash[_PROJECT]
        together = _verified_together(request.session)
        budget, store = request.config.stash[_VERIFICATION].budget, _store(request.config)
        yield Verifier(confiture_server, project, together, store, budget, stack)


class _PytestCache:
    """Keeps verdicts where pytest keeps what it knows of the last run."""

    def __init__(self, cache: pytest.Cache) -> None:
        self._cache = cache

    def get(self, name: str) -> Any:
        return self._cache.get(f"confiture/verdicts/{name}", None)

    def set(self, name: str, value: Any) -> None:
        self._cache.set(f"confiture/verdicts/{name}", value)


def _store(config: pytest.Config) -> Store:
    from confiture_core.verify.memory import Nowhere

    cache = getattr(config, "cache", None)  # not there with -p no:cacheprovider
    return Nowhere() if cache is None else _PytestCache(cache)


def _verified_together(session: pytest.Session) -> list[set[str]]:
    """Give the sets of migrations of which whoever is asked for one is asked for all."""
    labels = [item.migration.label for item in session.items if isinstance(item, LawItem)]
    workerinput = getattr(session.config, "workerinput", None)
    if workerinput is None:
        return [set(labels)]
    if not workerinput[_RANGES]:
        return []
    from pytest_confiture.ranges import ranges_of

    together: dict[int, set[str]] = {}
    ranges = ranges_of(list(dict.fromkeys(labels)), workers=workerinput["workercount"])
    for label, number in ranges.items():
        together.setdefault(number, set()).add(label)
    return list(together.values())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was found that breaks nothing."""
    lines = _property_values(terminalreporter, REPORTED)
    cached = _property_values(terminalreporter, _CACHED)
    if cached:
        lines.append(f"{len(cached)} migration(s) {_ANEWS}")
    if lines and terminalreporter.verbosity >= 0:
        terminalreporter.section("confiture migrations")
        for line in lines:
            terminalreporter.line(line)


def _property_values(terminalreporter: pytest.TerminalReporter, wanted: str) -> list[str]:
    values = [
        str(value)
        for reports in terminalreporter.stats.values()
        for report in reports
        if isinstance(report, pytest.TestReport) and report.when == "call"
        for name, value in report.user_properties
        if name == wanted
    ]
    return list(dict.fromkeys(values))


def _load(config: pytest.Config) -> _Project:
    from confiture_core.migrations.loader import load_migrations
    from confiture_core.project import has_schema
    from pytest_confiture.supply import test_environment

    environment = test_environment(config.rootpath, option(config, "env"))
    migrations = load_migrations(environment.migrations_dir, root=environment.root)
    chosen = _chosen(config, migrations, environment.migrations_dir)
    by_path = {
        path.resolve(): migration
        for migration in chosen
        for path in (migration.path, migration.down_path)
        if path is not None
    }
    return _Project(
        environment=environment,
        migrations=migrations,
        by_path=by_path,
        has_schema=has_schema(environment),
    )


def _chosen(
    config: pytest.Config, migrations: tuple[MigrationFile, ...], directory: Path
) -> tuple[MigrationFile, ...]:
    from confiture_core.verify.choice import HEAD, changed_since, last_of

    extent, since = option(config, "verify_migrations") or "all", option(config, "since")
    if since is not None or extent == "changed":
        migrations = changed_since(since or HEAD, migrations, directory)
    return last_of(migrations, int(extent)) if extent.isdigit() else migrations
