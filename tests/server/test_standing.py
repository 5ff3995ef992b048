"""The server that stays: started once, found by all, gone when it is stopped."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from confiture_core.errors import ServerError
from confiture_core.server import find_server, standing_server, start_standing, stop_standing

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def environ(tmp_path: Path) -> Iterator[dict[str, str]]:
    cache = os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))
    kept = Path(cache) / "confiture" / "clusters"
    if kept.is_dir():
        # What initdb makes is made once for all of our tests.
        (tmp_path / "confiture").mkdir()
        (tmp_path / "confiture" / "clusters").symlink_to(kept)
    environ = {"PATH": os.environ["PATH"], "XDG_CACHE_HOME": str(tmp_path)}
    yield environ
    stop_standing(environ)


def test_it_is_found_by_whoever_looks_for_a_server_until_it_is_stopped(environ: dict[str, str]):
    assert standing_server(environ) is None

    started = start_standing(environ)
    with find_server(environ=environ) as found:
        assert found == started == start_standing(environ)
        assert found.source == '"confiture server start"'
    assert stop_standing(environ)

    assert standing_server(environ) is None
    assert not stop_standing(environ)
    assert not Path(started.host).exists()


def test_what_names_a_server_goes_before_it(environ: dict[str, str]):
    started = start_standing(environ)

    named = {**environ, "CONFITURE_SERVER_URL": started.url()}
    with find_server(environ=named) as found:
        assert found.source == "CONFITURE_SERVER_URL"


def test_once_its_owner_is_killed_it_is_gone_and_can_be_started_again(environ: dict[str, str]):
    started = start_standing(environ)
    record = Path(environ["XDG_CACHE_HOME"]) / "confiture" / "server.json"

    os.kill(json.loads(record.read_text())["pid"], signal.SIGKILL)
    deadline = time.monotonic() + 10
    while Path(started.host).exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)

    assert standing_server(environ) is None
    again = start_standing(environ)
    assert again.host != started.host
    with psycopg.connect(again.conninfo()) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_why_it_did_not_start_is_said(environ: dict[str, str], tmp_path: Path):
    with pytest.raises(ServerError, match="did not start") as caught:
        start_standing(environ, pg_ctl=tmp_path / "pg_ctl")

    assert "there is no pg_ctl at" in (caught.value.detail or "")
    assert standing_server(environ) is None
