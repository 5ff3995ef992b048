"""What a run pays once: the time to its first test, more workers, memory, disk, the plugin itself.

The time to the first body is from the start of the process, over a run of pytest whose test needs
nothing but psycopg. Cold: with an empty cache. Image: with what the run before left in it. Warm: on
a server that runs and has the layers. Rounds are run in turns, as a busy machine slows all alike.
No other plugins are loaded than ours, and pytest-xdist where workers are.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.factory import write_project
from confiture_core.server import find_server

_BASE = "import psycopg, time\ndef test(): open('first', 'w').write(repr(time.time()))\n"
_OURS = "import time\ndef test(seeded_db): open('first', 'w').write(repr(time.time()))\n"
_MANY = """
import pytest
@pytest.mark.parametrize("n", range({tests}))
def test(seeded_db, n):
    seeded_db.execute("insert into t1 (a) values ('x')")
    seeded_db.execute("update t2 set b = 0")
"""
_COMPUTING = """
import pytest, time
@pytest.mark.parametrize("n", range({tests}))
def test(n):
    end = time.process_time() + {seconds}
    while time.process_time() < end:
        pass
"""
_EMPTY = "def test(): pass\n"
_DDL = """
import pytest
@pytest.mark.parametrize("n", range({tests}))
def test(seeded_db, n):
    seeded_db.execute("create table made (id int)")
    found = seeded_db.execute(
        "select count(*) from pg_database where datname like 'confiture!_clone!_%' escape '!'"
    ).fetchone()[0]
    with open("clones", "a") as file:
        file.write(f"{{found}}\\n")
"""
_PEAK = """
import resource
def pytest_sessionfinish(session):
    if not hasattr(session.config, "workerinput"):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        open("peak", "w").write(str(peak))
