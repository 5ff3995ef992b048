"""`confiture build` of many files against `psql -f` of the same text.

Confiture also makes the database, which psql does not: it is given an empty one. The line between
shows psql with `createdb` before it, which is the same work.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import CONFITURE, Contender, compare
from benchmarks.projects import options, write_environment, write_schema
from confiture_core.factory.databases import connect
from confiture_core.server import find_server

if TYPE_CHECKING:
    from confiture_core.server import Server

DATABASE = f"confiture_benchmark_{os.getpid()}"


def run_sql(server: Server, *statements: str) -> None:
    with connect(server) as connection:
        for statement in statements:
            connection.execute(statement)


def main() -> int:
    wanted = options()
    with find_server(environ=os.environ) as server, tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_environment(root, server, DATABASE)
        whole = write_schema(root, wanted.files)
        url = server.url(DATABASE)
        psql = f"psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --file='{whole}' '{url}'"
        create = f"psql --quiet --no-psqlrc --command='create database {DATABASE}'"
        drop = f"drop database if exists {DATABASE}"

        def none() -> None:
            run_sql(server, drop)

        def empty() -> None:
            run_sql(server, drop, f"create database {DATABASE}")

        try:
            return compare(
                [
                    Contender(
                        name=f"confiture build ({wanted.files} files)",
                        command=[CONFITURE, "build", "--env", "local"],
                        prepare=none,
                        cwd=root,
                    ),
                    Contender(
                        name="create database; psql -f",
                        command=["sh", "-c", f"{create} '{server.url('postgres')}' && {psql}"],
                        prepare=none,
                    ),
                    Contender(
                        name="psql -f into a database that is there",
                        command=["sh", "-c", psql],
                        prepare=empty,
                    ),
                ],
                repeats=wanted.repeats,
                target=1,
            )
        finally:
            run_sql(server, drop)


if __name__ == "__main__":
    raise SystemExit(main())
