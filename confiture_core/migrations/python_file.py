"""Python files of migrations: their class, and where in them an SQL string stands.

A file is compiled from its text under a private module name: nothing is written beside it, and
tracebacks and errors still name its lines.
"""

from __future__ import annotations

import ast
import functools
import sys
import traceback
import types
import warnings
from typing import TYPE_CHECKING

import psycopg

from confiture_core.errors import ConfitureError, MigrationError, SqlError
from confiture_core.migrations.meaning import digest, parse_python
from confiture_core.migrations.migration import Migration
from confiture_core.migrations.options import Options, bad_duration, parse_duration
from confiture_core.migrations.versions import same_version

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import FrameType, TracebackType


@functools.lru_cache(maxsize=4096)
def load_class(text: str, *, path: Path, shown: str) -> type[Migration]:
    """Run a file and return its one class that inherits from Migration."""
    module = types.ModuleType(f"_confiture_migration_{digest(f'{path} {text}')[:16]}")
    module.__file__ = str(path)
    code = _compile(text, path, shown)
    # dataclasses and typing look a class's module up by its name.
    sys.modules[module.__name__] = module
    with AuthorsCode(path, shown):
        exec(code, module.__dict__)
    return _only_class(module, shown)


def refuse_other_version(migration: type[Migration], version: str, *, shown: str) -> None:
    """Raise an error if the class says another version than the file's name."""
    said = getattr(migration, "version", version)
    if not same_version(str(said), version):
        raise MigrationError(
            f'the class says version "{said}", the file\'s name "{version}"', path=shown
        )


def has_down(migration: type[Migration]) -> bool:
    """Whether the class says how to roll back."""
    return migration.down is not Migration.down


def read_options(migration: type[Migration], *, shown: str) -> Options:
    """Read what the attributes of the class say."""
    return Options(
        transactional=migration.transactional,
        irreversible=migration.irreversible,
        lossy=tuple(migration.lossy),
        lock_timeout_s=_duration(migration, "lock_timeout", shown),
        statement_timeout_s=_duration(migration, "statement_timeout", shown),
    )


class AuthorsCode:
    """Around code of the author's: whatever it raises becomes an error at its line.

    It may raise anything at all, so this is a context manager and not an `except`; also what
    would end the process as if all were well, as sys.exit() does.
    """

    def __init__(self, path: Path, shown: str) -> None:
        self._path = path
        self._shown = shown

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if exc is None or isinstance(exc, ConfitureError | KeyboardInterrupt | GeneratorExit):
            return
        line = next(
            (
                frame.lineno
                for frame in reversed(traceback.extract_tb(trace))
                if frame.filename == str(self._path)
            ),
            None,
        )
        error = SqlError if isinstance(exc, psycopg.Error) else MigrationError
        text = str(exc).strip()
        message, _, detail = text.partition("\n")
        if error is MigrationError:
            message = f"{type(exc).__name__}: {message}" if message else type(exc).__name__
        raise error(message, path=self._shown, line=line, detail=detail or None) from exc


def place_in_file(text: str, sql: str, line: int, *, path: Path) -> int | None:
    """Find the line of the file that is the given line of a string it is executing just now.

    A string that is put together at run time has the line of the call; None if no frame of the
    file is running.
    """
    called = next(
        (frame.f_lineno for frame in _frames() if frame.f_code.co_filename == str(path)), None
    )
    if called is None:
        return None
    # The argument of the call may start on a later line, or be a constant of the module's.
    starts = [
        node.lineno
        for node in ast.walk(parse_python(text))
        if isinstance(node, ast.Constant) and node.value == sql and _keeps_lines(node, sql)
    ]
    if not starts:
        return called
    return min(starts, key=lambda start: abs(start - called)) + line - 1


def _keeps_lines(node: ast.Constant, sql: str) -> bool:
    return (node.end_lineno or node.lineno) - node.lineno == sql.count("\n")


def _frames() -> Iterator[FrameType]:
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        yield frame
        frame = frame.f_back


def _only_class(module: types.ModuleType, shown: str) -> type[Migration]:
    found = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Migration)
        and value.__module__ == module.__name__
    ]
    if not found:
        raise MigrationError(
            "No Migration class found",
            path=shown,
            hint="the file needs a class that inherits from confiture.models.migration.Migration",
        )
    # A file may hold a base of its own: only the class that no other inherits from counts.
    last = [one for one in found if not any(one in other.__mro__[1:] for other in found)]
    if len(last) > 1:
        names = ", ".join(one.__name__ for one in last)
        raise MigrationError(f"several Migration classes: {names}", path=shown)
    return last[0]


def _compile(text: str, path: Path, shown: str) -> types.CodeType:
    try:
        with warnings.catch_warnings():
            # "\d" in a string is for the author's linter: it must not stop a run under -W error.
            warnings.simplefilter("ignore")
            return compile(text, str(path), "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as exc:
        line = exc.lineno if isinstance(exc, SyntaxError) else None
        message = exc.msg if isinstance(exc, SyntaxError) else str(exc)
        raise MigrationError(f"not Python: {message}", path=shown, line=line) from exc


def _duration(migration: type[Migration], key: str, shown: str) -> float | None:
    said = getattr(migration, key)
    if said is None:
        return None
    seconds = parse_duration(str(said))
    if seconds is None:
        raise bad_duration(key, path=shown)
    return seconds
