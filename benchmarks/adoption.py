"""Round trip of adoption: a schema loaded, written down by `init --from`, built, and compared.

    python -m benchmarks.adoption PATH...

Each path is an SQL file, or a directory of files that are run in alphabetical order by psql. What
`pg_dump --schema-only` says of the database built has to be what it says of the original, or of
the original that went once through pg_dump and psql.
"""

from __future__ import annotations

import argparse
import difflib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg

from confiture_core.server import Server, find_server


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    options = parser.parse_args()
    failed = 0
    with find_server(environ=dict(os.environ), listen=True) as server:
        for path in options.paths:
            failed += not round_trip(server, path)
    return 1 if failed else 0


def round_trip(server: Server, path: Path) -> bool:
    name = path.stem.replace("-", "_")
    with psycopg.connect(server.conninfo(), autocommit=True) as connection:
        connection.execute(f"create database {name} template template0".encode())
    files = sorted(path.glob("*.sql")) if path.is_dir() else [path]
    for file in files:
        load = ["psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d", server.url(name), "-f", str(file)]
        subprocess.run(load, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as folder:
        seconds, said = timed("init", "--from", server.url(name), folder)
        environment = Path(folder) / "db" / "environments" / "local.yaml"
        url = server.url(f"{name}_built")
        environment.write_text(f"name: local\nincludes: [../schema]\ndatabase:\n  url: {url}\n")
        timed("build", "--config", str(environment))
        compared = timed("migrate", "diff", "--check", "--config", str(environment))[1]
        count = len(list((Path(folder) / "db" / "schema").rglob("*.sql")))
    same = dumped(server, name) == dumped(server, f"{name}_built")
    said_twice = ""
    if not same:
        # Some expressions are worded anew when their own text is run, by pg_dump's restore as well.
        restore(server, name)
        same = dumped(server, f"{name}_restored") == dumped(server, f"{name}_built")
        said_twice = " (equal to the original after pg_dump and psql)"
    unequal = said_twice if same else " BUT pg_dump DIFFERS"
    print(f"{name}: {count} files in {seconds:.1f} s, {len(files)} read{unequal}")
    for line in (*said.splitlines(), *compared.splitlines()):
        if line.startswith("note:"):
            print(f"  {line}")
    if not same:
        show_difference(server, name)
    return same


def restore(server: Server, name: str) -> None:
    with psycopg.connect(server.conninfo(), autocommit=True) as connection:
        connection.execute(f"create database {name}_restored template template0".encode())
    text = "\n".join(dumped(server, name))
    target = ["psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d", server.url(f"{name}_restored")]
    subprocess.run(target, input=text, text=True, check=True, stdout=subprocess.DEVNULL)


def show_difference(server: Server, name: str) -> None:
    both = dumped(server, name), dumped(server, f"{name}_built")
    for line in difflib.unified_diff(*both, "original", "built", lineterm="", n=1):
        print(f"    {line}")


def timed(*arguments: str) -> tuple[float, str]:
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "confiture", *arguments], capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"confiture {' '.join(arguments)}:\n{done.stdout}{done.stderr}")
    return time.monotonic() - start, done.stdout + done.stderr


def dumped(server: Server, name: str) -> list[str]:
    done = subprocess.run(
        ["pg_dump", "-s", "--exclude-table=confiture_migrations", "-d", server.url(name)],
        check=True,
        capture_output=True,
        text=True,
    )
    # The two lines that guard a dump hold a random word.
    return [line for line in done.stdout.splitlines() if not line.startswith("\\")]


if __name__ == "__main__":
    raise SystemExit(main())
