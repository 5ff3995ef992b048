"""Sources: whatever yields a schema, as a State in a shadow database.

A source is named as users name it: `migrations`, a file, a directory, an environment, a database
URL. Whatever it is, a real server has run it before anything is said about it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import psycopg

from confiture_core.builder.runner import run_files
from confiture_core.catalog.beyond import read_beyond
from confiture_core.catalog.following import Follower
from confiture_core.catalog.model import Catalog, DefaultPrivileges, Policy, SystemPrivileges
from confiture_core.catalog.reader import read_catalog
from confiture_core.catalog.saved import parse_catalog
from confiture_core.config import load_environment
from confiture_core.diff.rename_comments import find_rename_comments
from confiture_core.errors import (
    ConfigError,
    ConfitureError,
    DatabaseError,
    ProjectError,
    Unsupported,
)
from confiture_core.migrations.executor import apply_migration
from confiture_core.migrations.loader import load_migrations
from confiture_core.project import SqlFile, load_project, load_sql_files
from confiture_core.proof import State
from confiture_core.settling import fill
from confiture_core.statements import Statement, is_pg_dump, split_statements
from confiture_core.threads import one_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from confiture_core.config import Environment
    from confiture_core.diff.rename_requests import RenameRequest
    from confiture_core.factory.databases import Connection
    from confiture_core.factory.shadows import Shadows

MIGRATIONS = "migrations"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where sources are looked for."""

    directory: Path  # relative paths start here
    environment: Environment | None  # of the project that `directory` is in, if any
    migrations_dir: Path | None = None  # instead of the environment's


def open_source(name: str, place: Place, shadows: Shadows) -> State:
    """Run what `name` stands for in a shadow database and read it."""
    if name == MIGRATIONS:
        return open_migrations(place, shadows)
    if "://" in name:
        return open_database(name, shadows)
    environment = _environment(name, place)
    if environment is not None:
        return _open_environment(environment, shadows)
    path = place.directory / name
    if path.suffix == ".json" and path.is_file():
        return open_catalog(parse_catalog(path.read_text("utf-8"), shown=name), name, shadows)
    if path.exists():
        root = place.environment.root if place.environment else place.directory
        return open_files(load_sql_files([path], root=root), name, shadows)
    raise ProjectError(
        f'"{name}" is no file, directory, environment or database URL',
        hint=f'give a path, a postgresql:// URL, or the word "{MIGRATIONS}"',
    )


def open_both(
    one: Callable[[], State], other: Callable[[], State], shadows: Shadows
) -> tuple[State, State]:
    """Open two sources at the same time.

    What both do to the roles of the server may clash: one that fails is opened again alone.
    """
    with one_thread() as beside:
        try:
            later = beside.submit(_attempt, other)
            first, second = _attempt(one), later.result()
        except BaseException:
            shadows.end()  # the thread is waited for
            raise
    return first or one(), second or other()


def _attempt(opening: Callable[[], State]) -> State | None:
    try:
        return opening()
    except ConfitureError:
        return None


def _environment(name: str, place: Place) -> Environment | None:
    """Load the environment of that name, if there is one."""
    if place.environment is None or "/" in name or "\\" in name:
        return None
    root = place.environment.root
    if not (root / "db" / "environments" / f"{name}.yaml").is_file():
        return None
    return load_environment(env=name, directory=root)


def _open_environment(environment: Environment, shadows: Shadows) -> State:
    database = environment.database
    if database is None:
        raise ConfigError(
            f'the environment "{environment.name}" names no database',
            path=environment.path,
            hint="add a database block",
        )
    shown = f'the database of the environment "{environment.name}"'
    return open_database(database.conninfo(), shadows, shown=shown)


def open_files(files: Sequence[SqlFile], shown: str, shadows: Shadows) -> State:
    """Run SQL files in order."""
    database = shadows.make()
    statements: list[Statement] = []
    renames: list[RenameRequest] = []
    is_dump = any(is_pg_dump(file.text) for file in files)
    with shadows.connect(database) as connection:
        run_files(connection, files, on_missing_role=_missing_role(shadows))
        for file in files:
            own = split_statements(file.text, shown=file.shown)
            statements += own
            renames += find_rename_comments(file.text, own)
        owner = _only_owner(connection) if is_dump else None
        reading = Follower(connection, default_owner=owner, brief=True).read()
        beyond = read_beyond(connection)
    return State(
        catalog=reading.catalog,
        database=database,
        shown=shown,
        statements=tuple(statements),
        is_dump=is_dump,
        renames=tuple(renames),
        beyond=beyond,
        reading=reading,
    )


