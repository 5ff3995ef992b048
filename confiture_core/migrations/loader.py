"""The migration files of a directory, in the order of their versions.

Loading reads the files and runs nothing: a Python migration is run to know more than its file
name, and an SQL one parsed, only when that is asked for.
"""

from __future__ import annotations

import itertools
import os
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from confiture_core.errors import MigrationError, ProjectError
from confiture_core.migrations import meaning, python_file, versions
from confiture_core.migrations.script import Script, parse_script

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from confiture_core.migrations.migration import Migration
    from confiture_core.migrations.options import Options

Direction = Literal["up", "down"]

# What nearly every Python migration has; where it is not found, the file is run to know.
_CLASS = re.compile(r"^class\s+\w+\(.*\bMigration\b", re.MULTILINE)
_BLOCK = 65_536
# What may be meant as a migration: also one in a language that other runners have, 003_x.up.go.
_STRAY = re.compile(r"\.(sql|py)$|\.(up|down)\.\w+$")


class MigrationFile(NamedTuple):
    """One migration of the directory: a Python file, a pair of SQL files, or one with markers."""

    version: str  # "001"
    name: str  # "create_users_table"
    kind: Literal["py", "sql"]
    file: str  # the Python file, the .up.sql, or the .sql with markers
    text: str
    shown: str  # the path as messages give it: "db/migrations/001_create_users_table.py"
    down_file: str | None = None  # of an SQL file; `file` again where there are markers
    down_text: str | None = None
    down_shown: str | None = None

    @property
    def path(self) -> Path:
        """The path of `file`: of thousands they take longer to make than the files to read."""
        return Path(self.file)

    @property
    def down_path(self) -> Path | None:
        """The path of `down_file`."""
        return None if self.down_file is None else Path(self.down_file)

    @property
    def label(self) -> str:
        """Version and name, as the file's name starts: 001_create_users_table."""
        return versions.label(self.version, self.name)

    @property
    def digest(self) -> str:
        """The digest of what `up` is written in."""
        return meaning.digest(self.text)

    @property
    def down_digest(self) -> str | None:
        """The digest of the down file."""
        return None if self.down_text is None else meaning.digest(self.down_text)

    @property
    def options(self) -> Options:
        """What the migration says about itself."""
        if self.kind == "py":
            return python_file.read_options(self.migration_class, shown=self.shown)
        return self.script("up").options

    @property
    def transactional(self) -> bool:
        """Whether `up` runs in one transaction."""
        return self.is_transactional("up")

    @property
    def irreversible(self) -> str | None:
        """Why it cannot be rolled back; None if it can."""
        if (reason := self.options.irreversible) is not None:
            return reason
        if self.kind == "py":
            has_down = python_file.has_down(self.migration_class)
            return None if has_down else f"{self.shown} has no method down()"
        if not self.has_down:
            has_markers = not self.shown.endswith(".up.sql")
            return f"{self.shown} has no {'way down' if has_markers else '.down.sql beside it'}"
        return self.script("down").options.irreversible

    @property
    def is_empty(self) -> bool:
        """Whether `up` is an SQL file without statements: then there is nothing to take back."""
        return self.kind == "sql" and not self.script("up").units

    @property
    def lossy(self) -> tuple[str, ...]:
        """The columns and tables whose rows rolling back does not bring back."""
        return self.options.lossy

    @property
    def has_down(self) -> bool:
        """Whether there is anything to run to roll it back."""
        if self.kind == "py":
            return python_file.has_down(self.migration_class)
        return self.down_text is not None or self.is_empty

    @property
    def migration_class(self) -> type[Migration]:
        """The class of a Python file, which is run to have it."""
        found = python_file.load_class(self.text, path=self.path, shown=self.shown)
        python_file.refuse_other_version(found, self.version, shown=self.shown)
        return found

    def script(self, direction: Direction) -> Script:
        """Take the SQL file of a direction apart."""
        if direction == "up":
            return parse_script(self.text, shown=self.shown)
        if self.down_text is None or self.down_shown is None:
            if self.is_empty:
                return self.script("up")
            raise MigrationError("there is no .down.sql beside it", path=self.shown)
        return parse_script(self.down_text, shown=self.down_shown)

    def is_transactional(self, direction: Direction) -> bool:
        """Whether a direction runs in one transaction."""
        if self.kind == "py":
            return self.migration_class.transactional
        return self.script(direction).transactional

    def shown_of(self, direction: Direction) -> str:
        """Return the file a direction is written in, as messages call it."""
        if direction == "down" and self.down_shown is not None:
            return self.down_shown
        return self.shown


