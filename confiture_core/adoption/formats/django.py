"""Django: all migrations of a project in the order of its plan, each as `sqlmigrate` writes it.

Those of the applications that Django brings are among them: their tables are part of the schema.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from confiture_core.adoption.foreign import Foreign, ForeignSet
from confiture_core.errors import MigrationError

_MANAGE = "manage.py"
# What sqlmigrate writes where an operation is no SQL.
_NO_SQL = "THIS OPERATION CANNOT BE WRITTEN AS SQL"

# It runs in one process of Django's: to start one for each migration would take minutes.
_PROGRAM = """
import io, json, sys
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
def written(app, name, **options):
    out = io.StringIO()
    try:
        call_command("sqlmigrate", app, name, stdout=out, no_color=True, **options)
    except Exception as exc:
        if not options:
            raise
        return None
    return out.getvalue()
loader = MigrationLoader(connection, replace_migrations=False)
plan = []
for leaf in sorted(loader.graph.leaf_nodes()):
    plan += [node for node in loader.graph.forwards_plan(leaf) if node not in plan]
found = [
    (app, name, written(app, name), written(app, name, backwards=True)) for app, name in plan
]
with open({path!r}, "w", encoding="utf-8") as file:
    json.dump(found, file)
"""


def is_there(directory: Path) -> bool:
    """Tell whether a directory is a project of Django's."""
    return (directory / _MANAGE).is_file()


def read(directory: Path) -> ForeignSet:
    """Have Django write its migrations; it needs the database that its settings name."""
    if not is_there(directory):
        raise MigrationError(f"there is no {_MANAGE}", path=str(directory))
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "plan.json"
        program = _PROGRAM.replace("{path!r}", repr(str(answer)))
        done = subprocess.run(
            [sys.executable, _MANAGE, "shell", "-c", program],
            cwd=directory,
            capture_output=True,
            text=True,
        )
        if done.returncode != 0 or not answer.exists():
            raise MigrationError(
                "Django cannot write its migrations as SQL",
                path=str(directory / _MANAGE),
                detail=(done.stderr.strip() or done.stdout.strip()).splitlines()[-1],
                hint="run this in the project's own environment, with its database reachable",
            )
        found = json.loads(answer.read_text("utf-8"))
    migrations = tuple(
        Foreign(key=f"{app}.{name}", name=f"{app}_{name}", up=up, down=_way_back(down))
        for app, name, up, down in found
    )
    notes = [
        f"{one.key} does something in Python that SQL does not say: write it by hand"
        for one in migrations
        if _NO_SQL in one.up
    ]
    return ForeignSet(migrations=migrations, notes=tuple(notes))


def _way_back(down: str | None) -> str | None:
    return None if down is None or _NO_SQL in down else down
