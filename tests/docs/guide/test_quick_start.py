"""The guide's quick start, every step of it as it is written, output included."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.docs.conftest import Terminal
    from tests.docs.guide.conftest import Guide

USERS = "db/schema/10_tables/users.sql"


def test_every_step_works_as_written(terminal: Terminal, guide: Guide):
    follow(terminal, guide)


@pytest.mark.slow
def test_every_step_works_from_an_installation_on(terminal: Terminal, guide: Guide, installed):
    terminal.programs = installed

    follow(terminal, guide)


def follow(terminal: Terminal, guide: Guide) -> None:
    guide.begin(terminal)
    assert tree(terminal) == listed(guide.block("1. Initialize a Project", 1))
    assert generated(terminal, "001_create_users_table") == guide.block("4. Generate", 2)

    status = terminal.type(guide.block("5. Check Migration Status"))
    assert normalised(status).startswith(normalised(guide.block("5. Check Migration Status", 1)))
    assert 'Database "myapp_local" does not exist yet' in status

    shown = terminal.type(guide.block("6. Apply the Migration"))
    assert (
        shown == f'✅ Created database "myapp_local"\n\n{guide.block("6. Apply the Migration", 1)}'
    )

    tables = terminal.type(guide.block("7. Verify in Database"))
    assert cells(tables) == cells(guide.block("7. Verify in Database", 1))

    terminal.edit(USERS, guide.block("8. Make a Schema Change"))
    terminal.type(guide.block("9. Generate Migration for the Change", 0))
    shown = terminal.type(guide.block("9. Generate Migration for the Change", 1))
    methods = textwrap.indent(guide.block("9. Generate Migration for the Change", 2), "    ")
    assert methods == generated(terminal, "002_add_user_bio").partition('_bio"\n\n')[2]
    assert "idx_users_email" in shown
    assert "left alone" in shown

    shown = terminal.type(guide.block("10. Apply the New Migration"))
    assert shown == guide.block("10. Apply the New Migration", 1)
    assert "bio" in columns(terminal)

    assert terminal.type(guide.block("11. Rollback")) == guide.block("11. Rollback", 1)
    assert "bio" not in columns(terminal)

    # A dump of the whole database cannot be built beside the files that made it; and the guide's
    # second users.sql has no indexes.
    shown = terminal.type("mv db/schema/current.sql .; confiture migrate diff")
    assert shown == "DROP INDEX idx_users_email;\nDROP INDEX idx_users_username;\n"


def tree(terminal: Terminal) -> set[str]:
    """List the folders and files that init has made, of those that the guide shows."""
    begun = (path.relative_to(terminal.folder).as_posix() for path in terminal.folder.rglob("*"))
    later = ("users.sql", "empty.sql", "001_create_users_table.py", ".gitkeep")
    return {path for path in begun if not path.endswith(later)}


def listed(text: str) -> set[str]:
    """Read the paths out of the guide's drawing of a tree."""
    above: list[str] = []
    paths = set()
    for line in text.splitlines()[1:]:
        entry = re.search(r"[\w.]+", line)
        assert entry is not None
        above[entry.start() // 4 - 1 :] = [entry[0]]
        paths.add("/".join(above))
    return paths


def generated(terminal: Terminal, name: str) -> str:
    return (terminal.folder / "db" / "migrations" / f"{name}.py").read_text("utf-8")


def normalised(text: str) -> str:
    """Take the widths out of a table: those in the guide do not add up."""
    return re.sub(r"([ ━─])\1+", r"\1", "\n".join(line.strip() for line in text.splitlines()))


def cells(text: str) -> list[list[str]]:
    """Read a table of psql's, but for its title and rules."""
    rows = [[cell.strip() for cell in line.split("|")] for line in text.splitlines()]
    return [row for row in rows if len(row) > 1]


def columns(terminal: Terminal) -> list[object]:
    query = "select attname from pg_attribute where attrelid = 'users'::regclass and attnum > 0"
    return [row[0] for row in terminal.query("myapp_local", f"{query} and not attisdropped")]
