"""Data directories: initdb runs once, and a cache that is damaged or missing costs time only."""

from __future__ import annotations

import os
import time
from pathlib import Path

import psycopg
import pytest

from confiture_core.server import ephemeral_server
from confiture_core.server.cache import cache_directory


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "XDG_CACHE_HOME": str(tmp_path)}


def identify_cluster(environ: dict[str, str]) -> object:
    """Return the number that initdb gave it, drawn anew at each run."""
    with (
        ephemeral_server(environ=environ) as server,
        psycopg.connect(server.conninfo()) as connection,
    ):
        return connection.execute("select system_identifier from pg_control_system()").fetchone()


def test_initdb_runs_for_the_first_start_only(environ: dict[str, str]):
    assert identify_cluster(environ) == identify_cluster(environ)


def test_an_image_that_lost_a_file_is_made_again(environ: dict[str, str], tmp_path: Path):
    first = identify_cluster(environ)
    next(tmp_path.glob("confiture/clusters/*/data/PG_VERSION")).unlink()

    assert identify_cluster(environ) != first
    assert next(tmp_path.glob("confiture/clusters/*/data/PG_VERSION")).exists()


def test_a_cache_that_cannot_be_written_costs_time_only(environ: dict[str, str], tmp_path: Path):
    (tmp_path / "confiture").write_text("in the way")

    assert identify_cluster(environ) != identify_cluster(environ)


def test_images_unused_for_long_are_removed_when_one_is_made(
    environ: dict[str, str], tmp_path: Path
):
    old = tmp_path / "confiture" / "clusters" / "old"
    recent = tmp_path / "confiture" / "clusters" / "recent"
    for image, days in ((old, 40), (recent, 10)):
        image.mkdir(parents=True)
        used = time.time() - days * 24 * 3600
        os.utime(image, (used, used))

    identify_cluster(environ)

    assert not old.exists()
    assert recent.exists()


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"XDG_CACHE_HOME": "/somewhere", "HOME": "/"}, Path("/somewhere/confiture")),
        ({"XDG_CACHE_HOME": "relative"}, None),
        ({"HOME": "/no/such/home"}, None),
        ({}, None),
    ],
    ids=["named", "relative", "no such home", "nothing"],
)
def test_the_cache_lies_where_the_environment_says(environ: dict[str, str], expected: Path | None):
    assert cache_directory(environ) == expected


def test_the_cache_lies_in_a_home_of_ours(tmp_path: Path):
    assert cache_directory({"HOME": str(tmp_path)}) == tmp_path / ".cache" / "confiture"
