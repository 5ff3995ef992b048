"""The SQL files of a project, in the order PostgreSQL runs them.

Alphabetical means by plain name inside each directory, files and directories together, and
recursively: `00_common/` before `10_tables/` before `empty.sql`. A file that two includes reach
is loaded once, where it is first reached. Among the seeds there may be `.csv` files.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, NamedTuple

from confiture_core.errors import ProjectError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from confiture_core.config import Environment


class SqlFile(NamedTuple):
    """A file's text, exactly as its author wrote it but for a byte order mark."""

    path: Path  # absolute
    shown: str  # as errors name it: "db/schema/10_tables/users.sql"
    text: str
    is_seed: bool = False

    @property
    def is_csv(self) -> bool:
        """Whether it is all rows, of the table that it is named after."""
        return self.path.suffix == ".csv"

    @property
    def digest(self) -> str:
        """The sha256 of the text, and of the name where that says which table it is for."""
        name = f"{self.path.stem}\0" if self.is_csv else ""
        return hashlib.sha256((name + self.text).encode()).hexdigest()


class Project(NamedTuple):
    """What an environment is built from: the schema first, then the seeds."""

    environment: Environment
    schema_files: tuple[SqlFile, ...]
    seed_files: tuple[SqlFile, ...]

    def files(self, *, schema_only: bool = False) -> tuple[SqlFile, ...]:
        """List the files in the order they are run."""
        return self.schema_files if schema_only else self.schema_files + self.seed_files

    def digest(self, *, schema_only: bool = False) -> str:
        """Hash the contents in order; a file's name changes the database only by the order."""
        whole = hashlib.sha256()
        for file in self.files(schema_only=schema_only):
            whole.update(bytes.fromhex(file.digest))
        return whole.hexdigest()


def load_project(environment: Environment, *, without: Collection[Path] = ()) -> Project:
    """Load the files an environment includes, but for those named or under a folder named."""
    left_out = {path.resolve() for path in without}
    files = [
        file
        for file in load_sql_files(environment.includes, root=environment.root)
        if not left_out or left_out.isdisjoint(_and_above(file.path.resolve()))
    ]
    return Project(
        environment=environment,
        schema_files=tuple(file for file in files if not file.is_seed),
        seed_files=tuple(file for file in files if file.is_seed),
    )


def has_schema(environment: Environment) -> bool:
    """Tell whether there are schema files to compare the migrations with."""
    return environment.schema_dir.is_dir() and bool(load_project(environment).schema_files)


def _and_above(path: Path) -> tuple[Path, ...]:
    return path, *path.parents


def load_sql_files(paths: Iterable[Path], *, root: Path) -> tuple[SqlFile, ...]:
    """Load files and directories in the order given; those under db/seeds are seeds."""
    found: dict[Path, Path] = {}  # the first way to reach each file
    for path in paths:
        for file, resolved in _walk(path.absolute(), root):
            found.setdefault(resolved, file)
    return tuple(_load(file, root) for file in found.values())


def _walk(path: Path, root: Path) -> Iterator[tuple[Path, Path]]:
    """Give the files below a path, each with what it is without symbolic links."""
    if path.is_file():
        yield path, path.resolve()
    elif path.is_dir():
        yield from _walk_directory(path, path.resolve(), root, above=())
    else:
        raise ProjectError("there is no such file or directory", path=_shown(path, root))


def _walk_directory(
    path: Path, resolved: Path, root: Path, *, above: tuple[Path, ...]
) -> Iterator[tuple[Path, Path]]:
    if resolved in above:  # a symbolic link to a folder it is in
        return
    try:
        with os.scandir(path) as scan:
            entries = sorted(scan, key=lambda entry: entry.name)
    except OSError as exc:
        raise ProjectError(
            f"the directory cannot be read: {exc.strerror}", path=_shown(path, root)
        ) from exc
    is_seed = _is_seed(path, root)
    for entry in entries:
        name = entry.name
        if name.startswith("."):
            continue
        below = path / name
        target = below.resolve() if entry.is_symlink() else resolved / name
        if entry.is_dir():
            yield from _walk_directory(below, target, root, above=(*above, resolved))
        elif name.endswith(".sql") or (is_seed and name.endswith(".csv")):
            if not entry.is_file():
                raise ProjectError("there is no such file or directory", path=_shown(below, root))
            yield below, target


def _load(path: Path, root: Path) -> SqlFile:
    shown = _shown(path, root)
    try:
        data = path.read_bytes()
    except OSError as exc:
        raise ProjectError(f"the file cannot be read: {exc.strerror}", path=shown) from exc
    return SqlFile(
        path=path,
        shown=shown,
        text=_decode(data, shown),
        is_seed=_is_seed(path, root),
    )


def _is_seed(path: Path, root: Path) -> bool:
    return path.is_relative_to(root / "db" / "seeds")


def _decode(data: bytes, shown: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        # a byte order mark was cut off before the rest was decoded
        start = exc.start + len(data) - len(exc.object)
        line = data.count(b"\n", 0, start) + 1
        raise ProjectError(
            f"the file is not UTF-8: byte 0x{data[start]:02x}",
            path=shown,
            line=line,
            hint="save it as UTF-8",
        ) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ProjectError("the file holds a NUL character", path=shown, line=line)
    return text


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
