"""What users install."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = {"confiture", "confiture_core", "pytest_confiture"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    target = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (path,) = target.glob("*.whl")
    return zipfile.ZipFile(path)


def test_the_wheel_holds_exactly_three_packages(wheel):
    tops = {name.split("/")[0] for name in wheel.namelist()}

    assert {top for top in tops if not top.endswith(".dist-info")} == PACKAGES


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_each_package_is_typed(wheel, package):
    assert f"{package}/py.typed" in wheel.namelist()


def test_the_wheel_holds_every_module_and_query_of_the_checkout(wheel):
    files = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.suffix in {".py", ".sql"}
    }

    assert files <= set(wheel.namelist())
    assert any(name.endswith(".sql") for name in files)


def test_the_version_stands_in_pyproject_alone():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "version"
    ]
    repeated = [
        path
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if "__version__ =" in path.read_text(encoding="utf-8")
        or f'"{version}"' in path.read_text(encoding="utf-8")
    ]

    assert repeated == []
    assert importlib.metadata.version("pytest-confiture") == version


def test_no_script_but_confiture_is_installed():
    scripts = importlib.metadata.distribution("pytest-confiture").entry_points

    assert {(script.group, script.name) for script in scripts} == {
        ("console_scripts", "confiture"),
        ("pytest11", "confiture"),
    }
