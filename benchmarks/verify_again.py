"""What verification costs when little has changed, with workers, and as the chain grows.

- the second run, where one `down` was changed, against the first: at most a tenth
- pytest with `-n 2` against `-n 0`: at least 1.6 times faster
- the time per migration of a long chain against that of a short one: at most 1.2 times

`-n` and growth are for a machine that is idle: both cores are wanted.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.verify import write_chain
from confiture_core.factory.shadows import shadows
from confiture_core.migrations.loader import load_migrations
from confiture_core.server import find_server
from confiture_core.verify.chain import Chain
from confiture_core.verify.laws import verdicts
from confiture_core.verify.memory import Folder, Memory
from confiture_core.verify.run import verify

if TYPE_CHECKING:
    from confiture_core.factory.shadows import Shadows

_SECOND, _FASTER, _GROWTH = 0.1, 1.6, 1.2


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=100, help="migrations to generate")
    parser.add_argument("--large", type=int, help="also measure growth, up to so many migrations")
    parser.add_argument("--workers", action="store_true", help="also measure pytest -n 2")
    wanted = parser.parse_args()
    holds = []
    with (
        find_server(environ=os.environ) as server,
        shadows(server) as made,
        tempfile.TemporaryDirectory() as folder,
    ):
        migrations = Path(folder) / "db" / "migrations"
        migrations.mkdir(parents=True)
        write_chain(migrations, wanted.files)
        holds.append(_second_run(migrations, made))
        if wanted.workers:
            holds.append(_workers(Path(folder), server.url()))
        if wanted.large:
            large = Path(folder) / "large"
            large.mkdir()
            write_chain(large, wanted.large)
            holds.append(_growth(migrations, large, made))
    return 0 if all(holds) else 1


def _second_run(directory: Path, made: Shadows) -> bool:
    store = Folder(directory.parent / "cache")

    def run() -> float:
        migrations = load_migrations(directory, root=directory)
        start = time.perf_counter()
        memory = Memory(store, migrations, server=str(made.server.version_num))
        assert all(verdict.holds for verdict in verify(migrations, made, memory=memory))
        return time.perf_counter() - start

    first_s = run()
    downs = sorted(directory.glob("*.down.sql"))
    changed = downs[len(downs) // 2]
    changed.write_text(f"-- another\n{changed.read_text('utf-8')}", encoding="utf-8")
    second_s = run()
    ratio = second_s / first_s
    print(f"second run, one down changed: {second_s:.1f} s of {first_s:.1f} s; {ratio:.1%}")
    return ratio <= _SECOND


def _workers(root: Path, url: str) -> bool:
    environment = root / "db" / "environments" / "local.yaml"
    environment.parent.mkdir()
    environment.write_text("name: local\n", encoding="utf-8")

    def run(workers: str) -> float:
        command = [sys.executable, "-m", "pytest", "-q", "--confiture-verify-migrations"]
        command += ["-p", "no:cacheprovider", "-n", workers, "db/migrations"]
        start = time.perf_counter()
        environ = {**os.environ, "CONFITURE_SERVER_URL": url}
        subprocess.run(command, cwd=root, env=environ, capture_output=True, check=True)
        return time.perf_counter() - start

    alone_s, together_s = run("0"), run("2")
    faster = alone_s / together_s
    print(f"pytest: -n 0 {alone_s:.1f} s, -n 2 {together_s:.1f} s; {faster:.2f} times faster")
    return faster >= _FASTER


def _growth(small: Path, large: Path, made: Shadows) -> bool:
    each_s = [_each(directory, made) for directory in (small, large)]
    ratio = each_s[1] / each_s[0]
    shown = ", ".join(f"{one * 1000:.1f} ms" for one in each_s)
    print(f"per migration of the short and of the long chain: {shown}; {ratio:.2f} times")
    return ratio <= _GROWTH


def _each(directory: Path, made: Shadows) -> float:
    migrations = load_migrations(directory, root=directory)
    start = time.perf_counter()
    with closing(Chain(made, migrations)) as chain:
        for file in migrations:
            verdicts(chain.see(file))
    return (time.perf_counter() - start) / len(migrations)


if __name__ == "__main__":
    raise SystemExit(main())
