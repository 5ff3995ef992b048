"""What the command says of projects that were begun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confiture.render import marked, print_json, say, talk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confiture.scaffold import Scaffold
    from confiture_core.adoption.taking import Taken
    from confiture_core.migrations.loader import MigrationFile

_NEXT_STEPS = """
db/schema holds the SQL that makes your tables, db/seeds the rows that databases begin with,
db/migrations the steps from one schema to the next, db/environments where the databases are.

Next:
  1. say in db/environments/local.yaml where your PostgreSQL is
  2. write your tables in db/schema, and rows in db/seeds
  3. confiture build                              makes the database from these files
     confiture migrate diff --generate --name x   writes what has changed as a migration
     confiture migrate up                         applies the migrations
  4. pytest                                       gives a database to tests with confiture_db"""
_EXAMPLE_STEPS = """
db/schema holds the table "example", db/seeds two rows of it, db/migrations the migration that
makes it, tests/ three tests, each with a database of its own. All of it passes as it is:

  pytest                                          no PostgreSQL need be running
  pytest --confiture-verify-migrations            and proves that the migration can be taken back
  confiture migrate diff                          compares the migrations with db/schema

Then say in db/environments/local.yaml where your PostgreSQL is:

  confiture build                                 makes the database from schema and seeds"""
_DATABASE_STEPS = """
db/schema holds the schema of that database, a file for each object: run on an empty database, it
made the same again. From here on it is the source of truth: edit it, and

  confiture migrate diff --generate --name x      writes what has changed as a migration

db/migrations begins with the baseline, which makes all of it on an empty database."""
_NOT_RECORDED = """
The database itself was only read. Its history does not say yet that it has the baseline: name it
in an environment and run "confiture migrate baseline --through 001 --env NAME" there, once for
each database that has this schema ("confiture init --from URL --record" does so at once)."""
_MIGRATIONS_STEPS = """
db/migrations holds those migrations, db/schema what they make together, a file for each object:
from here on it is the source of truth. Edit it, and

  confiture migrate diff --generate --name x      writes what has changed as a migration
  confiture migrate import DIR --env NAME         records in that environment's database which of
                                                  them the other tool has applied"""
_MOST_SHOWN = 12


def initialized(
    scaffold: Scaffold,
    more: Sequence[str],
    notes: Sequence[str],
    recorded: Sequence[str],
    *,
    source: str | None,
    as_json: bool,
) -> None:
    """Print what a project begins with, and what comes next."""
    created = (*more, *scaffold.created)
    if as_json:
        facts = {"created": created, "kept": scaffold.kept, "recorded": recorded, "notes": notes}
        print_json(facts)
        return
    for shown in scaffold.kept:
        say(f"Kept {shown}, as it was there")
    _say_created(more)
    for shown in scaffold.created:
        say(marked("✅", f"Created {shown}"))
    for note in notes:
        talk(f"note: {note}")
    if not created:
        say("Nothing to create: everything is there")
    else:
        _say_next(scaffold, recorded, source)


def _say_next(scaffold: Scaffold, recorded: Sequence[str], source: str | None) -> None:
    if source == "migrations":
        say(_MIGRATIONS_STEPS)
    elif source == "database":
        say(_DATABASE_STEPS)
        for label in recorded:
            say(f"\nThe database's history says that {label} is applied.")
        if not recorded:
            say(_NOT_RECORDED)
    else:
        is_example = any(shown.startswith("tests/") for shown in scaffold.created)
        say(_EXAMPLE_STEPS if is_example else _NEXT_STEPS)


def _say_created(files: Sequence[str]) -> None:
    for shown in files[:_MOST_SHOWN]:
        say(marked("✅", f"Created {shown}"))
    if len(files) > _MOST_SHOWN:
        say(marked("✅", f"Created {len(files) - _MOST_SHOWN} more files"))


def imported(
    taken: Taken,
    written: Sequence[str],
    kept: int,
    recorded: Sequence[MigrationFile] | None,
    *,
    as_json: bool,
) -> None:
    """Print what was taken over from another tool; `recorded` is None where no one asked."""
    if as_json:
        rows = [{"version": one.version, "name": one.name} for one in recorded or ()]
        facts = {"format": taken.format, "written": written, "kept": kept}
        print_json({**facts, "recorded": rows, "notes": taken.notes})
        return
    _say_created(written)
    if kept:
        say(f"Kept {kept} file(s), which are the same")
    for note in taken.notes:
        talk(f"note: {note}")
    say(f"\n{len(taken.migrations)} migration(s) of {taken.format}")
    if recorded is None:
        say(
            "No database was looked at: run it again with --env NAME, and what"
            f" {taken.format} has applied to that database is recorded as applied"
        )
        return
    say(f"{len(recorded)} of them recorded as applied; the schema is as it was")
