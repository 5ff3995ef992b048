"""PostgreSQL's programs: the order in which they are looked for, and what is said without any."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from confiture_core.errors import ServerError
from confiture_core.server import Binaries, find_binaries
from confiture_core.server.binaries import read_major_version

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def install(tmp_path: Path) -> Callable[..., Path]:
    """Make a directory of programs that do no more than be there."""

    def install(where: str, *, programs: tuple[str, ...] = ("initdb", "postgres")) -> Path:
        directory = tmp_path / where
        directory.mkdir(parents=True)
        for name in programs:
            write_program(directory / name, "exit 0")
        return directory

    return install


def write_program(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_pg_config_goes_before_the_usual_directories(install: Callable[..., Path], tmp_path: Path):
    named, _ = install("named/bin"), install("lib/15/bin")
    write_program(tmp_path / "pg_config", f"echo {named}")

    found = find_binaries(environ={"PATH": str(tmp_path)}, installations=[f"{tmp_path}/lib/*/bin"])

    assert found == Binaries(directory=named, source="pg_config")


def test_a_pg_config_of_the_client_library_alone_is_passed_over(
    install: Callable[..., Path], tmp_path: Path
):
    client, server = install("client/bin", programs=("psql",)), install("lib/15/bin")
    write_program(tmp_path / "pg_config", f"echo {client}")

    found = find_binaries(environ={"PATH": str(tmp_path)}, installations=[f"{tmp_path}/lib/*/bin"])

    assert found.directory == server


def test_the_newest_installation_is_taken(install: Callable[..., Path], tmp_path: Path):
    for version in ("9.6", "16", "9"):
        install(f"lib/{version}/bin")
    install("lib/18/bin", programs=("initdb",))

    found = find_binaries(environ={"PATH": ""}, installations=[f"{tmp_path}/lib/*/bin"])

    assert found.directory == tmp_path / "lib/16/bin"


def test_path_goes_before_python_packages_and_links_are_followed(
    install: Callable[..., Path], tmp_path: Path
):
    real, links = install("real/bin"), install("links", programs=())
    (links / "postgres").symlink_to(real / "postgres")

    found = find_binaries(environ={"PATH": str(links)}, installations=[])

    assert found == Binaries(directory=real, source="PATH")


def test_a_python_package_is_taken_without_importing_it(
    install: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    directory = install("some_postgres/pginstall/bin")
    (tmp_path / "some_postgres" / "__init__.py").write_text("raise SystemExit('imported')")
    monkeypatch.syspath_prepend(tmp_path)

    found = find_binaries(environ={"PATH": ""}, installations=[], packages=["some_postgres"])

    assert found == Binaries(directory=directory, source="some_postgres")


def test_without_any_it_is_said_what_was_tried_and_what_to_do(
    install: Callable[..., Path], tmp_path: Path
):
    half = install("lib/14/bin", programs=("initdb",))

    with pytest.raises(ServerError) as caught:
        find_binaries(
            environ={"PATH": ""},
            installations=[f"{tmp_path}/lib/*/bin", "/no/such/*/bin"],
            packages=["no_such_package"],
        )

    assert str(caught.value.detail).splitlines() == [
        "looked at",
        "  pg_config --bindir: not found",
        f"  {half}: no postgres",
        "  /no/such/*/bin: not found",
        "  postgres on PATH: not found",
        "  Python package no_such_package: not found",
    ]
    for remedy in ("pytest-confiture[embedded]", "CONFITURE_SERVER_URL", "--postgresql-exec"):
        assert remedy in str(caught.value.hint)


@pytest.mark.parametrize("given", ["real/bin", "real/bin/pg_ctl", "links/pg_ctl"])
def test_a_given_directory_or_pg_ctl_is_taken(
    given: str, install: Callable[..., Path], tmp_path: Path
):
    real = install("real/bin", programs=("initdb", "postgres", "pg_ctl"))
    links = install("links", programs=())
    (links / "pg_ctl").symlink_to(real / "pg_ctl")

    found = find_binaries(environ={}, given=tmp_path / given)

    assert found == Binaries(directory=real, source="given")


def test_a_given_pg_ctl_is_looked_up_on_path(install: Callable[..., Path]):
    real = install("real/bin", programs=("initdb", "postgres", "pg_ctl"))

    assert find_binaries(environ={"PATH": str(real)}, given=Path("pg_ctl")).directory == real


@pytest.mark.parametrize("given", ["nowhere/pg_ctl", "half/pg_ctl", "half"])
def test_a_given_place_that_has_none_is_an_error_and_no_other_is_taken(
    given: str, install: Callable[..., Path], tmp_path: Path
):
    install("half", programs=("pg_ctl", "postgres"))

    with pytest.raises(ServerError) as caught:
        find_binaries(environ={}, given=tmp_path / given)

    assert str(tmp_path / given.partition("/")[0]) in caught.value.message


def test_a_postgres_that_does_not_run_is_named(install: Callable[..., Path]):
    directory = install("broken/bin", programs=("initdb",))
    write_program(directory / "postgres", "echo libfoo.so is missing >&2; exit 127")

    with pytest.raises(ServerError) as caught:
        read_major_version(Binaries(directory=directory, source="given"))

    assert f'"{directory}/postgres" does not run' in caught.value.message
    assert caught.value.detail == "libfoo.so is missing"
