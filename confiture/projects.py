"""What the command says of projects that were begun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confiture.render import marked, print_json, say, talk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confiture.scaffold import Scaffold

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
_MOST_SHOWN = 12


def initialized(
    scaffold: Scaffold,
    more: Sequence[str],
    notes: Sequence[str],
    recorded: Sequence[str],
    *,
    from_database: bool,
    as_json: bool,
) -> None:
    """Print what a project begins with, and what comes next."""
    created = (*more, *scaffold.created)
    if as_json:
        facts = {"created": created, "kept": scaffold.kept}
        also = {"notes": notes, "recorded": recorded} if from_database else {}
        print_json({**facts, **also})
        return
    for shown in scaffold.kept:
        say(f"Kept {shown}, as it was there")
    for shown in (*more[:_MOST_SHOWN], *scaffold.created):
        say(marked("✅", f"Created {shown}"))
    if len(more) > _MOST_SHOWN:
        say(marked("✅", f"Created {len(more) - _MOST_SHOWN} more files"))
    for note in notes:
        talk(f"note: {note}")
    if not created:
        say("Nothing to create: everything is there")
    elif not from_database:
        is_example = any(shown.startswith("tests/") for shown in scaffold.created)
        say(_EXAMPLE_STEPS if is_example else _NEXT_STEPS)
    else:
        say(_DATABASE_STEPS)
        for label in recorded:
            say(marked("✅", f"\nRecorded {label} as applied in the database's history"))
        if not recorded:
            say(_NOT_RECORDED)
