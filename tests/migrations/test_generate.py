from __future__ import annotations

import pytest

from confiture_core.errors import MigrationError
from confiture_core.migrations.executor import migrate_down, migrate_up
from confiture_core.migrations.generate import generate_empty, write_files
from confiture_core.migrations.history import read_history


@pytest.mark.parametrize(
    ("format", "names"),
    [
        ("py", ["001_migrate_user_data.py"]),
        ("sql", ["001_migrate_user_data.up.sql", "001_migrate_user_data.down.sql"]),
    ],
)
def test_an_empty_migration_can_be_run(load, database, directory, format, names):
    paths = generate_empty(directory, "Migrate user-data", format)

    assert [path.name for path in paths] == names

    migrations = load({})
    migrate_up(database, migrations)
    migrate_down(database, migrations)

    assert read_history(database) == ()


def test_the_version_follows_those_of_the_directory(directory):
    (directory / "0041_x.down.sql").write_text("")

    (path,) = generate_empty(directory, "a")

    assert path.name == "0042_a.py"


def test_the_directory_is_made(tmp_path):
    (path,) = generate_empty(tmp_path / "db" / "migrations", "a")

    assert path.is_file()


def test_a_file_that_is_there_is_never_overwritten(directory):
    (directory / "001_a.down.sql").write_text("mine")

    with pytest.raises(MigrationError, match="exists already"):
        write_files(directory, {"001_a.up.sql": "x", "001_a.down.sql": "x"})

    assert [path.name for path in directory.iterdir()] == ["001_a.down.sql"]
    assert (directory / "001_a.down.sql").read_text() == "mine"
