"""The command keeps the same laws as the items."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from confiture.cli import frame

if TYPE_CHECKING:
    from collections.abc import Callable

    from confiture_core.server import Server

_FORGETFUL = {
    "001_users.up.sql": "CREATE TABLE users (id int PRIMARY KEY);\n",
    "001_users.down.sql": "DROP TABLE users;\n",
    "002_bio.up.sql": "ALTER TABLE users ADD bio text;\n",
    "002_bio.down.sql": "SELECT 1;\n",
}


@pytest.fixture
def run(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    server: Server,
) -> Callable[..., tuple[int, str]]:
    """Write files where the command is called, and run it."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CONFITURE_SERVER_URL", server.url())
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)

    def write_and_run(files: dict[str, str], *arguments: str) -> tuple[int, str]:
        for name, text in files.items():
            path = Path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        monkeypatch.setattr(sys, "argv", ["confiture", "migrate", "verify", *arguments])
        return frame.run(), capfd.readouterr().out

    return write_and_run


def test_a_plain_directory_is_verified(run: Callable[..., tuple[int, str]]) -> None:
    code, out = run(_FORGETFUL, "--migrations-dir", ".")

    assert code == 3
    assert out.splitlines() == [
        "002_bio down-leaves-no-trace: broken",
        "  002_bio.down.sql:1: left over: column public.users.bio",
        "  to repair down:",
        "      ALTER TABLE users DROP COLUMN bio;",
        "002_bio again: broken",
        '  002_bio.up.sql:1: column "bio" of relation "users" already exists',
        "1 of 2 migration(s) break a law: down-leaves-no-trace 1, again 1",
    ]


def test_a_program_reads_the_verdicts(run: Callable[..., tuple[int, str]]) -> None:
    code, out = run(_FORGETFUL, "--migrations-dir", ".", "--json", "--last", "1")

    verdicts = {one["law"]: one for one in json.loads(out)}
    assert code == 3
    assert list(verdicts) == ["up", "down-leaves-no-trace", "again", "data-survives", "locks"]
    assert verdicts["up"]["holds"]
    broken = verdicts["down-leaves-no-trace"]
    assert broken["repair"] == ["ALTER TABLE users DROP COLUMN bio;"]
    assert broken["findings"][0]["object"] == "column public.users.bio"


def test_a_project_is_verified_with_parity(run: Callable[..., tuple[int, str]]) -> None:
    files = {f"db/migrations/{name}": text for name, text in _FORGETFUL.items()}
    files["db/migrations/002_bio.down.sql"] = "ALTER TABLE users DROP bio;\n"
    files["db/environments/local.yaml"] = "name: local\n"
    files["db/schema/users.sql"] = "CREATE TABLE users (id int PRIMARY KEY);\n"

    code, out = run(files)

    assert code == 3
    assert "db/schema: the migrations and the schema files do not give the same" in out
    assert "ALTER TABLE users DROP COLUMN bio;" in out

    files["db/schema/users.sql"] = "CREATE TABLE users (id int PRIMARY KEY, bio text);\n"
    code, out = run(files, "--no-cache")

    assert code == 0
    assert out == "2 migration(s) keep all laws\n"


def test_a_second_run_says_what_it_has_not_looked_at_again(
    run: Callable[..., tuple[int, str]],
) -> None:
    files = {f"m/{name}": text for name, text in _FORGETFUL.items()}
    first = run(files, "--migrations-dir", "m")

    second = run({"m/002_bio.down.sql": "ALTER TABLE users DROP bio;\n"}, "--migrations-dir", "m")
    third = run({}, "--migrations-dir", "m", "--no-cache")

    assert first[0] == 3
    assert "cached" not in first[1]
    assert second[0] == third[0] == 0
    assert "(1 cached: nothing they depend on has changed)" in second[1]
    assert "cached" not in third[1]


def test_only_what_has_changed_since_a_commit_is_looked_at(
    run: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    for arguments in (
        ["init", "-q"],
        ["-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-q", "--allow-empty", "-m", "1"],
    ):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True)
    files = {f"m/{name}": text for name, text in _FORGETFUL.items()}
    run(files, "--migrations-dir", "m", "--since", "HEAD", "--json")
    subprocess.run(["git", "add", "-A"], cwd=tmp_path, check=True)
    subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-qm", "2"],
        cwd=tmp_path,
        check=True,
    )

    code, output = run({}, "--migrations-dir", "m", "--since", "HEAD", "--json")

    assert code == 0
    assert json.loads(output) == []


_PYTHON = """\
from confiture.models.migration import Migration


class Flag(Migration):
    version = "005"
    name = "flag"

    def up(self):
        self.execute("ALTER TABLE users ADD flag boolean")
"""


def test_repaired_ways_down_are_proved_and_written_beside(
    run: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    files = {f"m/{name}": text for name, text in _FORGETFUL.items()}
    files["m/003_age.up.sql"] = "ALTER TABLE users ADD age int DEFAULT 1;\n"
    files["m/003_age.down.sql"] = "ALTER TABLE users DROP agee;\n"
    files["m/004_index.up.sql"] = "CREATE INDEX users_age ON users (age);\n"
    files["m/005_flag.py"] = _PYTHON
    files["m/006_note.py"] = _PYTHON.replace("005", "006").replace("flag", "note") + (
        "\n    def down(self):\n        pass\n"
    )

    code, _ = run(files, "--migrations-dir", "m", "--fix")

    assert code == 3
    assert {name: (tmp_path / name).read_text(encoding="utf-8") for name in files} == files
    fixed = sorted(path for path in (tmp_path / "m").iterdir() if path.suffix == ".fixed")
    assert [path.name for path in fixed] == [
        "002_bio.down.sql.fixed",
        "003_age.down.sql.fixed",
        "004_index.down.sql.fixed",
        "005_flag.py.fixed",
        "006_note.py.fixed",
    ]
    for path in fixed:
        path.rename(path.with_suffix(""))
    code, out = run({}, "--migrations-dir", "m")
    assert code == 0
    assert out.startswith("6 migration(s) keep all laws")


def test_a_repair_is_not_written_over_another(
    run: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    files = {f"m/{name}": text for name, text in _FORGETFUL.items()}
    files["m/002_bio.down.sql.fixed"] = "mine\n"

    code, _ = run(files, "--migrations-dir", "m", "--fix")

    assert code == 3
    assert (tmp_path / "m/002_bio.down.sql.fixed").read_text(encoding="utf-8") == "mine\n"
