"""A live database as a side: a provider has its say in who may use PostgreSQL's own objects."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from confiture_core.difference import between, with_same_words
from confiture_core.factory.shadows import shadows
from confiture_core.project import SqlFile
from confiture_core.sources import open_database, open_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confiture_core.factory.shadows import Shadows
    from confiture_core.proof import State
    from confiture_core.server import Server

TABLE = "CREATE TABLE jam (fruit text);"
SHUT = "REVOKE EXECUTE ON FUNCTION pg_catalog.pg_backend_pid() FROM PUBLIC;"


@pytest.fixture
def made(server: Server) -> Iterator[Shadows]:
    with shadows(server) as made:
        yield made


def _files(text: str, made: Shadows) -> State:
    file = SqlFile(path=Path("s.sql").absolute(), shown="s.sql", text=text)
    return open_files((file,), "s.sql", made)


def _live(text: str, made: Shadows) -> State:
    return open_database(made.server.conninfo(_files(text, made).database), made)


@pytest.mark.parametrize("files", [TABLE, TABLE + SHUT], ids=["of the provider", "of the files"])
@pytest.mark.parametrize("is_old", [True, False], ids=["from it", "to it"])
def test_what_it_has_of_them_is_no_difference(made: Shadows, files: str, is_old: bool) -> None:
    live, other = _live(TABLE + SHUT, made), _files(files, made)

    difference = between(*(live, other) if is_old else (other, live), made)

    assert difference.is_empty
    assert ["left alone" in note for note in difference.notes if "pg_backend_pid" in note] == (
        [True] if files == TABLE else []
    )
    assert with_same_words(other, live, made).catalog.objects == other.catalog.objects


def test_what_it_lacks_of_them_is_carried(made: Shadows) -> None:
    difference = between(_live(TABLE, made), _files(TABLE + SHUT, made), made)

    assert [step.sql for step in difference.up.steps] == [SHUT.removesuffix(";")]
