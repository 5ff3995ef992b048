"""Errors, cut by what the caller can do about them.

ConfitureError
├── ConfigError          an environment file or an option is wrong: edit it
├── ProjectError         a file or folder of the project is missing or unreadable: restore it
├── SqlError             PostgreSQL or its parser refused the user's SQL: edit the line named
├── MigrationError       a migration file or the history does not fit: edit, rename or accept it
├── LockedError          another runner holds the lock: wait for it or end it
├── DatabaseError        a database cannot be reached, made or dropped: check the connection
├── ServerError          no server can be had, or ours did not start: install or name one
├── TemplateError        a layer's database cannot be built or cloned
└── Unsupported          a change that cannot be written exactly: write it by hand
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class ConfitureError(Exception):
    """An error with a place in the user's files and a way out.

    `str()` is the one-line form, `path:line: message`; `detail` (facts, possibly several
    lines) and `hint` (what to do) are for the shells to print below it.
    """

    def __init__(
        self,
        message: str,
        *,
        path: Path | str | None = None,
        line: int | None = None,
        detail: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.line = line
        self.detail = detail
        self.hint = hint

    def __str__(self) -> str:
        if self.path is None:
            return self.message
        place = str(self.path) if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.message}"


class ConfigError(ConfitureError):
    """An environment file, a variable in it, or an option is wrong."""


class ProjectError(ConfitureError):
    """A file or folder of the project is missing, unreadable, or in the way."""


class SqlError(ConfitureError):
    """PostgreSQL, or its parser, refused SQL of the user's; `path` and `line` say where."""


class MigrationError(ConfitureError):
    """A migration file, or what the history says of it, does not fit."""


class LockedError(ConfitureError):
    """Another runner holds the migration lock; the message names it."""


class DatabaseError(ConfitureError):
    """A database cannot be reached, made, replaced or dropped."""


class ServerError(ConfitureError):
    """No PostgreSQL server can be had, or ours did not start."""


class TemplateError(ConfitureError):
    """The database of a layer cannot be built or cloned."""


class Unsupported(ConfitureError):
    """A change that cannot be written exactly; the message names the object and the reason."""
