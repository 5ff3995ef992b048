"""What the table of another tool says of a database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg

from confiture_core import names
from confiture_core.errors import DatabaseError, MigrationError
from confiture_core.migrations import history
from confiture_core.migrations.events import ignore
from confiture_core.migrations.lock import migration_lock
from confiture_core.migrations.versions import identity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from confiture_core.adoption.taking import Taken
    from confiture_core.migrations.loader import MigrationFile

Connection = psycopg.Connection[Any]
# Which migrations are applied, by what the tool calls them, and when if it says so.
State = dict[str, "datetime | None"]

_TABLES = {
    "alembic": "alembic_version",
    "dbmate": "schema_migrations",
    "django": "django_migrations",
    "flyway": "flyway_schema_history",
    "golang-migrate": "schema_migrations",
    "goose": "goose_db_version",
    "maragu": "migrations",
    "sqitch": "changes",
}


def read_applied(connection: Connection, taken: Taken) -> State:
    """Read which of the migrations the other tool has applied.

    That it has stopped half-way, or applied what is not among them, is an error: nobody could
    then say what the database has.
    """
    table = _find_table(connection, taken.format)
    if table is None:
        return {}
    keys = [migration.key for migration in taken.migrations]
    state = _READERS[taken.format](connection, table, keys)
    if unknown := [key for key in state if key not in keys]:
        raise MigrationError(
            f"{taken.format} has applied {unknown[0]}, which is not among its files",
            hint="get the files of the version that is deployed",
        )
    after = {migration.key: migration.after for migration in taken.migrations}
    left = list(state)
    while left:
        below = [key for key in after[left.pop()] if key in after and key not in state]
        state |= dict.fromkeys(below)
        left += below
    return state


def take_over_state(
    connection: Connection, taken: Taken, files: Sequence[MigrationFile], *, wait_s: float
) -> tuple[MigrationFile, ...]:
    """Record what the other tool has applied; nothing else of the database is changed."""
    by_version = {identity(file.version): file for file in files}
    locked = migration_lock(connection, wait_s=wait_s, on_event=ignore)
    with locked, connection.transaction():
        state = read_applied(connection, taken)
        if not state:
            return ()
        history.ensure_history(connection)
        known = {identity(row.version) for row in history.read_history(connection)}
        versions = taken.versions_by_key
        new = {
            key: by_version[identity(versions[key])]
            for key in state
            if identity(versions[key]) not in known
        }
        history.record_all(connection, new.values())
        table = history.history_table(connection).qualified
        for key, file in new.items():
            if state[key] is not None:
                connection.execute(
                    f"update {table} set applied_at = %s where version = %s",
                    (state[key], file.version),
                    prepare=False,
                )
    return tuple(sorted(new.values(), key=lambda file: int(file.version)))


def _find_table(connection: Connection, format: str) -> str | None:
    """Find the tool's table, in whichever schema it is."""
    rows = connection.execute(
        "select n.nspname::text, c.relname::text from pg_catalog.pg_class c"
        " join pg_catalog.pg_namespace n on n.oid = c.relnamespace"
        " where c.relname = %s and c.relkind in ('r', 'p') and (%s or n.nspname = 'sqitch')"
        " order by 1",
        (_TABLES[format], format != "sqitch"),
    ).fetchall()
    if len(rows) > 1:
        found = ", ".join(f"{schema}.{name}" for schema, name in rows)
        raise DatabaseError(f"{format} has more than one table here: {found}")
    return names.qualified(*rows[0]) if rows else None


def _through(keys: Sequence[str], last: str) -> list[str]:
    if last not in keys:
        return [last]  # which read_applied refuses
    return list(keys[: keys.index(last) + 1])


def _golang_migrate(connection: Connection, table: str, keys: Sequence[str]) -> State:
    rows = connection.execute(f"select version, dirty from {table}").fetchall()
    if not rows:
        return {}
    ((version, is_dirty),) = rows
    if is_dirty:
        raise MigrationError(
            f"golang-migrate has left version {version} half-done",
            hint="mend the database and say so with its own command: migrate force VERSION",
        )
    return dict.fromkeys(_through(keys, str(version)))


def _dbmate(connection: Connection, table: str, keys: Sequence[str]) -> State:
    own = {identity(key): key for key in keys}
    rows = connection.execute(f"select version::text from {table} order by 1").fetchall()
    return {own.get(identity(version), version): None for (version,) in rows}


def _goose(connection: Connection, table: str, keys: Sequence[str]) -> State:
    own = {identity(key): key for key in keys}
    rows = connection.execute(
        f"select distinct on (version_id) version_id, is_applied, tstamp from {table}"
        " where version_id > 0 order by version_id, id desc"
    ).fetchall()
    return {own.get(int(number), str(number)): at for number, applied, at in rows if applied}


def _flyway(connection: Connection, table: str, keys: Sequence[str]) -> State:
    rows = connection.execute(
        f"select version, description, type, success, installed_on from {table}"
        " order by installed_rank"
    ).fetchall()
    versions = {tuple(map(int, key.split("."))): key for key in keys if not key.startswith("R__")}
    state: State = {}
    for version, description, kind, success, at in rows:
        if not success:
            raise MigrationError(
                f"flyway has left {version or description} half-done",
                hint="mend the database, then run: flyway repair",
            )
        if version is None:
            if kind in ("SCHEMA", "DELETE"):
                continue
            state[f"R__{description.replace(' ', '_')}"] = at
            continue
        numbers = _numbers(version)
        if kind == "BASELINE":
            state |= {key: at for one, key in versions.items() if one <= numbers}
        elif kind.startswith("UNDO"):
            state.pop(versions.get(numbers, version), None)
        else:
            state[versions.get(numbers, version)] = at
    return state


def _numbers(version: str) -> tuple[int, ...]:
    numbers = [int(part) for part in version.replace("_", ".").split(".")]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def _maragu(connection: Connection, table: str, keys: Sequence[str]) -> State:
    rows = connection.execute(f"select version from {table} where version <> ''").fetchall()
    return dict.fromkeys(_through(keys, rows[0][0])) if rows else {}


def _alembic(connection: Connection, table: str, _keys: Sequence[str]) -> State:
    rows = connection.execute(f"select version_num from {table}").fetchall()
    return {version: None for (version,) in rows}  # of each branch the newest


def _django(connection: Connection, table: str, keys: Sequence[str]) -> State:
    rows = connection.execute(f"select app, name, applied from {table} order by id").fetchall()
    found = {f"{app}.{name}": at for app, name, at in rows}
    # What a squashed migration replaces stays in the table when its file is gone.
    return {key: at for key, at in found.items() if key in keys}


def _sqitch(connection: Connection, table: str, keys: Sequence[str]) -> State:
    rows = connection.execute(
        f"select change, committed_at from {table} order by committed_at, planned_at"
    ).fetchall()
    reworked: dict[str, list[str]] = {}
    for key in keys:
        reworked.setdefault(key.partition("@")[0], []).append(key)
    state: State = {}
    for change, at in rows:
        left = [key for key in reworked.get(change, [change]) if key not in state]
        state[left[0] if left else change] = at
    return state


_READERS: Mapping[str, Callable[[Connection, str, Sequence[str]], State]] = {
    "alembic": _alembic,
    "dbmate": _dbmate,
    "django": _django,
    "flyway": _flyway,
    "golang-migrate": _golang_migrate,
    "goose": _goose,
    "maragu": _maragu,
    "sqitch": _sqitch,
}
