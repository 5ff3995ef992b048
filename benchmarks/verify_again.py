"""What verification costs when little has changed, with workers, and as the chain grows.

- the second run, where one `down` was changed, against the first: at most a tenth
- pytest with `-n 2` against `-n 0`: at least 1.6 times faster; beside it, what two pytests gain
  that know nothing of each other and have half of the chain each: no worker can gain more
- the time per migration of a long chain against that of a short one: at most 1.2 times

`-n` and growth are for a machine that is idle: both cores are wanted. With few migrations `-n`
shows little but what it takes to start pytest three times.
"""

from __future__ import annotations

import argparse
import os
import shutil
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
from pytest_confiture.ranges import split

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confiture_core.factory.shadows import Shadows

_SECOND, _FASTER, _GROWTH = 0.1, 1.6, 1.2


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=100, help="migrations to generate")
    parser.add_argument("--large", type=int, help="also measure growth, up to so many migrations")
    parser.add_argument("--workers", action="store_true", help="also measure pytest -n 2")
    parser.add_argument("--chain", type=Path, help="a directory of pairs for that, instead")
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
            holds.append(_workers(Path(folder), server.url(), wanted.chain))
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
    ratios = {}
    for place, changed in (
        ("first", downs[0]),
        ("middle", downs[len(downs) // 2]),
        ("last", downs[-1]),
    ):
        changed.write_text(f"-- another\n{changed.read_text('utf-8')}", encoding="utf-8")
        ratios[place] = run() / first_s
    shown = ", ".join(f"of the {place} {ratio:.1%}" for place, ratio in ratios.items())
    print(f"second run, against a first of {first_s:.1f} s, with another down: {shown}")
    return max(ratios.values()) <= _SECOND


def _workers(root: Path, url: str, chain: Path | None) -> bool:
    environment = root / "db" / "environments" / "local.yaml"
    environment.parent.mkdir()
    environment.write_text("name: local\n", encoding="utf-8")
    folder = root / "db" / "migrations"
    if chain is not None:
        shutil.rmtree(folder)
        shutil.copytree(chain, folder)
    # Only the plugins that are wanted: others take as long to load as dozens of migrations.
    plugins = ("pytest_confiture.plugin", "xdist.plugin", "no:cacheprovider")
    command = [sys.executable, "-m", "pytest", "-q", "--confiture-verify-migrations"]
    command += [word for plugin in plugins for word in ("-p", plugin)]
    environ = os.environ | {"CONFITURE_SERVER_URL": url, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}

    def run(*calls: Sequence[str]) -> float:
        start = time.perf_counter()
        running = [
            subprocess.Popen([*command, *call], cwd=root, env=environ, stdout=subprocess.PIPE)
            for call in calls
        ]
        # A chain that somebody brings along may have findings.
        codes = [one.wait() for one in running if one.communicate()]
        assert set(codes) <= ({0} if chain is None else {0, 1})
        return time.perf_counter() - start

    ups = [str(path) for path in sorted(folder.glob("*.up.sql"))]
    middle = split(len(ups), 2).index(1)
    alone_s = run(["db/migrations"])
    together_s = run(["-n", "2", "db/migrations"])
    apart_s = run(ups[:middle], ups[middle:])
    faster = alone_s / together_s
    print(
        f"pytest, {len(ups)} migrations: -n 0 {alone_s:.1f} s, -n 2 {together_s:.1f} s;"
        f" {faster:.2f} times faster; two of half the chain each: {apart_s:.1f} s;"
        f" {alone_s / apart_s:.2f} times"
    )
    return faster >= _FASTER


def _growth(small: Path, large: Path, made: Shadows) -> bool:
    each = [_each(directory, made) for directory in (small, large)]
    (wall_s, own_s), (large_wall_s, large_own_s) = each
    ratio = large_wall_s / wall_s
    print(
        "per migration of the short and of the long chain:"
        f" {wall_s * 1000:.1f} ms, {large_wall_s * 1000:.1f} ms; {ratio:.2f} times;"
        f" CPU of confiture alone: {own_s * 1000:.1f} ms, {large_own_s * 1000:.1f} ms;"
        f" {large_own_s / own_s:.2f} times"
    )
    return ratio <= _GROWTH


def _each(directory: Path, made: Shadows) -> tuple[float, float]:
    migrations = load_migrations(directory, root=directory)
    start, own_start = time.perf_counter(), time.process_time()
    with closing(Chain(made, migrations)) as chain:
        for file in migrations:
            verdicts(chain.see(file))
    spent_s = time.perf_counter() - start, time.process_time() - own_start
    return spent_s[0] / len(migrations), spent_s[1] / len(migrations)


if __name__ == "__main__":
    raise SystemExit(main())
