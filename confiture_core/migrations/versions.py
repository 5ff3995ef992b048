"""Versions and names: what a migration's file name says, and what the next one is called."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from confiture_core.errors import MigrationError

if TYPE_CHECKING:
    from collections.abc import Iterable

# Of a file that is only called .sql, both directions are in it, behind markers.
SUFFIXES = (".up.sql", ".down.sql", ".sql", ".py")

# What runners for several databases put before the suffix: 003_jobs.mysql.up.sql.
POSTGRESQL = frozenset({"pg", "pgsql", "postgres", "postgresql"})
_OTHERS = frozenset(
    {"clickhouse", "cockroach", "cockroachdb", "crdb", "mariadb", "mssql", "mysql", "oracle"}
    | {"spanner", "sqlite", "sqlite3", "sqlserver", "tidb"}
)
_DIALECTS = POSTGRESQL | _OTHERS
_TIMESTAMPS = {14: "%Y%m%d%H%M%S", 12: "%Y%m%d%H%M", 8: "%Y%m%d"}
_STEPS = {14: timedelta(seconds=1), 12: timedelta(minutes=1), 8: timedelta(days=1)}
# Seconds since 1970 have had ten digits since 2001.
_EPOCH_DIGITS = 10
_WIDTH = 3


class FileName(NamedTuple):
    """The parts of a migration's file name."""

    version: str  # "001", "20260101120000"
    name: str  # "create_users_table"; some call a pair by its number alone
    suffix: str  # one of SUFFIXES
    dialect: str | None = None  # "postgres", "mysql": the database that it alone is for

    @property
    def is_foreign(self) -> bool:
        """Whether it is for another database than PostgreSQL."""
        return self.dialect is not None and self.dialect not in POSTGRESQL

    @property
    def label(self) -> str:
        """Version and name, as the file's name starts."""
        return label(self.version, self.name)


def parse_file_name(text: str) -> FileName | None:
    """Take a file name apart; None if it is not that of a migration."""
    for suffix in SUFFIXES:
        if text.endswith(suffix):
            break
    else:
        return None
    stem, dialect = text.removesuffix(suffix), None
    if suffix != ".py":
        before, _, last = stem.rpartition(".")
        if last in _DIALECTS:
            stem, dialect = before, last
    version, line, name = stem.partition("_")
    is_named = bool(name) if line else suffix in (".up.sql", ".down.sql")
    if not (version.isascii() and version.isdecimal() and is_named):
        return None
    return FileName(version, name, suffix, dialect)


def label(version: str, name: str) -> str:
    """Write a version and a name as messages give them: 001_create_users_table."""
    return f"{version}_{name}" if name else version


def sort_key(version: str) -> tuple[int, str]:
    """Order versions by number: 9 comes before 10, however they are written."""
    return (int(version), version) if version.isdecimal() else (0, version)


def identity(version: str) -> int | str:
    """Return what makes a version the same however it is written: 1 for "1" and for "001"."""
    return int(version) if version.isdecimal() else version


def same_version(one: str, other: str) -> bool:
    """Tell whether two texts name one version, as 1 and 001 do."""
    return identity(one) == identity(other)


def next_version(versions: Iterable[str], *, now: datetime | None = None) -> str:
    """Name the version after all of these, in the form they have.

    Numbers keep their width ("009" gives "010", and nothing gives "001"); timestamps and seconds
    since 1970 give the present time, or one more than the newest where that is later.
    """
    newest = max(versions, key=sort_key, default="0" * _WIDTH)
    moment = now or datetime.now(UTC)
    form = _TIMESTAMPS.get(len(newest))
    if form is not None and (last := _parse_timestamp(newest, form)) is not None:
        return max(moment, last + _STEPS[len(newest)]).strftime(form)
    following = int(newest) + 1
    if len(newest) == _EPOCH_DIGITS:
        following = max(following, int(moment.timestamp()))
    return str(following).zfill(len(newest))


def is_sequential(versions: Iterable[str]) -> bool:
    """Tell whether the versions are counted 1, 2, 3, so that a gap means something."""
    return all(len(version.lstrip("0")) < min(_TIMESTAMPS) for version in versions)


def migration_name(text: str) -> str:
    """Turn what a user types into the name of a migration: "Add users-bio" gives add_users_bio."""
    name = re.sub(r"\W+", "_", text.strip().lower()).strip("_")
    if not name:
        raise MigrationError(
            f'"{text}" is not a name for a migration', hint="use letters, digits and underscores"
        )
    return name


def _parse_timestamp(version: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(version, form).replace(tzinfo=UTC)
    except ValueError:
        return None
