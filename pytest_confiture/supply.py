"""The supply of a test session: layers of its environments, and databases of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from confiture_core.config import find_root, load_environment
from confiture_core.factory.factory import Factory
from confiture_core.factory.layers import Layer
from confiture_core.project import load_project, load_sql_files

if TYPE_CHECKING:
    from pathlib import Path

    from confiture_core.builder import MissingRole
    from confiture_core.config import Environment
    from confiture_core.factory.clones import Clone
    from confiture_core.factory.databases import Connection
    from confiture_core.factory.factory import Isolation
    from confiture_core.project import Project, SqlFile
    from confiture_core.server import Server


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What database a test wants."""

    environment: Environment
    seeded: bool
    seeds: tuple[str, ...] = ()  # more files or folders, relative to the project
    isolation: str = "auto"


class Supply:
    """Databases for the tests of one process; each file is read once."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.factory = Factory(server)
        self._projects: dict[Path, Project] = {}
        self._layers: dict[tuple[Path, bool, tuple[str, ...]], Layer] = {}

    def take(self, wish: Wish, *, shown: str) -> Clone:
        """Hand out a database as wished for."""
        isolation: Isolation = "database" if wish.isolation == "database" else "auto"
        return self.factory.take(self.layer(wish), shown=shown, isolation=isolation)

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
            build=partial(_build, files=files, on_missing_role=on_missing_role),
            shown=f"{kind} ({environment.root.name}, {environment.name})",
        )

    def close(self) -> None:
        """Drop what is left."""
        self.factory.close()


def test_environment(root: Path, name: str | None) -> Environment:
    """Load the environment named, else `test` if the project has one, else `local`."""
    return load_environment(env=name or _default_name(root), directory=root)


def _default_name(root: Path) -> str | None:
    has_test = (find_root(root) / "db" / "environments" / "test.yaml").is_file()
    return "test" if has_test else None


def _build(
    connection: Connection, *, files: tuple[SqlFile, ...], on_missing_role: MissingRole
) -> None:
    # Where the server has the layer, a run needs neither the builder nor the parser under it.
    from confiture_core.builder import run_files

    run_files(connection, files, on_missing_role=on_missing_role)