"""

TARGETS_MS = {"cold": 1500.0, "image": 300.0, "warm": 60.0}
TARGET_PLUGIN_MS = 15.0
# In use, made ahead, given back and not dropped yet: whatever the number of tests.
TARGET_CLONES = 8
TARGET_RATIO = 1.7
TARGET_MB = 60.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--tests", type=int, default=2000, help="for the memory")
    wanted = parser.parse_args()
    print("load of the machine:", *(f"{load:.1f}" for load in os.getloadavg()))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_project(root, 3)
        missed = first_bodies(root, wanted.rounds) + plugin(root, wanted.rounds)
        missed += workers(root) + disk(root) + memory(root, wanted.tests)
    print("all targets met" if not missed else f"{missed} targets MISSED")
    return 1 if missed else 0


def first_bodies(root: Path, rounds: int) -> int:
    """Measure the time to the first body, in each state of the cache."""
    times: dict[str, list[float]] = {name: [] for name in ("base", "cold", "image", "warm")}
    with find_server(environ=environ(root / "server")) as server:
        warm = {**environ(root / "warm"), "CONFITURE_SERVER_URL": server.url()}
        first_body(root, _OURS, warm)
        first_body(root, _OURS, environ(root / "image"))
        for number in range(rounds):
            times["base"].append(first_body(root, _BASE, {**warm, "PYTEST_PLUGINS": ""}))
            times["cold"].append(first_body(root, _OURS, environ(root / f"cold{number}")))
            times["image"].append(first_body(root, _OURS, environ(root / "image")))
            times["warm"].append(first_body(root, _OURS, warm))
    least, base = min(times["base"]), statistics.median(times["base"])
    del times["base"]
    missed = 0
    print(f"to the first body of an empty run: {base:.0f} ms (best {least:.0f}); over it:")
    for name, found in times.items():
        over = statistics.median(found) - base
        is_missed = over > TARGETS_MS[name]
        missed += is_missed
        best = min(found) - least
        verdict = "MISSED" if is_missed else "met"
        shown = f"{over:7.0f} ms, of the best {best:.0f}"
        print(f"  {name:<6} {shown}; target {TARGETS_MS[name]:g}: {verdict}")
    return missed


def first_body(root: Path, text: str, variables: dict[str, str]) -> float:
    """Run one test; give the milliseconds from the start of the process to its body."""
    start = time.time()
    run(root, text, variables)
    return (float((root / "first").read_text()) - start) * 1000


def plugin(root: Path, rounds: int) -> int:
    """Measure what a run pays that has the plugin and uses nothing of it."""
    with_it = environ(root / "image")
    seconds: dict[str, list[float]] = {"pytest_confiture.plugin": [], "": []}
    for _ in range(rounds + 1):
        for name, found in seconds.items():
            start = _spent_s()
            run(root, _EMPTY, {**with_it, "PYTEST_PLUGINS": name})
            found.append(_spent_s() - start)
    # The least that the processor spent: whatever else goes on only adds to it.
    ours, none = (min(found[1:]) * 1000 for found in seconds.values())
    verdict = "met" if ours - none < TARGET_PLUGIN_MS else "MISSED"
    print(f"a run that uses nothing of ours: {ours - none:.0f} ms over {none:.0f} ms, {verdict}")
    return int(verdict == "MISSED")


def disk(root: Path) -> int:
    """Count the clones that are on the server at once, for few tests and for many."""
    most = {}
    for tests in (50, 300):
        (root / "clones").unlink(missing_ok=True)
        run(root, _DDL.format(tests=tests), environ(root / "image"))
        most[tests] = max(map(int, (root / "clones").read_text().split()))
    verdict = "met" if max(most.values()) <= TARGET_CLONES else "MISSED"
    shown = ", ".join(f"{number} with {tests} tests" for tests, number in most.items())
    print(f"clones at once: {shown}; target {TARGET_CLONES}: {verdict}")
    return int(verdict == "MISSED")


def _spent_s() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def workers(root: Path) -> int:
    """Measure what two workers gain on 400 tests that write."""
    with find_server(environ=environ(root / "server")) as server:
        warm = {**environ(root / "warm"), "CONFITURE_SERVER_URL": server.url()}
        warm["PYTEST_PLUGINS"] += ",xdist.plugin"
        run(root, _MANY.format(tests=400), warm)
        alone, two = both_ways(root, _MANY.format(tests=400), warm)
        # What pytest-xdist makes of tests that share nothing, and take the same time: to start the
        # workers costs the more, the shorter the run is.
        empty = run_s(root, _COMPUTING.format(tests=400, seconds=0), warm)
        computing = _COMPUTING.format(tests=400, seconds=max(alone - empty, 0) / 400)
        most = both_ways(root, computing, warm)
    verdict = "met" if alone / two >= TARGET_RATIO else "MISSED"
    print(
        f"400 tests: -n 0 {alone:.2f} s, -n 2 {two:.2f} s: {alone / two:.2f} times, {verdict};"
        f" tests of this length that only compute: {most[0] / most[1]:.2f} times"
    )
    return int(verdict == "MISSED")


def both_ways(root: Path, text: str, variables: dict[str, str]) -> tuple[float, float]:
    """Run tests without workers and with two, in turns; give the median seconds of each."""
    found: dict[str, list[float]] = {"0": [], "2": []}
    for _ in range(3):
        for number, seconds in found.items():
            seconds.append(run_s(root, text, variables, "-n", number))
    alone, two = (statistics.median(seconds) for seconds in found.values())
    return alone, two


def run_s(root: Path, text: str, variables: dict[str, str], *options: str) -> float:
    """Run pytest on one file of tests; give the seconds it took."""
    start = time.perf_counter()
    run(root, text, variables, *options)
    return time.perf_counter() - start


def memory(root: Path, tests: int) -> int:
    """Measure the memory of the pytest process, beside one that runs empty tests."""
    (root / "conftest.py").write_text(_PEAK)
    empty = f"import psycopg, pytest\n@pytest.mark.parametrize('n', range({tests}))\ndef test(n): 0"
    peaks = []
    for text in (empty, _MANY.format(tests=tests)):
        run(root, text, environ(root / "image"))
        peaks.append(int((root / "peak").read_text()) / 1024)
    verdict = "met" if peaks[1] < TARGET_MB else "MISSED"
    print(f"{tests} tests: {peaks[1]:.0f} MB, {peaks[0]:.0f} MB if they are empty: {verdict}")
    return int(verdict == "MISSED")


def run(root: Path, text: str, variables: dict[str, str], *options: str) -> None:
    """Run pytest on one file of tests."""
    (root / "test_it.py").write_text(text)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]
    done = subprocess.run(
        command, cwd=root, env=variables, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"a run failed:\n{done.stdout}{done.stderr}")


def environ(cache: Path) -> dict[str, str]:
    """Give the environment of a run with a cache of its own, and no server named."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    kept.pop("CONFITURE_SERVER_URL", None)
    chosen = {
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_PLUGINS": "pytest_confiture.plugin",
    }
    return {**kept, **chosen, "XDG_CACHE_HOME": str(cache)}


if __name__ == "__main__":
    raise SystemExit(main())
