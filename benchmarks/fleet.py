"""`confiture migrate up` on many databases at once, against a shell loop of single runs."""

from __future__ import annotations

import os
import shlex
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import CONFITURE, Contender, compare
from benchmarks.projects import options, write_environment, write_sql_migrations
from confiture_core.factory.databases import connect
from confiture_core.server import find_server

if TYPE_CHECKING:
    from confiture_core.server import Server

PREFIX = f"confiture_benchmark_{os.getpid()}"
MIGRATIONS = 10
JOBS = 4


def main() -> int:
    wanted = options(files=200, repeats=3)
    names = [f"{PREFIX}_{number:04}" for number in range(wanted.files)]
    with find_server(environ=os.environ) as server, tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_environment(root, server, names[0])
        write_sql_migrations(root, MIGRATIONS)
        (root / "fleet.txt").write_text("".join(f"{name}\n" for name in names))
        single = f"{shlex.quote(str(CONFITURE))} migrate up --database"
        loop = f"while read name; do {single} $name || exit 1; done < fleet.txt"

        def empty() -> None:
            _drop(server, names)
            with connect(server) as connection:
                for name in names:
                    connection.execute(f"create database {name}")

        all_at_once = [CONFITURE, "migrate", "up", "--databases", "fleet.txt", f"--jobs={JOBS}"]
        try:
            return compare(
                [
                    Contender(
                        name=f"confiture migrate up ({wanted.files} databases, {JOBS} jobs)",
                        command=all_at_once,
                        prepare=empty,
                        cwd=root,
                    ),
                    Contender(
                        name="a shell loop of single runs",
                        command=["sh", "-c", loop],
                        prepare=empty,
                        cwd=root,
                    ),
                ],
                repeats=wanted.repeats,
                target=0.5,
            )
        finally:
            _drop(server, names)


def _drop(server: Server, names: list[str]) -> None:
    with connect(server) as connection:
        for name in names:
            connection.execute(f"drop database if exists {name}")


if __name__ == "__main__":
    raise SystemExit(main())
