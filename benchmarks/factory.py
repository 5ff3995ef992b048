"""What a test pays for its database: the plugin beside what people write or use today.

For each schema and each kind of test, four pytest runs on one server (durability off, in memory
where there is room): confiture, pytest-postgresql's fixture, a hand-written CREATE DATABASE …
TEMPLATE for each test, and one connection rolled back after each test, which is the floor. A time
is that of one test from the start of its setup to the end of its teardown, without its body's
sleep; the median of all tests but the first ones.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from confiture_core.server import ephemeral_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confiture_core.server import Server

SCHEMAS = {"tiny": 3, "real": 200}
WARM_UP = 5
_LEFT_OUT = ("BEGIN;", "COMMIT;")

BODIES = {
    "read": 'db.execute("select count(*) from t1").fetchall()',
    "write": 'db.execute("insert into t1 (a) values (\'x\')"); db.execute("update t2 set b = 0")',
    "ddl": 'db.execute("create table made (id int)")',
    "ddl, 20 ms": 'db.execute("create table made (id int)"); time.sleep(0.02)',
}

CONTENDERS = {
    "confiture": "@pytest.fixture\ndef db(seeded_db): return seeded_db",
    "pytest-postgresql": """
from pytest_postgresql import factories
from pathlib import Path
noproc = factories.postgresql_noproc(load=[Path("whole.sql")])
loaded = factories.postgresql("noproc")
@pytest.fixture
def db(loaded):
    loaded.autocommit = True
    return loaded
""",
    "hand-written clone": """
@pytest.fixture(scope="session")
def admin():
    with psycopg.connect(URL, autocommit=True) as admin:
        admin.execute("create database hand_template")
        with psycopg.connect(URL, dbname="hand_template") as filling:
            filling.execute(open("whole.sql").read())
        yield admin
        admin.execute("drop database hand_template")
@pytest.fixture
def db(admin):
    admin.execute("create database hand_clone template hand_template")
    with psycopg.connect(URL, dbname="hand_clone", autocommit=True) as connection:
        yield connection
    admin.execute("drop database hand_clone with (force)")
""",
    "rolled back (floor)": """
@pytest.fixture(scope="session")
def shared():
    with psycopg.connect(URL, autocommit=True) as admin:
        admin.execute("create database floor")
        with psycopg.connect(URL, dbname="floor") as connection:
            connection.execute(open("whole.sql").read())
            connection.commit()
            yield connection
        admin.execute("drop database floor with (force)")
@pytest.fixture
def db(shared):
    yield shared
    shared.rollback()
""",
}

CONFTEST = """
import json, os, time, psycopg, pytest
URL = os.environ["CONFITURE_SERVER_URL"]
times = []
@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    start = time.perf_counter()
    result = yield
    times.append(time.perf_counter() - start)
    return result
