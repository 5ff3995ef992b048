"""Images: what a server had when it ended, the next one for the project starts with."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import psycopg
import pytest

from confiture_core.errors import ServerError
from confiture_core.server import ephemeral_server
from confiture_core.server.image import project_image
from confiture_core.server.image_file import load_image, save_image

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "XDG_CACHE_HOME": str(tmp_path)}


@pytest.fixture
def run(environ: dict[str, str], tmp_path: Path) -> Callable[..., set[str]]:
    """Start the server of a project, make a layer if one is named; say what layers were there."""

    def run(made: str | None = None) -> set[str]:
        with (
            ephemeral_server(environ=environ, project=tmp_path) as server,
            psycopg.connect(server.conninfo(), autocommit=True) as connection,
        ):
            rows = connection.execute("select datname from pg_database where oid >= 16384")
            found = {name for (name,) in rows}
            if made is not None:
                connection.execute("create database left_over")
                connection.execute(f"create database {made} is_template true".encode())
        return found

    return run


def the_image(environ: dict[str, str], tmp_path: Path) -> Path:
    found = project_image(environ, tmp_path)
    assert found is not None
    return found[1]


def test_layers_are_there_in_the_next_run_and_nothing_else_is(run: Callable[..., set[str]]):
    assert run("first") == set()
    assert run("second") == {"first"}
    assert run() == {"first", "second"}


def test_one_that_is_not_whole_is_passed_over(
    run: Callable[..., set[str]], environ: dict[str, str], tmp_path: Path
):
    run("first")

    (the_image(environ, tmp_path) / "data" / "PG_VERSION").unlink()

    assert run("first") == set()
    assert run() == {"first"}


def test_after_a_start_of_the_machine_one_that_is_torn_is_passed_over(
    run: Callable[..., set[str]], environ: dict[str, str], tmp_path: Path
):
    run("first")
    image = the_image(environ, tmp_path)
    note = image / "image.json"
    note.write_text(note.read_text().replace('"boot": "', '"boot": "before '))
    assert run() == {"first"}

    note.write_text(note.read_text().replace('"boot": "', '"boot": "before '))
    torn = image / "data" / "global" / "pg_control"
    torn.write_bytes(b"\0" * torn.stat().st_size)

    assert run() == set()


def test_as_a_file_it_can_be_carried_elsewhere(
    run: Callable[..., set[str]], environ: dict[str, str], tmp_path: Path
):
    with pytest.raises(ServerError, match="no image of this project"):
        save_image(the_image(environ, tmp_path), tmp_path / "none.tar.gz")
    run("first")
    file = tmp_path / "image.tar.gz"
    save_image(the_image(environ, tmp_path), file)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    found = project_image(environ, elsewhere)
    assert found is not None
    binaries, image = found

    assert load_image(file, image, binaries) == ("first",)

    with (
        ephemeral_server(environ=environ, project=elsewhere) as server,
        psycopg.connect(server.conninfo()) as connection,
    ):
        query = "select datname from pg_database where oid >= 16384"
        assert connection.execute(query).fetchall() == [("first",)]


def test_a_file_that_is_no_image_is_refused(environ: dict[str, str], tmp_path: Path):
    file = tmp_path / "image.tar.gz"
    file.write_bytes(b"nothing")
    found = project_image(environ, tmp_path)
    assert found is not None

    with pytest.raises(ServerError, match="is no image"):
        load_image(file, found[1], found[0])
