"""`confiture migrate up` against one psql process, and `status` of many against that of few.

psql runs the same files, each in a transaction of its own; it keeps no history, takes no lock and
sets no time-outs. Both start on an empty database that is there.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import CONFITURE, Contender, compare
from benchmarks.projects import options, write_environment, write_sql_migrations
from confiture_core.factory.databases import connect
from confiture_core.server import find_server

if TYPE_CHECKING:
    from confiture_core.server import Server

DATABASE = f"confiture_benchmark_{os.getpid()}"
FEW, MANY = 100, 1000


def main() -> int:
    wanted = options()
    with find_server(environ=os.environ) as server, tempfile.TemporaryDirectory() as folder:
        try:
            missed = _up(server, Path(folder) / "up", wanted.files, wanted.repeats)
            return missed | _status(server, Path(folder), wanted.repeats)
        finally:
            _run(server, *_drops())


def _up(server: Server, root: Path, files: int, repeats: int) -> int:
    write_environment(root, server, DATABASE)
    write_sql_migrations(root, files)
    script = root / "all.sql"
    paths = sorted((root / "db" / "migrations").glob("*.up.sql"))
    script.write_text("".join(f"begin;\n\\i {path}\ncommit;\n" for path in paths))
    psql = ["psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", f"--file={script}"]

    def empty() -> None:
        _run(server, f"drop database if exists {DATABASE}", f"create database {DATABASE}")

    return compare(
        [
            Contender(
                name=f"confiture migrate up ({files} migrations)",
                command=[CONFITURE, "migrate", "up"],
                prepare=empty,
                cwd=root,
            ),
            Contender(
                name="psql, each file in its transaction",
                command=[*psql, server.url(DATABASE)],
                prepare=empty,
            ),
        ],
        repeats=repeats,
        target=1.5,
    )


def _status(server: Server, folder: Path, repeats: int) -> int:
    contenders = []
    for files in (MANY, FEW):
        root = folder / f"status_{files}"
        write_environment(root, server, f"{DATABASE}_{files}")
        write_sql_migrations(root, files)
        subprocess.run([CONFITURE, "migrate", "up"], cwd=root, check=True, capture_output=True)
        name = f"confiture migrate status ({files} migrations)"
        command = [CONFITURE, "migrate", "status"]
        contenders.append(Contender(name=name, command=command, cwd=root))
    return compare(contenders, repeats=repeats, target=1.2)


def _drops() -> list[str]:
    names = (DATABASE, f"{DATABASE}_{FEW}", f"{DATABASE}_{MANY}")
    return [f"drop database if exists {name}" for name in names]


def _run(server: Server, *statements: str) -> None:
    with connect(server) as connection:
        for statement in statements:
            connection.execute(statement)


if __name__ == "__main__":
    raise SystemExit(main())