def open_schema(
    environment: Environment, shadows: Shadows, *, without: Iterable[Path] = ()
) -> State:
    """Run the schema files of an environment."""
    project = load_project(environment, without=tuple(without))
    shown = environment.schema_dir.relative_to(environment.root).as_posix()
    return open_files(project.schema_files, shown, shadows)


def open_migrations(place: Place, shadows: Shadows) -> State:
    """Apply all migration files to an empty database."""
    directory = place.migrations_dir
    if directory is None and place.environment is not None:
        directory = place.environment.migrations_dir
    if directory is None:
        raise ConfigError("there is no project here, so no migrations", hint="confiture init")
    files = load_migrations(directory) if directory.is_dir() else ()
    database = shadows.make()
    with shadows.connect(database) as connection:
        for file in files:
            apply_migration(connection, file, record=False)
        reading = Follower(connection, brief=True).read()
        beyond = read_beyond(connection)
    statements = tuple(
        statement
        for file in files
        if file.kind == "sql"
        for statement in split_statements(file.text, shown=file.shown)
    )
    return State(
        catalog=reading.catalog,
        database=database,
        shown=MIGRATIONS,
        statements=statements,
        python="".join(file.text for file in files if file.kind == "py"),
        beyond=beyond,
        reading=reading,
    )


def open_database(conninfo: str, shadows: Shadows, *, shown: str = "the database") -> State:
    """Read a live database, and make its schema again in a shadow; the live one is only read."""
    try:
        with psycopg.connect(conninfo, autocommit=True, application_name="confiture") as connection:
            live = read_catalog(connection, default_owner=_database_owner(connection))
            beyond = read_beyond(connection)
    except psycopg.OperationalError as exc:
        raise DatabaseError(f"cannot connect to {shown}", detail=str(exc).strip()) from exc
    system = {
        identity: item
        for identity, item in live.objects.items()
        if isinstance(item, SystemPrivileges)
    }
    others = {each: item for each, item in live.objects.items() if each not in system}
    state = open_catalog(replace(live, objects=others), shown, shadows)
    return replace(state, beyond=beyond, system=system)


def open_catalog(saved: Catalog, shown: str, shadows: Shadows) -> State:
    """Make the objects of a catalog from its texts."""
    database = shadows.make()
    with shadows.connect(database) as connection:
        if shadows.server.is_ephemeral:
            _create_roles(saved, connection)
        fill(saved, connection)
        reading = Follower(connection, brief=True).read()
    if lost := saved.objects.keys() - reading.catalog.objects.keys():
        raise Unsupported(f"{min(lost)} of {shown} is not there when it is made again")
    return State(catalog=reading.catalog, database=database, shown=shown, reading=reading)


def _missing_role(shadows: Shadows) -> Literal["create", "skip"]:
    """Roles belong to the whole server: they are made only on one of our own."""
    return "create" if shadows.server.is_ephemeral else "skip"


def _only_owner(connection: Connection) -> str | None:
    """Return the role that owns all that a dump made; its own name is then of no note."""
    rows = connection.execute(
        """
        select distinct pg_catalog.pg_get_userbyid(relowner)::text
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
          and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        """
    ).fetchall()
    return rows[0][0] if len(rows) == 1 else None


def _database_owner(connection: psycopg.Connection[tuple[str, ...]]) -> str | None:
    row = connection.execute(
        "select pg_catalog.pg_get_userbyid(datdba)::text from pg_catalog.pg_database"
        " where datname = pg_catalog.current_database()"
    ).fetchone()
    return row[0] if row else None


def _create_roles(catalog: Catalog, connection: Connection) -> None:
    """Make the roles that the catalog mentions and the server of ours does not have."""
    known = {row[0] for row in connection.execute("select rolname from pg_catalog.pg_roles")}
    for role in sorted(roles_of(catalog) - known - {"public"}):
        connection.execute(psycopg.sql.SQL("create role {}").format(psycopg.sql.Identifier(role)))


def roles_of(catalog: Catalog) -> frozenset[str]:
    """Name the roles that own objects, have rights on them or are subject to policies."""
    mentioned: set[str] = set()
    for item in catalog.objects.values():
        mentioned.update(p.grantee for p in item.privileges if p.grantee)
        mentioned.update(p.grantor for p in item.privileges if p.grantor)
        if item.owner:
            mentioned.add(item.owner)
        if isinstance(item, Policy):
            mentioned.update(item.roles)
        if isinstance(item, DefaultPrivileges) and item.role:
            mentioned.add(item.role)
    return frozenset(mentioned)
