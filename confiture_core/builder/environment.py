"""The database of an environment, built fresh.

It is built under another name and takes its own at the end, in one transaction with the renaming
of the one it replaces: whatever fails before, and however it fails, what was there is still there.
"""

from __future__ import annotations

import logging
import os
import time
from concurrent.futures import wait
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

import psycopg
from psycopg import errors, sql

from confiture_core.builder.replaced import carry_over, creation_options, held, read_database
from confiture_core.errors import DatabaseError, LockedError
from confiture_core.project import load_project
from confiture_core.reach import connect, connect_maintenance, database_settings
from confiture_core.threads import one_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from concurrent.futures import Executor, Future

    from confiture_core.config import Environment
    from confiture_core.project import SqlFile
    from confiture_core.reach import Connection

_log = logging.getLogger(__name__)

# The comment of a database that is ours to drop: half built, or replaced.
_MARK = "left by confiture build: can be dropped"
_LONGEST_NAME = 63  # bytes
_BACKEND_TIMEOUT_S = 5.0
_POLL_S = 0.005


class BuildReport(NamedTuple):
    """A build that succeeded."""

    database: str
    schema_files: int
    seed_files: int
    replaced: bool
    duration_s: float


def build_environment(
    environment: Environment,
    *,
    schema_only: bool = False,
    recreate: bool = False,
    after: Callable[[], Callable[[Connection], None]] | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> BuildReport:
    """Build an environment's database, replacing one that holds nothing.

    One that holds something is replaced only with `recreate`, one of a protected environment
    never. `after` is called in another thread while files are run, and what it returns on the built
    database before anyone else can see it; `on_progress` with how many files have been run, of how
    many.
    """
    start = time.monotonic()
    name = database_settings(environment).database_name()
    project = load_project(environment)
    with (
        connect_maintenance(environment) as server,
        _as_database_error(name),
        _only_build(server, name),
        one_thread() as beside,
    ):
        old = read_database(server, name)
        if old is not None:
            _require_replaceable(server, environment, name, recreate=recreate)
        files = project.files(schema_only=schema_only)
        with _scratch_database(environment, server, old, beside) as (scratch, made):

            def connect_to_made() -> Connection:
                made.result()
                return connect(environment, scratch)

            _fill(connect_to_made, files, beside, after, on_progress)
            _swap(server, scratch, name, old)
    return BuildReport(
        database=name,
        schema_files=len(project.schema_files),
        seed_files=0 if schema_only else len(project.seed_files),
        replaced=old is not None,
        duration_s=time.monotonic() - start,
    )


def _fill(
    connect_to_made: Callable[[], Connection],
    files: Sequence[SqlFile],
    beside: Executor,
    after: Callable[[], Callable[[Connection], None]] | None,
    on_progress: Callable[[int, int], None] | None,
) -> None:
    """Run the files. What needs no server is done while the server works."""
    from confiture_core.builder.runner import run_scripts  # noqa: PLC0415 - with the grammar
    from confiture_core.builder.script import LoadingScripts  # noqa: PLC0415

    scripts = LoadingScripts(files, beside)
    with connect_to_made() as connection:
        finish = None if after is None else beside.submit(after)
        run_scripts(connection, scripts, on_progress=_of(len(files), on_progress))
        if finish is not None:
            finish.result()(connection)


def _of(total: int, on_progress: Callable[[int, int], None] | None) -> Callable[[int], None] | None:
    return None if on_progress is None else lambda done: on_progress(done, total)


def _require_replaceable(
    server: Connection, environment: Environment, name: str, *, recreate: bool
) -> None:
    if environment.protected:
        raise DatabaseError(
            f'database "{name}" exists and its environment is protected: it is never replaced',
            path=environment.shown,
            hint='"confiture migrate up" brings it up to date',
        )
    _require_unused(server, name)
    if recreate:
        return
    with connect(environment) as connection:
        what = held(connection)
    if what is not None:
        raise DatabaseError(
            f'database "{name}" holds {what}',
            hint='--recreate replaces it, and loses what it holds; "confiture migrate up" keeps it',
        )


def _require_unused(server: Connection, name: str) -> None:
    sessions = server.execute(
        "select coalesce(nullif(application_name, ''), backend_type), usename, pid"
        " from pg_catalog.pg_stat_activity"
        " where datname = %s and backend_type <> 'autovacuum worker' order by pid",
        (name,),
    ).fetchall()
    if sessions:
        raise DatabaseError(
            f'database "{name}" is in use, it cannot be replaced',
            detail="\n".join(f"{what} of {user}, process {pid}" for what, user, pid in sessions),
            hint="close these connections",
        )


@contextmanager
def _only_build(server: Connection, name: str) -> Iterator[None]:
    """Hold the lock of this database's builds, and drop what dead ones have left."""
    locked = server.execute(
        "select pg_catalog.pg_try_advisory_lock(hashtext('confiture build'), hashtext(%s))",
        (name,),
    ).fetchone()
    if locked != (True,):
        raise LockedError(f'another build of database "{name}" is running')
    left = server.execute(
        "select datname from pg_catalog.pg_database"
        " where left(datname, %(length)s) = %(prefix)s"
        " and pg_catalog.shobj_description(oid, 'pg_database') = %(mark)s",
        {"length": len(_prefix(name)), "prefix": _prefix(name), "mark": _MARK},
    ).fetchall()
    for (database,) in left:
        _drop(server, database)
    yield


@contextmanager
def _scratch_database(
    environment: Environment,
    server: Connection,
    old: Mapping[str, object] | None,
    beside: Executor,
) -> Iterator[tuple[str, Future[None]]]:
    """Have an empty database made beside the one to be, and drop it if the build fails.

    It is there, and `server` may be used again, when the future is done.
    """
    scratch = f"{_prefix(database_settings(environment).database_name())}new_{os.getpid()}"
    made = None
    try:
        made = beside.submit(_make, server, scratch, old)
        yield scratch, made
    except BaseException:  # an interrupt as well, which may leave a connection unusable
        from confiture_core.factory.databases import end_backends  # noqa: PLC0415 - seldom

        wait([made or beside.submit(lambda: None)])  # it may have been handed over all the same
        # Where there is no way to the server any more, the next build drops it.
        with suppress(DatabaseError), connect_maintenance(environment) as sound:
            end_backends(sound, scratch)
            _drop_now_or_later(sound, scratch)
        raise


def _make(server: Connection, scratch: str, old: Mapping[str, object] | None) -> None:
    server.execute(
        sql.SQL("create database {} template template0 {}").format(
            sql.Identifier(scratch), creation_options(old)
        )
    )
    _comment(server, scratch, _MARK)


def _swap(server: Connection, scratch: str, name: str, old: Mapping[str, object] | None) -> None:
    """Give the built database its name, and drop the one that had it."""
    aside = f"{_prefix(name)}old_{os.getpid()}"
    _await_no_backends(server, scratch)
    with server.transaction():
        if old is not None:
            carry_over(server, old, scratch)
            _require_unused(server, name)
            _rename(server, name, aside)
            _comment(server, aside, _MARK)
        _rename(server, scratch, name)
        _comment(server, name, old["comment"] if old is not None else None)
    if old is not None:
        _drop_now_or_later(server, aside)


def _prefix(name: str) -> str:
    """Begin the names of a build's databases; a long name is cut, as PostgreSQL would."""
    suffix = "__confiture_"
    longest = _LONGEST_NAME - len(suffix) - len("new_4194304")
    return name.encode()[:longest].decode(errors="ignore") + suffix


def _rename(server: Connection, name: str, new_name: str) -> None:
    server.execute(
        sql.SQL("alter database {} rename to {}").format(
            sql.Identifier(name), sql.Identifier(new_name)
        )
    )


def _comment(server: Connection, name: str, comment: object) -> None:
    server.execute(
        sql.SQL("comment on database {} is {}").format(
            sql.Identifier(name), sql.NULL if comment is None else sql.Literal(comment)
        )
    )


def _drop_now_or_later(server: Connection, name: str) -> None:
    try:
        _drop(server, name)
    except psycopg.Error as exc:  # it carries the mark: the next build tries again
        _log.warning("database %s is left: %s", name, exc)


def _drop(server: Connection, name: str) -> None:
    _await_no_backends(server, name)
    server.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(name)))


def _await_no_backends(server: Connection, name: str) -> None:
    """Wait for closed connections to be gone: PostgreSQL itself would look every 100 ms only."""
    end = time.monotonic() + _BACKEND_TIMEOUT_S
    while time.monotonic() < end:
        found = server.execute(
            "select 1 from pg_catalog.pg_stat_activity where datname = %s", (name,)
        )
        if found.fetchone() is None:
            return
        time.sleep(_POLL_S)


@contextmanager
def _as_database_error(name: str) -> Iterator[None]:
    try:
        yield
    except psycopg.Error as exc:
        denied = isinstance(exc, errors.InsufficientPrivilege)
        raise DatabaseError(
            f'cannot build database "{name}": {exc.diag.message_primary or exc}',
            detail=exc.diag.message_detail,
            hint="the user needs CREATEDB, and must own the database replaced" if denied else None,
        ) from exc