class Problem(NamedTuple):
    """Something wrong with the files, or with what the history says of them."""

    message: str
    shown: str | None = None
    line: int | None = None
    hint: str | None = None
    is_error: bool = True  # False: worth knowing, but nothing is in the way

    def error(self) -> MigrationError:
        """Return the problem as an error."""
        return MigrationError(self.message, path=self.shown, line=self.line, hint=self.hint)


class Directory(NamedTuple):
    """What a directory of migrations holds."""

    migrations: tuple[MigrationFile, ...]
    problems: tuple[Problem, ...]
    strays: tuple[Problem, ...] = ()  # what is left alone: no migrations, or another database's

    def sound(self) -> tuple[MigrationFile, ...]:
        """Return the migrations; the first thing that is wrong with them is an error."""
        for problem in self.problems:
            if problem.is_error:
                raise problem.error()
        return self.migrations


def is_python_migration(text: str) -> bool:
    """Tell whether a text is that of a Python migration, and not SQL."""
    return _CLASS.search(text) is not None


def load_migrations(directory: Path, *, root: Path | None = None) -> tuple[MigrationFile, ...]:
    """Load the migrations of a directory; the first thing that is wrong with it is an error.

    A directory that is not there holds no migrations: git keeps no empty ones.
    """
    return read_directory(directory, root=root).sound()


def read_directory(directory: Path, *, root: Path | None = None) -> Directory:
    """Read the migrations of a directory together with what is wrong with it.

    Paths are shown relative to `root`, or to the current directory.
    """
    files: dict[int, list[_File]] = defaultdict(list)
    problems: list[Problem] = []
    strays: list[Problem] = []
    folder, place = (str(one / "_")[:-1] for one in (_shown(directory, root), directory))
    foreign: list[versions.FileName] = []
    for entry in _entries(directory):
        name = versions.parse_file_name(entry)
        if name and name.is_foreign:
            foreign.append(name)
            continue
        file = name and _File(file=place + entry, shown=folder + entry, name=name)
        if file and (file.name.suffix != ".sql" or _is_marked(file)):
            files[int(file.name.version)].append(file)
        elif _STRAY.search(entry) and not entry.startswith("_"):
            strays.append(_stray(folder + entry))
    migrations = []
    for number in sorted(files):
        own = _most_particular(files[number])
        wrong = tuple(_wrong_with(own))
        problems += wrong
        if not wrong:
            migrations.append(_load(own))
    problems += _without_class(migrations)
    problems += _gaps(migrations, known={int(name.version) for name in foreign})
    return Directory(
        migrations=tuple(migrations),
        problems=(*strays, *problems),
        strays=(*_of_others(foreign, folder), *strays),
    )


class _File(NamedTuple):
    file: str
    shown: str
    name: versions.FileName


def _entries(directory: Path) -> list[str]:
    # Names, not paths: to make and compare thousands of paths takes longer than to read the files.
    if not directory.is_dir():
        return []
    with os.scandir(directory) as entries:
        return sorted(entry.name for entry in entries)


def _shown(directory: Path, root: Path | None) -> Path:
    base = (root or Path.cwd()).resolve()
    resolved = directory.resolve()
    return resolved.relative_to(base) if resolved.is_relative_to(base) else directory


def _stray(shown: str) -> Problem:
    return Problem(
        message="not the name of a migration: it is left alone",
        shown=shown,
        hint="migrations are called 001_name.py, or 001_name.up.sql and 001_name.down.sql,"
        " or 001_name.sql with markers of dbmate or goose in it",
        is_error=False,
    )


def _of_others(names: list[versions.FileName], folder: str) -> Iterator[Problem]:
    if names:
        dialects = sorted({name.dialect for name in names if name.dialect})
        yield Problem(
            message=f"{len(names)} files for {', '.join(dialects)} are left alone",
            shown=folder.rstrip("/"),
            is_error=False,
        )


def _most_particular(files: list[_File]) -> list[_File]:
    """Leave out what is for every database where the same is there for PostgreSQL."""
    particular = {(one.name.label, one.name.suffix) for one in files if one.name.dialect}
    if not particular:
        return files
    return [
        one
        for one in files
        if one.name.dialect or (one.name.label, one.name.suffix) not in particular
    ]


