"""Migrations verified by the test itself, and little projects with a pytest of their own."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol

import pytest

from confiture_core.factory.shadows import shadows
from confiture_core.migrations.loader import load_migrations
from confiture_core.verify.chain import Chain
from confiture_core.verify.laws import verdicts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from confiture_core.factory.shadows import Shadows
    from confiture_core.server import Server
    from confiture_core.verify.finding import Law, Verdict

Verdicts = dict[str, dict["Law", "Verdict"]]


class Verify(Protocol):
    def __call__(self, files: dict[str, str]) -> Verdicts: ...


@pytest.fixture
def room(server: Server) -> Iterator[Shadows]:
    with shadows(server) as made:
        yield made


@pytest.fixture
def verify(room: Shadows, tmp_path: Path) -> Verify:
    """Write migrations, `down` beside `up`, and give the verdicts by migration and law."""

    def write_and_verify(files: dict[str, str]) -> Verdicts:
        folder = tmp_path / "db" / "migrations"
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        migrations = load_migrations(folder, root=tmp_path)
        chain = Chain(room, migrations)
        try:
            return {file.label: verdicts(chain.see(file)) for file in migrations}
        finally:
            chain.close()

    return write_and_verify


@pytest.fixture
def project(
    pytester: pytest.Pytester, server: Server, few_plugins: None, monkeypatch: pytest.MonkeyPatch
) -> Callable[[dict[str, str]], pytest.Pytester]:
    """Write a project with `db/environments/local.yaml` and the files given."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CONFITURE_SERVER_URL", server.url())
    pytester.makeini("[pytest]\ntestpaths = tests\n")

    def write(files: dict[str, str]) -> pytest.Pytester:
        texts = {
            "db/environments/local.yaml": "name: local\ninclude_dirs:\n  - db/schema\n",
            "tests/test_sum.py": "def test_sum(): assert 1 + 1 == 2\n",
            **files,
        }
        for name, text in texts.items():
            path = pytester.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        (pytester.path / "db/schema").mkdir(exist_ok=True)
        return pytester

    return write
