"""The project a command is called in, and its databases."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from confiture_core.errors import ConfigError

if TYPE_CHECKING:
    from confiture_core.config import Environment
    from confiture_core.migrations.loader import MigrationFile


def environment_of(env: str | None, config: str | None) -> Environment:
    """Load the environment that the options name, or the default."""
    from confiture_core.config import load_environment
    from confiture_core.server.cache import outlines_directory

    return load_environment(
        env=env,
        config=Path(config) if config else None,
        directory=Path.cwd(),
        outlines=outlines_directory(os.environ),
    )


def environment_if_any(env: str | None, config: str | None) -> Environment | None:
    """Load the environment; none where no project is and no environment is named."""
    from confiture_core.config import find_root

    if env is None and config is None:
        try:
            find_root(Path.cwd())
        except ConfigError:
            return None
    return environment_of(env, config)


def migrations_dir_of(option: str | None, environment: Environment | None) -> Path:
    """Return where migrations are: as the option says, else in the project."""
    if option is not None:
        return Path.cwd() / option
    if environment is None:
        raise ConfigError(
            "there is no project here to keep migrations in",
            hint='name a directory with --migrations-dir, or start a project with "confiture init"',
        )
    return environment.migrations_dir


def migrations_in(directory: Path, environment: Environment) -> tuple[MigrationFile, ...]:
    """Load the migrations of a directory, and say which files there are none."""
    from confiture import render
    from confiture_core.migrations.loader import read_directory

    found = read_directory(directory, root=environment.root)
    for stray in found.strays:
        render.talk(f"note: {stray.shown}: {stray.message}")
    hint = next((stray.hint for stray in found.strays if stray.hint), None)
    if hint and not found.migrations:
        render.talk(f"  {hint}")
    return found.sound()


def shown(path: Path) -> str:
    """Write a path as seen from where the user is."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
