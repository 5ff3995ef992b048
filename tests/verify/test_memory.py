"""Verdicts remembered: of the same files, the same ones; of any other, none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from confiture_core.catalog.model import Identity
from confiture_core.migrations.loader import load_migrations
from confiture_core.verify.finding import Finding, Verdict
from confiture_core.verify.memory import Folder, Memory, Nowhere

if TYPE_CHECKING:
    from pathlib import Path

_TEXTS = {
    "001_a.up.sql": "CREATE TABLE a ();",
    "001_a.down.sql": "DROP TABLE a;",
    "002_b.up.sql": "CREATE TABLE b ();",
    "002_b.down.sql": "DROP TABLE b;",
    "003_c.py": "from confiture.models.migration import Migration\n"
    "class C(Migration):\n    def up(self):\n        pass\n",
    "004_d.up.sql": "SELECT 1;",
}
_VERDICT = Verdict(
    law="up",
    migration="002_b",
    findings=(
        Finding(
            law="up",
            migration="002_b",
            kind="residue",
            message="left over",
            identity=Identity(kind="column", schema="public", name="a", member="b"),
            sql=("DROP TABLE a",),
        ),
    ),
    repair=("DROP TABLE a",),
    repairs="down",
)


def _memory(tmp_path: Path, texts: dict[str, str], *, server: str = "150000") -> Memory:
    folder = tmp_path / "migrations"
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    store = Folder(tmp_path / "kept")
    return Memory(store, load_migrations(folder, root=tmp_path), server=server)


def test_verdicts_come_back_as_they_were(tmp_path: Path) -> None:
    _memory(tmp_path, _TEXTS).remember("002_b", {"up": _VERDICT})

    found = _memory(tmp_path, _TEXTS).recall("002_b")

    assert found == {"up": _VERDICT}
    assert found["up"].is_cached


@pytest.mark.parametrize(
    ("changed", "is_known"),
    [
        ("001_a.up.sql", False),
        ("001_a.down.sql", True),
        ("002_b.up.sql", False),
        ("002_b.down.sql", False),
        ("003_c.py", True),
        ("004_d.up.sql", True),
    ],
)
def test_what_a_verdict_hangs_on_has_it_forgotten(
    tmp_path: Path, changed: str, is_known: bool
) -> None:
    _memory(tmp_path, _TEXTS).remember("002_b", {"up": _VERDICT})

    found = _memory(tmp_path, {**_TEXTS, changed: f"{_TEXTS[changed]}\n"}).recall("002_b")

    assert (found is not None) is is_known


def test_another_server_knows_nothing(tmp_path: Path) -> None:
    _memory(tmp_path, _TEXTS).remember("002_b", {"up": _VERDICT})

    assert _memory(tmp_path, _TEXTS, server="160000").recall("002_b") is None


@pytest.mark.parametrize("statement", ["import app.models", "from . import x", "import os"])
def test_files_that_look_elsewhere_are_not_remembered(tmp_path: Path, statement: str) -> None:
    texts = {**_TEXTS, "003_c.py": f"{statement}\n{_TEXTS['003_c.py']}"}
    memory = _memory(tmp_path, texts)

    for label in ("002_b", "003_c", "004_d"):
        memory.remember(label, {"up": replace(_VERDICT, migration=label)})

    assert memory.recall("002_b") is not None
    assert memory.recall("003_c") is None
    assert memory.recall("004_d") is None


def test_what_was_not_reached_is_not_remembered(tmp_path: Path) -> None:
    memory = _memory(tmp_path, _TEXTS)
    finding = Finding(law="up", migration="002_b", kind="unreachable", message="not reached")

    memory.remember("002_b", {"up": replace(_VERDICT, findings=(finding,))})

    assert memory.recall("002_b") is None


def test_a_store_that_cannot_be_written_to_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    store = Folder(tmp_path / "file")

    store.set("a", 1)

    assert store.get("a") is None
    assert Nowhere().get("a") is None
