"""The project of a database that is there: its schema as files, and a baseline.

The database is only read. The files are run on an empty one before they are written, and give the
same catalog, columns in the same order.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from confiture_core.adoption.layout import SchemaText, in_one_file, lay_out
from confiture_core.builder.runner import run_files
from confiture_core.catalog.model import Column, Identity
from confiture_core.catalog.reader import read_catalog
from confiture_core.diff.operation import Step
from confiture_core.dump import dump
from confiture_core.errors import ConfitureError, ProjectError, SqlError, Unsupported
from confiture_core.migrations.executor import apply_migration
from confiture_core.migrations.generate import write_files
from confiture_core.migrations.loader import load_migrations
from confiture_core.migrations.rendering import render_sql_migration
from confiture_core.project import SqlFile
from confiture_core.proof import reason_not_reached
from confiture_core.reach import open_connection
from confiture_core.sources import open_database, roles_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from confiture_core.catalog.model import Catalog
    from confiture_core.factory.shadows import Shadows
    from confiture_core.proof import State

BASELINE = "001_baseline"
_NO_WAY_BACK = "the history begins here"
# A catalog does not tell the two usual owners of the schema "public" apart; pg_dump does.
_PUBLIC_IS_THEIRS = """
select 1 from pg_catalog.pg_namespace n join pg_catalog.pg_database d on d.datdba = n.nspowner
where n.nspname = 'public' and d.datname = pg_catalog.current_database()
    and pg_catalog.current_setting('server_version_num')::int >= 150000
"""
_PUBLIC_OWNER = Step(
    sql="ALTER SCHEMA public OWNER TO CURRENT_USER",
    identity=Identity(kind="schema", name="public"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """Files that make a catalog."""

    catalog: Catalog
    steps: tuple[Step, ...]
    files: tuple[SchemaText, ...]
    notes: tuple[str, ...] = ()


def require_no_schema(directory: Path) -> None:
    """Refuse a schema directory that has files: they would be mixed with those to come."""
    found = next(iter(sorted(directory.rglob("*.sql"))), None)
    if found is not None:
        raise ProjectError(
            "there is a schema already, and its files are not overwritten",
            path=str(found),
            hint="move it away, or start in another directory",
        )


def adopt_database(url: str, shadows: Shadows) -> Adopted:
    """Divide the schema of a live database, which is only read, into files."""
    state = open_database(url, shadows)
    with open_connection(url) as connection:
        row = connection.execute(_PUBLIC_IS_THEIRS).fetchone()
    return adopt(state, shadows, first=() if row is None else (_PUBLIC_OWNER,))


def adopt(state: State, shadows: Shadows, *, first: tuple[Step, ...] = ()) -> Adopted:
    """Divide a state into files, and see that they make it again.

    Where its objects cannot be divided so that they do, fewer files are tried, one at the end.
    Raises Unsupported, naming what is in the way, where that does not hold either.
    """
    catalog, steps = dump(state, shadows)
    steps = (*first, *steps)
    reasons = []
    for number in range(3):
        if number == 2:
            texts = in_one_file(steps)
        else:
            texts = lay_out(catalog, steps, keys_apart=number == 1)
        try:
            files = _built(texts, catalog, shadows)
        except (SqlError, Unsupported) as exc:
            reasons.append(str(exc))
        else:
            notes = [f"one file holds all: {reasons[0]}"] if number == 2 else []
            if roles := sorted(roles_of(catalog) - {"public"}):
                notes.append(f"the files name roles, which a server must have: {', '.join(roles)}")
            return Adopted(catalog=catalog, steps=steps, files=files, notes=tuple(notes))
    raise Unsupported(f"the schema cannot be divided into files: {reasons[-1]}")


def write_schema(adopted: Adopted, directory: Path) -> tuple[Path, ...]:
    """Write the files into a directory that has none."""
    require_no_schema(directory)
    paths = []
    for file in adopted.files:
        path = directory / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(file.text)
        paths.append(path)
    return tuple(paths)


def write_baseline(adopted: Adopted, directory: Path, shadows: Shadows) -> tuple[Path, ...]:
    """Write the migration that makes the catalog from nothing, after it has been seen to.

    It has no way down: that would empty a database that was there before it.
    """
    failure: ConfitureError | None = None
    for transactional in (True, False):
        text = _baseline(adopted.steps, transactional=transactional)
        try:
            _require_same(text, adopted.catalog, shadows)
        except ConfitureError as exc:
            failure = failure or exc
            continue
        return write_files(directory, {f"{BASELINE}.up.sql": text})
    assert failure is not None  # else a text was returned
    raise failure


def _built(
    texts: Iterable[SchemaText], catalog: Catalog, shadows: Shadows
) -> tuple[SchemaText, ...]:
    """Run the files in order; give those that made the catalog."""
    database = shadows.make()
    run = []
    try:
        with shadows.connect(database) as connection:
            for text in texts:
                try:
                    run_files(connection, [_file(text)])
                    run.append(text)
                except SqlError:
                    if text.is_unchecked or "_functions/" not in text.path:
                        raise
                    # Functions call each other in bodies that PostgreSQL keeps no record of.
                    run.append(replace(text, is_unchecked=True))
                    run_files(connection, [_file(run[-1])])
            reached = read_catalog(connection, default_owner=catalog.default_owner)
    finally:
        shadows.drop(database)
    _require_equal(reached, catalog, shadows)
    return tuple(run)


def _file(text: SchemaText) -> SqlFile:
    return SqlFile(path=Path(text.path), shown=f"db/schema/{text.path}", text=text.text)


def _baseline(steps: Iterable[Step], *, transactional: bool) -> str:
    version, _, name = BASELINE.partition("_")
    notes = (
        "What was there before there were migrations. A database that has it is told so with",
        f'"confiture migrate baseline --through {version}"; on an empty one, up makes it.',
    )
    return render_sql_migration(
        version,
        name,
        [step.sql for step in steps],
        [],
        transactional=transactional,
        irreversible=_NO_WAY_BACK,
        notes=notes,
    )[0]


def _require_same(text: str, catalog: Catalog, shadows: Shadows) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_files(Path(folder), {f"{BASELINE}.up.sql": text})
        (file,) = load_migrations(Path(folder), root=Path(folder))
    database = shadows.make()
    try:
        with shadows.connect(database) as connection:
            apply_migration(connection, file, record=False)
            reached = read_catalog(connection, default_owner=catalog.default_owner)
    finally:
        shadows.drop(database)
    _require_equal(reached, catalog, shadows)


def _require_equal(reached: Catalog, wanted: Catalog, shadows: Shadows) -> None:
    if reason := reason_not_reached(reached, wanted, shadows):
        raise Unsupported(f"what was made is not the same: {reason}")
    if moved := dict(_column_orders(wanted)).items() - dict(_column_orders(reached)).items():
        (table, _) = min(moved)
        raise Unsupported(f"what was made is not the same: columns of {table} in another order")


def _column_orders(catalog: Catalog) -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    columns: dict[tuple[str, str], list[Column]] = {}
    for item in catalog.objects.values():
        if isinstance(item, Column):
            columns.setdefault((item.identity.schema, item.identity.name), []).append(item)
    for table, own in columns.items():
        in_order = sorted(own, key=lambda column: column.position)
        yield table, tuple(column.identity.member for column in in_order)
