"""Environments: the files db/environments/<name>.yaml.

Everything is checked when the file is loaded except the values of `database`: a command that
connects to no database of the environment must work where `${DB_HOST}` is not set.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from confiture_core.config.blocks import Block, parse_block
from confiture_core.config.database import DatabaseSettings, url_database
from confiture_core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DEFAULT_ENVIRONMENT = "local"
OLDEST_VERSION = 12  # of the servers that confiture works with

_VERSION = re.compile(r"(\d+)(?:\.\d+)?")  # 15.4 is a 15

_KEYS = (
    "name",
    "includes",
    "include_dirs",
    "database",
    "protected",
    "lock_timeout",
    "statement_timeout",
    "schema_dir",
    "migrations_dir",
    "history_table",
    "postgres_version",
)
_DATABASE_KEYS = ("host", "port", "database", "user", "password", "url")


class Environment(NamedTuple):
    """One environment of a project: what it is built from, and where its database is."""

    name: str
    path: Path
    root: Path  # the project: the folder that holds db/
    includes: tuple[Path, ...]  # absolute, in the order given
    database: DatabaseSettings | None
    protected: bool
    schema_dir: Path
    migrations_dir: Path
    lock_timeout_s: float = 5.0
    statement_timeout_s: float | None = None
    history_table: str | None = None  # "ops.migrations", instead of public.confiture_migrations
    postgres_version: int | None = None  # what migrations have to run on: 15

    @property
    def shown(self) -> str:
        """The file's name as errors give it."""
        return _shown(self.path, self.root)


def load_environment(
    *,
    env: str | None = None,
    config: Path | None = None,
    directory: Path,
    environ: Mapping[str, str] | None = None,
    outlines: Path | None = None,
) -> Environment:
    """Load the environment named, or that of a file, or "local".

    `directory` is where the search for the project starts, and what a relative `config` is
    relative to; `outlines` is a folder in which outlines of the files may be kept.
    """
    if env is not None and config is not None:
        raise ConfigError("an environment and a configuration file are both given: name one")
    if config is not None:
        path = (directory / config).parent.resolve() / config.name
        root = _root_of(path.parent)
    else:
        root = find_root(directory)
        path = _environment_file(root, env or DEFAULT_ENVIRONMENT)
    shown = _shown(path, root)
    text = _read(path, shown, root)
    environ = os.environ if environ is None else environ
    block = parse_block(text, shown=shown, environ=environ, outlines=outlines)
    return _environment(block, path=path, root=root)


def find_root(directory: Path) -> Path:
    """Find the project a directory is in: the nearest folder upwards that holds db/."""
    start = directory.resolve()
    for mark in ("db/environments", "db/schema", "db/migrations"):
        for folder in (start, *start.parents):
            if (folder / mark).is_dir():
                return folder
    raise ConfigError(
        f'no project found in "{directory}" or above it: there is no db/environments',
        hint='start one with "confiture init"',
    )


def _root_of(folder: Path) -> Path:
    if folder.name == "environments" and folder.parent.name == "db":
        return folder.parent.parent
    return find_root(folder)


def _environment_file(root: Path, env: str) -> Path:
    if Path(env).name != env or not env:
        raise ConfigError(
            f'"{env}" is not the name of an environment', hint="give a file with --config"
        )
    return root / "db" / "environments" / f"{env}.yaml"


def _read(path: Path, shown: str, root: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        names = sorted(file.stem for file in (root / "db" / "environments").glob("*.yaml"))
        raise ConfigError(
            "the file does not exist",
            path=shown,
            hint=f"environments here: {', '.join(names)}"
            if names
            else 'start a project with "confiture init"',
        ) from None
    except OSError as exc:
        raise ConfigError(f"the file cannot be read: {exc.strerror}", path=shown) from exc
    except UnicodeDecodeError as exc:
        line = exc.object.count(b"\n", 0, exc.start) + 1
        raise ConfigError("the file is not UTF-8", path=shown, line=line) from None


def _environment(block: Block, *, path: Path, root: Path) -> Environment:
    block.refuse_unknown(_KEYS)
    schema_dir = root / (block.text("schema_dir") or "db/schema")
    lock_timeout_s = block.duration_s("lock_timeout")
    return Environment(
        name=block.text("name") or path.stem,
        path=path,
        root=root,
        includes=tuple(_includes(block, path.parent, root, schema_dir)),
        database=_database(block.block("database")),
        protected=block.flag("protected"),
        schema_dir=schema_dir,
        migrations_dir=root / (block.text("migrations_dir") or "db/migrations"),
        lock_timeout_s=5.0 if lock_timeout_s is None else lock_timeout_s,
        statement_timeout_s=block.duration_s("statement_timeout"),
        history_table=block.text("history_table"),
        postgres_version=_postgres_version(block),
    )


def _postgres_version(block: Block) -> int | None:
    text = block.text("postgres_version")
    if text is None:
        return None
    match = _VERSION.fullmatch(text)
    if match is None or int(match[1]) < OLDEST_VERSION:
        raise block.error(
            "postgres_version",
            f'"postgres_version" must be a version from {OLDEST_VERSION} on',
            hint="write the number of the major version, as 15",
        )
    return int(match[1])


def _includes(block: Block, folder: Path, root: Path, schema_dir: Path) -> Iterator[Path]:
    if "includes" not in block and "include_dirs" not in block:
        if schema_dir.exists():
            yield schema_dir
        return
    for key, base in (("includes", folder), ("include_dirs", root)):
        for line, text in block.texts(key):
            path = Path(os.path.normpath(base / text))
            if not path.exists():
                raise ConfigError(
                    f'"{text}" does not exist',
                    path=block.shown,
                    line=line,
                    detail=f'"{key}" is relative to {_shown(base, root)}',
                    hint="git does not keep empty folders: a .gitkeep file does",
                )
            yield path


def _database(block: Block | None) -> DatabaseSettings | None:
    if block is None:
        return None
    block.refuse_unknown(_DATABASE_KEYS)
    if "url" in block:
        others = [key for key in _DATABASE_KEYS if key != "url" and key in block]
        if others:
            raise block.error(others[0], f'"url" and "{others[0]}" are both given: keep one')
    unset = block.unset()
    if unset is not None:
        return DatabaseSettings(unset=unset)
    url = block.text("url")
    if url is not None and not url.startswith(("postgresql://", "postgres://")):
        raise block.error("url", '"url" must start with postgresql://')
    port = block.text("port")
    if port is not None and not (port.isdecimal() and 0 < int(port) < 65536):
        raise block.error("port", '"port" must be a number from 1 to 65535')
    return DatabaseSettings(
        host=block.text("host"),
        port=None if port is None else int(port),
        dbname=block.text("database") if url is None else url_database(url),
        user=block.text("user"),
        password=block.text("password"),
        url=url,
    )


def _shown(path: Path, root: Path) -> str:
    resolved = path.resolve()
    return resolved.relative_to(root).as_posix() if resolved.is_relative_to(root) else str(path)
