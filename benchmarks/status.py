"""`confiture migrate status`, everything applied, against a Python that imports what it needs."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from benchmarks.measure import CONFITURE, PYTHON, Contender, compare
from benchmarks.projects import options, write_environment, write_migrations
from confiture_core.factory.databases import shadow_database
from confiture_core.server import find_server


def main() -> int:
    wanted = options()
    with (
        find_server(environ=os.environ) as server,
        shadow_database(server) as dbname,
        tempfile.TemporaryDirectory() as folder,
    ):
        root = Path(folder)
        write_environment(root, server, dbname)
        write_migrations(root, wanted.files)
        subprocess.run([CONFITURE, "migrate", "up"], cwd=root, check=True, capture_output=True)
        return compare(
            [
                Contender(
                    name=f"confiture migrate status ({wanted.files} migrations)",
                    command=[CONFITURE, "migrate", "status"],
                    cwd=root,
                ),
                Contender(
                    name='python -c "import psycopg, pglast"',
                    command=[PYTHON, "-c", "import psycopg, pglast"],
                ),
            ],
            repeats=wanted.repeats,
            target=3,
        )


if __name__ == "__main__":
    raise SystemExit(main())
