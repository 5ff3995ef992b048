"""Checkpoints: states of a chain that are kept, and from which a later run starts."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

import pytest

from confiture_core.factory.databases import maintenance
from confiture_core.factory.inventory import drop_unused, list_databases
from confiture_core.migrations.loader import load_migrations
from confiture_core.verify.chain import Chain
from confiture_core.verify.checkpoints import EMPTY, Checkpoints
from confiture_core.verify.laws import verdicts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from confiture_core.factory.shadows import Shadows
    from confiture_core.migrations.loader import MigrationFile
    from confiture_core.server import Server

_SETTING = """\
DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I {} confiture.test{}', current_database());
END $$;
"""
_TEXTS = {
    "001_a.up.sql": "CREATE TABLE a (n int);",
    "001_a.down.sql": "DROP TABLE a;",
    "002_b.up.sql": _SETTING.format("SET", " = on"),
    "002_b.down.sql": _SETTING.format("RESET", ""),
    "003_c.up.sql": "ALTER TABLE a ADD COLUMN m int NOT NULL DEFAULT 1;",
    "003_c.down.sql": "ALTER TABLE a DROP COLUMN m;",
    "004_d.up.sql": "-- confiture: transactional: false\nCREATE INDEX CONCURRENTLY a_m ON a (m);",
    "004_d.down.sql": "DROP INDEX a_m;",
    "005_e.up.sql": "ALTER TABLE a ALTER n SET NOT NULL;",
    "005_e.down.sql": "SELECT 1;",
}


class Kept(NamedTuple):
    folder: Path
    server: Server

    def migrations(self, **texts: str) -> tuple[MigrationFile, ...]:
        for name, text in {**_TEXTS, **texts}.items():
            (self.folder / name).write_text(text, encoding="utf-8")
        return load_migrations(self.folder, root=self.folder.parent)

    def shown(self) -> list[str]:
        with maintenance(self.server) as connection:
            marks = [each.mark for each in list_databases(connection)]
        return sorted(mark.shown for mark in marks if self.folder.name in mark.shown)


@pytest.fixture
def kept(server: Server, tmp_path: Path) -> Iterator[Kept]:
    folder = tmp_path / f"of_{tmp_path.name}"
    folder.mkdir()
    yield Kept(folder, server)
    with maintenance(server) as connection:
        for each in list_databases(connection):
            if folder.name in each.mark.shown:
                assert drop_unused(connection, each)


def test_a_later_run_starts_from_what_an_earlier_one_has_kept(kept: Kept, room: Shadows) -> None:
    migrations = kept.migrations()
    with closing(Chain(room, migrations, checkpoints=_checkpoints(kept, migrations))) as chain:
        first = {file.label: verdicts(chain.see(file)) for file in migrations}

    with closing(_checkpoints(kept, migrations)) as checkpoints:
        (name, position), nothing = checkpoints.nearest(3), checkpoints.nearest(1)
    found = {}
    for file in migrations[3:]:
        with closing(Chain(room, migrations, checkpoints=_checkpoints(kept, migrations))) as chain:
            found[file.label] = verdicts(chain.see(file))

    assert kept.shown() == [
        f"migrations up to {kept.folder.name}/{label}.up.sql" for label in ("002_b", "004_d")
    ]
    assert name.startswith("confiture_layer_")
    assert (position, nothing) == (2, EMPTY)
    assert found == {label: first[label] for label in ("004_d", "005_e")}
    assert all(verdict.holds for verdict in found["004_d"].values())
    assert [law for law, verdict in found["005_e"].items() if not verdict.holds] == [
        "down-leaves-no-trace"
    ]


def test_what_changes_a_state_has_it_kept_anew(kept: Kept, room: Shadows) -> None:
    names = []
    for text in ("CREATE TABLE a (n int);", "CREATE TABLE a (n bigint);"):
        migrations = kept.migrations(**{"001_a.up.sql": text})
        with closing(_checkpoints(kept, migrations)) as checkpoints:
            names += [checkpoints.nearest(2)[0], checkpoints.nearest(4)[0]]
    migrations = kept.migrations(**{"001_a.up.sql": text, "004_d.down.sql": "SELECT 1;"})
    with closing(_checkpoints(kept, migrations)) as checkpoints:
        again = checkpoints.nearest(5)[0]
    with maintenance(kept.server) as connection:
        connection.execute(f"create role {kept.folder.name}".encode())
        try:
            with closing(_checkpoints(kept, migrations)) as checkpoints:
                names.append(checkpoints.nearest(2)[0])
        finally:
            connection.execute(f"drop role {kept.folder.name}".encode())

    assert len(set(names)) == 5
    assert again == names[3]


def test_what_cannot_be_kept_is_gone_through(kept: Kept, room: Shadows) -> None:
    migrations = kept.migrations(**{"002_b.up.sql": "SELECT 1 / 0;"})
    with closing(_checkpoints(kept, migrations)) as checkpoints:
        from_nothing = checkpoints.nearest(4)
    with closing(Chain(room, migrations, checkpoints=_checkpoints(kept, migrations))) as chain:
        seen = verdicts(chain.see(migrations[3]))

    unknown = load_migrations(kept.folder, root=kept.folder.parent)[:1]
    with closing(_checkpoints(kept, unknown)) as checkpoints:
        too_short = checkpoints.nearest(1)

    assert from_nothing == too_short == EMPTY
    assert kept.shown() == []
    broken = seen["up"].unreachable
    assert broken is not None
    assert broken.message.endswith("002_b.up.sql:1: division by zero")


def _checkpoints(kept: Kept, migrations: tuple[MigrationFile, ...]) -> Checkpoints:
    return Checkpoints(kept.server, migrations, every=2)