def pytest_sessionfinish():
    with open("times.json", "w") as file:
        json.dump(times, file)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What confiture has to keep, against the floor and against the hand-written clone."""

    over_floor_ms: float | None = None
    of_clone: float | None = None  # at most this part of the hand-written clone's time


TARGETS = {
    ("tiny", "read"): Target(over_floor_ms=2, of_clone=0.1),
    ("real", "read"): Target(over_floor_ms=2, of_clone=0.1),
    ("tiny", "write"): Target(over_floor_ms=5),
    ("real", "write"): Target(over_floor_ms=10, of_clone=0.2),
    ("tiny", "ddl"): Target(of_clone=1),
    ("real", "ddl"): Target(of_clone=1),
    ("tiny", "ddl, 20 ms"): Target(of_clone=0.5),
    ("real", "ddl, 20 ms"): Target(of_clone=0.5),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tests", type=int, default=40)
    parser.add_argument("--schema", choices=SCHEMAS, action="append")
    parser.add_argument(
        "--files",
        type=Path,
        help="a folder of SQL files, to be the real schema beside three tables",
    )
    wanted = parser.parse_args()
    print("load of the machine:", *(f"{load:.1f}" for load in os.getloadavg()))
    missed = 0
    # Not the server of the environment: all must have the same, and its durability matters most.
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    environ.pop("CONFITURE_SERVER_URL", None)
    with ephemeral_server(environ=environ) as server, tempfile.TemporaryDirectory() as folder:
        for schema in wanted.schema or SCHEMAS:
            write_project(Path(folder), SCHEMAS[schema])
            if wanted.files is not None and schema == "real":
                write_project(Path(folder), SCHEMAS["tiny"])
                add_files(Path(folder), wanted.files)
            for body in BODIES:
                missed += compare(server, Path(folder), schema, body, wanted.tests)
    print("all targets met" if not missed else f"{missed} targets MISSED")
    return 1 if missed else 0


def write_project(root: Path, tables: int) -> None:
    """Write a schema of so many tables, four indexes each, and 20 rows in each."""
    for name in ("environments", "schema", "seeds"):
        (root / "db" / name).mkdir(parents=True, exist_ok=True)
    schema = "".join(
        f"create table t{n} (id serial primary key, a text, b int, c timestamptz default now());\n"
        f"create index on t{n} (a); create index on t{n} (b); create index on t{n} (c);\n"
        for n in range(tables)
    )
    seeds = "".join(
        f"insert into t{n} (a, b) select g::text, g from generate_series(1, 20) g;\n"
        for n in range(tables)
    )
    (root / "db/environments/local.yaml").write_text("includes: [../schema, ../seeds]\n")
    (root / "db/schema/tables.sql").write_text(schema)
    (root / "db/seeds/rows.sql").write_text(seeds)
    (root / "whole.sql").write_text(schema + seeds)
    (root / "pytest.ini").write_text("[pytest]\n")


def add_files(root: Path, files: Path) -> None:
    """Put files before what the project has, for all contenders."""
    texts = []
    for number, path in enumerate(sorted(files.rglob("*.sql"))):
        # What psql alone understands, and transactions: the whole is to be run as one.
        lines = path.read_text().splitlines()
        text = "\n".join(line for line in lines if line not in _LEFT_OUT and line[:1] != "\\")
        (root / f"db/schema/{number:03}.sql").write_text(f"{text}\n")
        texts.append(f"{text};\nreset all;\n")
    whole = root / "whole.sql"
    whole.write_text("".join(texts) + whole.read_text())


def compare(server: Server, root: Path, schema: str, body: str, tests: int) -> int:
    """Run the contenders on one kind of test, print what they took, and count missed targets."""
    medians = {}
    for name, fixtures in CONTENDERS.items():
        times = [seconds * 1000 for seconds in run(server, root, fixtures, body, tests)]
        slept = 20 if "20 ms" in body else 0
        medians[name] = statistics.median(times[WARM_UP:]) - slept
    floor, clone = medians["rolled back (floor)"], medians["hand-written clone"]
    print(f"{schema}, {body}")
    for name, median in medians.items():
        print(f"  {name:<20} {median:8.2f} ms   {median / clone:5.2f} of the hand-written clone")
    missed = list(_missed(TARGETS[schema, body], medians["confiture"], floor, clone))
    for line in missed:
        print(f"  MISSED: {line}")
    return len(missed)


def run(server: Server, root: Path, fixtures: str, body: str, tests: int) -> list[float]:
    """Run one contender's tests; give the seconds each took."""
    (root / "conftest.py").write_text(f"{CONFTEST}\n{fixtures}\n")
    (root / "test_it.py").write_text(
        "import time, pytest\n"
        f"@pytest.mark.parametrize('n', range({tests}))\n"
        f"def test(db, n): {BODIES[body]}\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    if "noproc" in fixtures:
        command += [f"--postgresql-host={server.host}", f"--postgresql-port={server.port}"]
    environ = {**os.environ, "CONFITURE_SERVER_URL": server.url()}
    done = subprocess.run(
        command, cwd=root, env=environ, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"a contender failed:\n{done.stdout}{done.stderr}")
    times: list[float] = json.loads((root / "times.json").read_text())
    return times


def _missed(target: Target, ours: float, floor: float, clone: float) -> Iterator[str]:
    if target.over_floor_ms is not None and ours - floor > target.over_floor_ms:
        yield f"{ours - floor:.2f} ms over the floor, target {target.over_floor_ms:g}"
    if target.of_clone is not None and ours / clone > target.of_clone:
        yield f"{ours / clone:.2f} of the hand-written clone, target {target.of_clone:g}"


if __name__ == "__main__":
    raise SystemExit(main())