def _wrong_with(files: list[_File]) -> Iterator[Problem]:
    """Say why the files of one number are not one migration."""
    first = files[0]
    ups = [one for one in files if one.name.suffix != ".down.sql"]
    if len(ups) > 1:
        yield Problem(
            message=f'version "{ups[0].name.version}" is taken by {ups[0].shown}',
            shown=ups[1].shown,
            hint="give one of them another version; if it is the order of the names that counts,"
            " confiture migrate import counts them anew",
        )
    elif not ups:
        yield Problem(
            message="a down without its up",
            shown=first.shown,
            hint=f"restore {first.name.label}.up.sql, or remove this file",
        )
    elif len(files) > 1 and ups[0].name.suffix in (".py", ".sql"):
        other = next(one for one in files if one is not ups[0])
        yield Problem(message=f"{ups[0].shown} has its own way down", shown=other.shown)
    else:
        for one in files:
            stem = (one.name.version, one.name.name)
            if stem != (ups[0].name.version, ups[0].name.name):
                yield Problem(
                    message=f"the name is not that of its pair, {ups[0].shown}",
                    shown=one.shown,
                    hint=f"rename it to {ups[0].name.label}.down.sql",
                )


def _load(files: list[_File]) -> MigrationFile:
    up = next(one for one in files if one.name.suffix != ".down.sql")
    if up.name.suffix == ".sql":
        return _load_marked(up)
    down = next((one for one in files if one.name.suffix == ".down.sql"), None)
    return MigrationFile(
        version=up.name.version,
        name=up.name.name,
        kind="py" if up.name.suffix == ".py" else "sql",
        file=up.file,
        text=_read(up),
        shown=up.shown,
        down_file=down.file if down else None,
        down_text=_read(down) if down else None,
        down_shown=down.shown if down else None,
    )


def _is_marked(file: _File) -> bool:
    from confiture_core.migrations.markers import is_marked  # noqa: PLC0415 - where there are such

    return is_marked(_read(file))


def _load_marked(file: _File) -> MigrationFile:
    from confiture_core.migrations.markers import parse_markers  # noqa: PLC0415 - as above

    marked = parse_markers(_read(file), shown=file.shown)
    assert marked is not None  # it would be no migration
    has_down = marked.down is not None
    return MigrationFile(
        version=file.name.version,
        name=file.name.name,
        kind="sql",
        file=file.file,
        text=marked.up,
        shown=file.shown,
        down_file=file.file if has_down else None,
        down_text=marked.down,
        down_shown=file.shown if has_down else None,
    )


def _read(file: _File) -> str:
    try:
        text = _contents(file.file).decode().removeprefix("\ufeff")
        file.name.name.encode()  # what stands in the history
    except OSError as exc:
        raise ProjectError(f"the file cannot be read: {exc.strerror}", path=file.shown) from exc
    except UnicodeDecodeError as exc:
        line = exc.object.count(b"\n", 0, exc.start) + 1
        raise ProjectError("the file is not UTF-8", path=file.shown, line=line) from None
    except UnicodeEncodeError:
        raise ProjectError("the file's name is not UTF-8", path=file.shown) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ProjectError("the file is no text: it holds a NUL", path=file.shown, line=line)
    return text


def _contents(path: str) -> bytes:
    # Of thousands of files, to make a Path and a file object takes longer than to read.
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        blocks = [os.read(descriptor, _BLOCK)]
        while len(blocks[-1]) == _BLOCK:
            blocks.append(os.read(descriptor, _BLOCK))
        return b"".join(blocks)
    finally:
        os.close(descriptor)


def _without_class(migrations: Iterable[MigrationFile]) -> Iterator[Problem]:
    for file in migrations:
        if file.kind == "py" and not _CLASS.search(file.text):
            try:
                _ = file.migration_class
            except MigrationError as exc:
                yield Problem(message=exc.message, shown=file.shown, line=exc.line, hint=exc.hint)


def _gaps(migrations: list[MigrationFile], known: set[int]) -> Iterator[Problem]:
    if not versions.is_sequential(file.version for file in migrations):
        return
    for before, after in itertools.pairwise(migrations):
        missing = [
            number
            for number in range(int(before.version) + 1, int(after.version))
            if number not in known
        ]
        if missing:
            width = len(before.version)
            names = f"version {missing[0]:0{width}} is"
            if len(missing) > 1:
                names = f"versions {missing[0]:0{width}} to {missing[-1]:0{width}} are"
            yield Problem(
                message=f"{names} missing before it",
                shown=after.shown,
                is_error=False,
            )
