"""`confiture db` and `confiture server`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from confiture_core.factory import databases, marks
from confiture_core.factory.owners import this_process

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confiture_core.factory.databases import Connection
    from confiture_core.server import Server


@pytest.fixture
def maintenance(server: Server) -> Iterator[Connection]:
    with databases.maintenance(server) as connection:
        yield connection


@pytest.fixture
def kept(maintenance: Connection) -> Iterator[str]:
    """A clone that was kept on purpose."""
    mark = marks.Mark(
        kind="clone", owner=this_process(), made_at=marks.now(), shown="a test", kept=True
    )
    name = databases.create_numbered(maintenance, "clone", template="template0", mark=mark)
    yield name
    databases.drop(maintenance, name)


def test_list_shows_what_is_ours(confiture, kept: str):
    found = {one["name"]: one for one in confiture("db", "list", "--json").json}

    assert found[kept]["kept"] is True
    assert found[kept]["shown"] == "a test"
    assert not {"postgres", "template1"} & found.keys()
    assert any(
        line.startswith(kept) and line.endswith("a test  (kept)")
        for line in confiture("db", "list").out.splitlines()
    )


def test_drop_drops_what_nobody_uses(confiture, kept: str, server: Server):
    with databases.connect(server, kept):
        refused = confiture("db", "drop", kept)
        assert refused.code == 1
        assert f'database "{kept}" is in use' in refused.err

    assert confiture("db", "drop", kept).out == f"dropped {kept}\n"

    assert kept not in {one["name"] for one in confiture("db", "list", "--json").json}


def test_drop_refuses_what_is_not_ours(confiture):
    outcome = confiture("db", "drop", "postgres")

    assert outcome.code == 1
    assert 'no database "postgres" of confiture\'s' in outcome.err
    assert confiture("db", "drop").code == 2


def test_prune_without_a_limit_keeps_what_was_kept(confiture, kept: str):
    assert confiture("db", "prune").code == 0
    assert confiture("db", "prune", "--older-than", "1").code == 0

    assert kept in {one["name"] for one in confiture("db", "list", "--json").json}


def test_a_server_can_be_kept_running(confiture, monkeypatch, tmp_path: Path):
    kept = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "confiture/clusters"
    if kept.is_dir():
        (tmp_path / "confiture").mkdir()
        (tmp_path / "confiture" / "clusters").symlink_to(kept)
    monkeypatch.delenv("CONFITURE_SERVER_URL")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    assert confiture("server", "status").code == 3
    assert confiture("server", "url").code == 1
    started = confiture("server", "start", "--json")
    try:
        assert confiture("server", "url").out == f"{started.json['url']}\n"
        assert confiture("server", "status", "--json").json == started.json
        assert confiture("db", "list", "--json").json == []
    finally:
        stopped = confiture("server", "stop")
    assert "stopped" in stopped.err
    assert confiture("server", "status").code == 3
    assert "no server is named" in confiture("db", "list").err
