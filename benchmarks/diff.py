"""`confiture migrate diff` of two schemas against pg_dump and psql on the same two.

Loading both into a server cannot be saved, so the whole is held against psql doing that; the
client's own work against pg_dump reading both, which asks the server for the same. The last lines
are about size: many tables against themselves with one change, in memory and in growth.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import CONFITURE
from benchmarks.projects import write_schema
from confiture_core.factory.databases import connect
from confiture_core.server import find_server

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confiture_core.server import Server

_DATABASES = tuple(f"confiture_benchmark_{os.getpid()}_{side}" for side in ("old", "new"))
_CPU_TARGET, _TIME_TARGET, _GROWTH_TARGET, _MEMORY_TARGET_MB = 2, 1.5, 1.5, 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one process took."""

    elapsed_s: float
    cpu_s: float  # of the process itself, not of the server
    peak_mb: float


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeats", type=int, default=7, help="rounds that count")
    parser.add_argument("--files", type=int, default=500, help="objects of each schema")
    parser.add_argument("--tables", type=int, nargs=2, default=(200, 2000), help="few and many")
    wanted = parser.parse_args()
    with find_server(environ=os.environ) as server, tempfile.TemporaryDirectory() as folder:
        missed = _compare(server, Path(folder), wanted.files, wanted.repeats)
        return max(missed, _grow(server, Path(folder), *wanted.tables))


def _compare(server: Server, folder: Path, files: int, repeats: int) -> int:
    sides = _write_sides(folder / "sides", files, every=20)
    found: dict[str, list[Cost]] = {"diff": [], "psql": [], "dump": []}
    try:
        for round_ in range(repeats + 1):
            _empty(server)
            costs = {
                "diff": _diff(server, sides),
                "psql": [_load(server, *pair) for pair in zip(_DATABASES, sides, strict=True)],
                "dump": [_dump(server, name) for name in _DATABASES],
            }
            if round_:
                for name, listed in costs.items():
                    found[name].append(_sum(listed))
    finally:
        _empty(server, make=False)
    diff, psql, dump = (found[name] for name in ("diff", "psql", "dump"))
    print(f"two schemas of {files} files:")
    return max(
        _ratio("elapsed, against psql -f of both", diff, psql, "elapsed_s", _TIME_TARGET),
        _ratio("client CPU, against pg_dump of both", diff, dump, "cpu_s", _CPU_TARGET),
    )


def _grow(server: Server, folder: Path, few: int, many: int) -> int:
    costs = {}
    for tables in (few, many):
        # Four of five generated files are tables.
        sides = _write_sides(folder / f"tables_{tables}", tables * 5 // 4, every=tables)
        costs[tables] = _sum(_diff(server, sides))
        cost = costs[tables]
        print(
            f"{tables} tables and one change: {cost.elapsed_s:.1f} s,"
            f" client CPU {cost.cpu_s:.1f} s, at most {cost.peak_mb:.0f} MB"
        )
    growth = costs[many].cpu_s / costs[few].cpu_s / (many / few)
    print(f"client CPU per table grows {growth:.2f} x, target {_GROWTH_TARGET}")
    is_met = growth <= _GROWTH_TARGET and costs[many].peak_mb <= _MEMORY_TARGET_MB
    print("met" if is_met else "MISSED")
    return 0 if is_met else 1


def _write_sides(folder: Path, files: int, *, every: int) -> tuple[Path, Path]:
    """Write a schema, and the one after it with a column more in every so many tables."""
    (folder / "db" / "schema").mkdir(parents=True)
    old = write_schema(folder, files)
    texts = old.read_text(encoding="utf-8").split("-- Table number ")
    new = folder / "new.sql"
    changed = [
        text.replace("    code TEXT", "    note TEXT,\n    code TEXT", 1)
        if number % every == 1
        else text
        for number, text in enumerate(texts)
    ]
    new.write_text("-- Table number ".join(changed), encoding="utf-8")
    return old, new


def _diff(server: Server, sides: Sequence[Path]) -> list[Cost]:
    command = [CONFITURE, "migrate", "diff", *map(str, sides)]
    return [_run(command, server, codes=(0, 3), cwd=sides[0].parents[1])]


def _load(server: Server, database: str, file: Path) -> Cost:
    options = ["--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1"]
    return _run(["psql", *options, f"--file={file}", server.url(database)], server)


def _dump(server: Server, database: str) -> Cost:
    return _run(["pg_dump", "--schema-only", server.url(database)], server)


def _run(
    command: list[str], server: Server, *, codes: Sequence[int] = (0,), cwd: Path | None = None
) -> Cost:
    environ = {**os.environ, "CONFITURE_SERVER_URL": server.url("postgres")}
    start = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, cwd=cwd, env=environ, stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
        elapsed_s = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in codes:
            output.seek(0)
            raise SystemExit(f"{command[0]} failed:\n{output.read().decode()}")
    return Cost(
        elapsed_s=elapsed_s,
        cpu_s=usage.ru_utime + usage.ru_stime,
        peak_mb=usage.ru_maxrss / 1024,
    )


def _sum(costs: Sequence[Cost]) -> Cost:
    return Cost(
        elapsed_s=sum(cost.elapsed_s for cost in costs),
        cpu_s=sum(cost.cpu_s for cost in costs),
        peak_mb=max(cost.peak_mb for cost in costs),
    )


def _ratio(what: str, ours: list[Cost], theirs: list[Cost], field: str, target: float) -> int:
    one, other = (
        statistics.median(getattr(cost, field) for cost in costs) for costs in (ours, theirs)
    )
    verdict = "met" if one / other <= target else "MISSED"
    print(
        f"  {what:<36} {one * 1000:8.0f} ms to {other * 1000:6.0f} ms:"
        f" {one / other:5.2f} x, target {target:g}: {verdict}"
    )
    return 0 if one / other <= target else 1


def _empty(server: Server, *, make: bool = True) -> None:
    with connect(server) as connection:
        for name in _DATABASES:
            connection.execute(f"drop database if exists {name}")
            if make:
                connection.execute(f"create database {name}")


if __name__ == "__main__":
    raise SystemExit(main())
