"""Verification of a chain of migrations against psql applying the same files once.

The target is about a process for each file, as a runner of migrations in a shell has it. What one
process takes for all files is printed beside it: then hardly anything but the server is at work.

Without `--cases` the chain is generated. With it, each folder in that directory is a set: pairs
`NNNN_name.up.sql` and `.down.sql`, `0000_init.sql` where something comes first, and
`expected.json` with the verdict of each; what is found is held against it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from confiture_core.factory.shadows import shadows
from confiture_core.migrations.loader import load_migrations
from confiture_core.server import find_server
from confiture_core.verify.chain import Chain
from confiture_core.verify.laws import verdicts

if TYPE_CHECKING:
    from confiture_core.factory.shadows import Shadows
    from confiture_core.verify.finding import Law, Verdict

_UP = """\
CREATE TABLE item_{number:04} (
    id INTEGER PRIMARY KEY,
    parent_id INTEGER REFERENCES item_{parent:04} (id),
    code TEXT NOT NULL DEFAULT 'new' CHECK (code <> '')
);
CREATE INDEX item_{number:04}_code_idx ON item_{number:04} (code);
ALTER TABLE item_{parent:04} ADD COLUMN note_{number:04} TEXT;
"""
_DOWN = """\
ALTER TABLE item_{parent:04} DROP COLUMN note_{number:04};
DROP TABLE item_{number:04};
"""
# Verdicts that are reported and fail nothing.
_SOUND = {
    "ok",
    "column_order_only",
    "function_whitespace_only",
    "nondeterministic_ddl",
    "declared_irreversible",
}
_SCHEMA_LAWS: tuple[Law, ...] = ("up", "down-leaves-no-trace", "again")
_TARGET = 4


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=100, help="migrations to generate")
    parser.add_argument("--cases", type=Path, help="a directory of sets, instead")
    wanted = parser.parse_args()
    with (
        find_server(environ=os.environ) as server,
        shadows(server) as made,
        tempfile.TemporaryDirectory() as folder,
    ):
        if wanted.cases is None:
            write_chain(Path(folder), wanted.files)
            sets = [Path(folder)]
        else:
            sets = sorted(path for path in wanted.cases.iterdir() if path.is_dir())
        return max([_measure(directory, made) for directory in sets])


def write_chain(folder: Path, files: int) -> None:
    """Write so many migrations, each about a table of its own and the one before."""
    for number in range(1, files + 1):
        parent = number if number == 1 else number - 1
        up, down = _UP, _DOWN
        for suffix, text in (("up", up), ("down", down)):
            path = folder / f"{number:04}_item.{suffix}.sql"
            path.write_text(text.format(number=number, parent=parent), encoding="utf-8")


def _measure(directory: Path, made: Shadows) -> int:
    template = _template(directory, made)
    psql_s = _apply_with_psql(directory, made, template)
    one_s = _apply_with_one_psql(directory, made, template)
    migrations = load_migrations(directory, root=directory)
    start = time.perf_counter()
    with closing(Chain(made, migrations, template=template)) as chain:
        found = {file.label: verdicts(chain.see(file)) for file in migrations}
    verify_s = time.perf_counter() - start
    print(
        f"{directory.name}: {len(migrations)} migrations verified in {verify_s:.1f} s,"
        f" {verify_s / len(migrations) * 1000:.1f} ms each;"
        f" psql, a process for each file: {psql_s:.1f} s; ratio {verify_s / psql_s:.2f};"
        f" psql, one process for all: {one_s:.2f} s; ratio {verify_s / one_s:.1f}"
    )
    expected = directory / "expected.json"
    if expected.exists():
        _hold_against(found, json.loads(expected.read_text(encoding="utf-8")))
    return 0 if verify_s <= _TARGET * psql_s else 1


def _template(directory: Path, made: Shadows) -> str:
    init = directory / "0000_init.sql"
    if not init.exists():
        return "template0"
    name = made.make()
    with made.connect(name) as connection:
        connection.execute(init.read_bytes(), prepare=False)
    return name


def _apply_with_psql(directory: Path, made: Shadows, template: str) -> float:
    conninfo = made.server.conninfo(made.make(template=template))
    start = time.perf_counter()
    for path in sorted(directory.glob("*.up.sql")):
        command = ["psql", "-XqAt", "-f", str(path), "-d", conninfo]
        subprocess.run(command, capture_output=True, check=True)
    return time.perf_counter() - start


def _apply_with_one_psql(directory: Path, made: Shadows, template: str) -> float:
    conninfo = made.server.conninfo(made.make(template=template))
    files = [part for path in sorted(directory.glob("*.up.sql")) for part in ("-f", str(path))]
    start = time.perf_counter()
    command = ["psql", "-XqAt", *files, "-d", conninfo]
    subprocess.run(command, capture_output=True, check=True)
    return time.perf_counter() - start


def _hold_against(
    found: dict[str, dict[Law, Verdict]], expected: dict[str, dict[str, object]]
) -> None:
    broken = {
        label for label, laws in found.items() if not all(laws[law].holds for law in _SCHEMA_LAWS)
    }
    meant = {label for label, facts in expected.items() if facts["verdict"] not in _SOUND}
    print(f"  round trips broken: {len(broken & meant)} of {len(meant)} found")
    for label in sorted(meant - broken):
        print(f"  missed: {label} ({expected[label]['verdict']})")
    for label in sorted(broken - meant):
        print(f"  found, but not expected: {label} ({expected[label]['verdict']})")
    for fact, law in (("up_fails_with_rows", "data-survives"), ("rows_changed", "data-survives")):
        known = {label for label, facts in expected.items() if facts.get(fact)}
        caught = {label for label in known if not found[label]["data-survives"].holds}
        if known:
            print(f"  {law}: {fact.replace('_', ' ')}: {len(caught)} of {len(known)} found")
    files = [finding for laws in found.values() for finding in laws["data-survives"].findings]
    unfilled = sum(1 for finding in files if " has no rows" in finding.message)
    print(f"  tables without rows: {unfilled}")


if __name__ == "__main__":
    raise SystemExit(main())
