from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from confiture_core.config import Environment, load_environment
from confiture_core.errors import ProjectError
from confiture_core.project import load_project, load_sql_files

if TYPE_CHECKING:
    from pathlib import Path


def write(root: Path, *files: str) -> None:
    for name in files:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"-- {name}\n")


def environment(root: Path, *includes: str) -> Environment:
    folder = root / "db/environments"
    folder.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"  - {include}\n" for include in includes)
    (folder / "local.yaml").write_text(f"include_dirs:\n{lines}")
    return load_environment(directory=root)


def test_files_are_alphabetical_by_name_in_each_directory(tmp_path: Path):
    write(
        tmp_path,
        "db/schema/30_functions/f.sql",
        "db/schema/00_common/types.sql",
        "db/schema/00_common/extensions.sql",
        "db/schema/10_tables/users.sql",
        "db/schema/10_tables/sub/posts.sql",
        "db/schema/10_tables.sql",
        "db/schema/empty.sql",
        "db/schema/Z.sql",
    )

    project = load_project(environment(tmp_path, "db/schema"))

    assert [file.shown for file in project.schema_files] == [
        "db/schema/00_common/extensions.sql",
        "db/schema/00_common/types.sql",
        "db/schema/10_tables/sub/posts.sql",
        "db/schema/10_tables/users.sql",
        "db/schema/10_tables.sql",
        "db/schema/30_functions/f.sql",
        "db/schema/Z.sql",
        "db/schema/empty.sql",
    ]


def test_seeds_are_kept_apart_and_come_last(tmp_path: Path):
    write(tmp_path, "db/seeds/common/00_users.sql", "db/schema/users.sql")

    project = load_project(environment(tmp_path, "db/seeds", "db/schema"))

    assert [file.shown for file in project.files()] == [
        "db/schema/users.sql",
        "db/seeds/common/00_users.sql",
    ]
    assert [file.is_seed for file in project.files()] == [False, True]
    assert project.files(schema_only=True) == project.schema_files


def test_includes_keep_the_order_given_and_a_file_is_loaded_once(tmp_path: Path):
    write(tmp_path, "db/schema/a.sql", "db/schema/b/c.sql", "db/schema/d.sql")

    project = load_project(environment(tmp_path, "db/schema/d.sql", "db/schema/b", "db/schema"))

    assert [file.path.name for file in project.schema_files] == ["d.sql", "c.sql", "a.sql"]


def test_hidden_files_and_other_kinds_are_left_alone(tmp_path: Path):
    write(
        tmp_path, "db/schema/.a.sql", "db/schema/.git/b.sql", "db/schema/c.sql~", "db/schema/d.md"
    )

    assert load_project(environment(tmp_path, "db/schema")).files() == ()


def test_files_and_folders_can_be_left_out(tmp_path: Path):
    write(tmp_path, "db/schema/a.sql", "db/schema/b.sql", "db/schema/c/d.sql")

    project = load_project(
        environment(tmp_path, "db/schema"),
        without=[tmp_path / "db/schema/a.sql", tmp_path / "db/schema/c"],
    )

    assert [file.path.name for file in project.files()] == ["b.sql"]


def test_a_link_to_a_folder_above_ends_the_walk(tmp_path: Path):
    write(tmp_path, "db/schema/a.sql")
    (tmp_path / "db/schema/loop").symlink_to(tmp_path / "db/schema")

    project = load_project(environment(tmp_path, "db/schema"))

    assert [file.shown for file in project.files()] == ["db/schema/a.sql"]


def test_the_text_is_the_authors_but_for_a_byte_order_mark(tmp_path: Path):
    path = tmp_path / "a.sql"
    path.write_bytes("\ufeffSELECT 'é'\r\n;".encode())

    (file,) = load_sql_files([path], root=tmp_path)

    assert file.text == "SELECT 'é'\r\n;"
    assert file.shown == "a.sql"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("SELECT 1;\n-- é\n".encode("latin-1"), "a.sql:2: the file is not UTF-8: byte 0xe9"),
        (b"\xef\xbb\xbfSELECT 1;\n\n\xff", "a.sql:3: the file is not UTF-8: byte 0xff"),
        ("SELECT 1;".encode("utf-16"), "a.sql:1: the file is not UTF-8: byte 0xff"),
        (b"SELECT\n'\0';", "a.sql:2: the file holds a NUL character"),
    ],
    ids=["latin-1", "byte-order-mark", "utf-16", "nul"],
)
def test_a_file_that_is_no_utf8_text_is_refused_with_its_line(
    tmp_path: Path, data: bytes, message: str
):
    (tmp_path / "a.sql").write_bytes(data)

    with pytest.raises(ProjectError) as caught:
        load_sql_files([tmp_path], root=tmp_path)

    assert str(caught.value) == message


def test_a_missing_path_is_refused_by_name(tmp_path: Path):
    with pytest.raises(ProjectError) as caught:
        load_sql_files([tmp_path / "db/no.sql"], root=tmp_path)

    assert str(caught.value) == "db/no.sql: there is no such file or directory"


def test_the_digest_follows_contents_and_order_not_names(tmp_path: Path):
    write(tmp_path, "db/schema/a.sql", "db/schema/b.sql", "db/seeds/s.sql")
    settings = environment(tmp_path, "db/schema", "db/seeds")
    before = load_project(settings)

    (tmp_path / "db/schema/b.sql").rename(tmp_path / "db/schema/c.sql")
    renamed = load_project(settings)
    (tmp_path / "db/schema/c.sql").rename(tmp_path / "db/schema/Z.sql")
    moved = load_project(settings)
    (tmp_path / "db/seeds/s.sql").write_text("-- changed\n")
    changed = load_project(settings)

    assert renamed.digest() == before.digest()
    assert moved.digest() != before.digest()
    assert changed.digest() != moved.digest()
    assert changed.digest(schema_only=True) == moved.digest(schema_only=True)
