"""The supply of a test session: layers of its environments, and databases of them."""

from __future__ import annotations

import os
import time
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from confiture_core.config import find_root, load_environment
from confiture_core.errors import Unsupported
from confiture_core.factory.factory import Factory
from confiture_core.factory.failures import Failures
from confiture_core.factory.handlings import Handling, Tally
from confiture_core.factory.layers import Layer
from confiture_core.project import load_project, load_sql_files
from confiture_core.server.cache import outlines_directory
from pytest_confiture.database import Database

if TYPE_CHECKING:
    from pathlib import Path

    from confiture_core.builder.access import MissingRole
    from confiture_core.config import Environment
    from confiture_core.factory.databases import Connection
    from confiture_core.factory.handlings import Isolation
    from confiture_core.project import Project, SqlFile
    from confiture_core.server import Server
    from pytest_confiture.transaction import TransactionDatabase


class Wish(NamedTuple):
    """What database a test wants."""

    environment: Environment
    seeded: bool
    seeds: tuple[str, ...] = ()  # more files or folders, relative to the project
    isolation: str = "auto"


class Supply:
    """Databases for the tests of one process; each file is read once."""

    def __init__(
        self,
        server: Server,
        *,
        run_folder: Path | None = None,
        maintenance: Connection | None = None,
        in_detail: bool = False,
    ) -> None:
        self.server = server
        self.factory = Factory(
            server,
            failures=Failures(run_folder),
            maintenance=maintenance,
            tally=Tally(in_detail=in_detail),
        )
        self.file_seconds: dict[str, float] = {}  # of what was built
        self._projects: dict[Path, Project] = {}
        self._rolled_back: dict[str, list[TransactionDatabase]] = {}  # by digest
        self._in_transaction: dict[str, TransactionDatabase] = {}  # by name
        self._layers: dict[tuple[Path, bool, tuple[str, ...]], Layer] = {}

    def take(self, wish: Wish, *, shown: str) -> Database:
        """Hand out a database as wished for."""
        if wish.isolation == "transaction":
            return self._begin(self.layer(wish), shown=shown)
        isolation: Isolation = "database" if wish.isolation == "database" else "auto"
        return Database(self.factory.take(self.layer(wish), shown=shown, isolation=isolation))

    def give_back(self, database: Database, *, in_detail: bool) -> Handling:
        """Take a database back from its test."""
        in_transaction = self._in_transaction.pop(database.name, None)
        if in_transaction is not None:
            return self._end(in_transaction, in_detail=in_detail)
        leaks = database.close()
        handling = self.factory.give_back(database.clone, in_detail=in_detail)
        handling.leaks = (*leaks, *handling.leaks)
        return handling

    def keep(self, database: Database, *, shown: str) -> Handling:
        """Leave a database to whoever wants to look at it, with all that was committed."""
        in_transaction = self._in_transaction.pop(database.name, None)
        if in_transaction is not None and not in_transaction.commit():
            self.factory.give_back(database.clone)
            raise Unsupported(
                "the database is not kept: what the test did in its transaction cannot be committed"
            )
        database.close()
        return self.factory.keep(database.clone, shown=shown)

    def _begin(self, layer: Layer, *, shown: str) -> TransactionDatabase:
        start = time.perf_counter()
        ready = self._rolled_back.get(layer.digest, [])
        # A server that was restarted ended their sessions; the databases are dropped at the end.
        while ready and ready[-1].clone.is_cut_off:
            ready.pop()
        if ready:
            database = ready.pop()
        else:
            clone = self.factory.take(layer, shown='isolation "transaction"')
            # What is not committed, others would not see; what they wrote would stay.
            self.factory.close_to_others(clone)
            # Of no use to most runs.
            from pytest_confiture.transaction import TransactionDatabase

            database = TransactionDatabase(clone)
        database.begin()
        self._in_transaction[database.name] = database
        taken_s = time.perf_counter() - start
        database.handling = Handling(shown=shown, origin="handed on", taken_s=taken_s)
        return database

    def _end(self, database: TransactionDatabase, *, in_detail: bool) -> Handling:
        start = time.perf_counter()
        if not (database.end() and self.factory.is_rolled_back(database.clone)):
            return self.factory.give_back(database.clone, in_detail=in_detail)
        digest = database.clone.template.layer.digest
        self._rolled_back.setdefault(digest, []).append(database)
        handling = database.handling
        handling.outcome = "rolled back"
        handling.returned_s = time.perf_counter() - start
        self.factory.tally.note_taken(handling)
        self.factory.tally.note_returned(handling)
        return handling

    def layer(self, wish: Wish) -> Layer:
        """Give the layer of a wish: the schema, the environment's seeds, further seeds."""
        key = (wish.environment.path, wish.seeded, wish.seeds)
        if key not in self._layers:
            self._layers[key] = self._compose(wish)
        return self._layers[key]

    def _compose(self, wish: Wish) -> Layer:
        environment = wish.environment
        project = self._project(environment)
        layer = self._layer("schema", project.schema_files, environment, None)
        if wish.seeded and project.seed_files:
            layer = self._layer("seeds", project.seed_files, environment, layer)
        if wish.seeds:
            paths = [environment.root / seed for seed in wish.seeds]
            files = load_sql_files(paths, root=environment.root)
            layer = self._layer("more seeds", files, environment, layer)
        return layer

    def _project(self, environment: Environment) -> Project:
        if environment.path not in self._projects:
            self._projects[environment.path] = load_project(environment)
        return self._projects[environment.path]

    def _layer(
        self,
        kind: str,
        files: tuple[SqlFile, ...],
        environment: Environment,
        parent: Layer | None,
    ) -> Layer:
        # Roles belong to the whole server: on one of ours they are made as they are named.
        on_missing_role: MissingRole = "create" if self.server.is_ephemeral else "refuse"
        return Layer(
            kind=kind,
            contents=tuple(file.digest for file in files),
            parent=parent,
            build=partial(self._build, files=files, on_missing_role=on_missing_role),
            shown=f"{kind} ({environment.root.name}, {environment.name})",
        )

    def _build(
        self, connection: Connection, *, files: tuple[SqlFile, ...], on_missing_role: MissingRole
    ) -> None:
        # Where the server has the layer, a run needs neither the builder nor the parser under it.
        from confiture_core.builder.runner import run_files

        def note(file: SqlFile, seconds: float) -> None:
            self.file_seconds[file.shown] = seconds

        run_files(connection, files, on_missing_role=on_missing_role, on_file=note)

    def close(self) -> None:
        """Drop what is left."""
        self.factory.close()


def test_environment(root: Path, name: str | None) -> Environment:
    """Load the environment named, else `test` if the project has one, else `local`."""
    return load_environment(
        env=name or _default_name(root),
        directory=root,
        outlines=outlines_directory(os.environ),
    )


def _default_name(root: Path) -> str | None:
    has_test = (find_root(root) / "db" / "environments" / "test.yaml").is_file()
    return "test" if has_test else None
