"""What the laws say of a round trip is what `pg_dump` says of the database before and after it."""

from __future__ import annotations

import re
import subprocess
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pglast
import pytest

from confiture_core.factory.shadows import shadows
from confiture_core.migrations.loader import load_migrations
from confiture_core.verify.chain import Chain
from confiture_core.verify.laws import verdicts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confiture_core.factory.shadows import Shadows
    from confiture_core.server import Server

_TEXT = (Path(__file__).parent / "trips.sql").read_text(encoding="utf-8")
_BASE, *_CASES = (tuple(block.partition("\n")[::2]) for block in _TEXT.split("-- case: ")[1:])
_ROWS = """
INSERT INTO person (name, email, score) VALUES ('p', 'P@x', 1.25), ('q', NULL, 3);
INSERT INTO visit (person_id, note) VALUES (1, 'n'), (2, NULL);
INSERT INTO log VALUES ('2020-02-02', 'w');
"""
_SECRET = re.compile(r"^\\(un)?restrict .*$", re.MULTILINE)


@pytest.fixture(scope="module")
def base(server: Server) -> Iterator[tuple[Shadows, str]]:
    with shadows(server) as made:
        name = made.make()
        with made.connect(name) as connection:
            connection.execute(f"{_BASE[1]}{_ROWS}".encode())
        yield made, name


@pytest.mark.parametrize(("name", "text"), _CASES, ids=[name for name, _ in _CASES])
def test_laws_hold_where_the_dump_is_the_same(
    base: tuple[Shadows, str], pg_dump: str, tmp_path: Path, name: str, text: str
) -> None:
    made, template = base
    up, _, down = text.partition("-- down\n")
    database = made.make(template=template)
    before = _dump(pg_dump, made, database)
    with made.connect(database) as connection:
        connection.execute(up.encode())
        connection.execute(down.encode())
    is_same = _dump(pg_dump, made, database) == before
    (tmp_path / f"001_{name}.up.sql").write_text(up, encoding="utf-8")
    (tmp_path / f"001_{name}.down.sql").write_text(down, encoding="utf-8")

    (file,) = load_migrations(tmp_path, root=tmp_path)
    with closing(Chain(made, [file], template=template)) as chain:
        found = verdicts(chain.see(file))

    broken = [law for law in ("down-leaves-no-trace", "data-survives") if not found[law].holds]
    assert found["up"].holds
    assert bool(broken) != is_same, found


def _dump(program: str, made: Shadows, database: str) -> list[str]:
    """Give the statements of a dump with rows, in an order of their own."""
    command = [program, "--inserts", "--dbname", made.server.conninfo(database)]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return sorted(pglast.split(_SECRET.sub("", text)))
