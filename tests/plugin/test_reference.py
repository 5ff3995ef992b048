"""docs/reference/pytest.md names all there is, and nothing else."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_confiture import fixtures, plugin
from pytest_confiture.database import Database

if TYPE_CHECKING:
    import pytest

PAGE = (Path(__file__).parents[2] / "docs/reference/pytest.md").read_text()


def section(heading: str) -> str:
    text = PAGE.partition(f"# {heading}\n")[2]
    assert text, heading
    return text.partition("\n#")[0]


def test_all_options_and_ini_keys_are_described(pytestconfig: pytest.Config) -> None:
    parser = pytestconfig._parser
    [group] = [group for group in parser._groups if group.name == "confiture"]
    options = {name for option in group.options for name in option.names()}
    keys = {name for name in parser._inidict if name.startswith("confiture_")}

    text = section("Options")
    described = set(re.findall(r"^`(--confiture-[a-z-]+)`$", text, re.MULTILINE))

    assert described == options
    assert set(re.findall(r"`(confiture_[a-z_]+)`", text)) == keys


def test_all_fixtures_are_described_with_their_scope() -> None:
    described = re.findall(r"^\| `(\w+)` \| (\w+) \|", section("Fixtures"), re.MULTILINE)

    public = [name for name in plugin.__all__ if not name.startswith("_")]
    assert dict(described) == {
        name: getattr(plugin, name)._fixture_function_marker.scope for name in public
    }


def test_all_arguments_of_the_marker_and_of_the_factory_are_described() -> None:
    marker = set(re.findall(r"(\w+)=…", section("Marker")))
    made = inspect.signature(fixtures.MakeDatabase.__call__).parameters.keys() - {"self"}
    [sentence] = re.findall(r"^It takes (.*)\.$", section("confiture_database"), re.MULTILINE)

    assert marker == set(fixtures.MARKER_KEYS)
    assert set(re.findall(r"`(\w+)`", sentence)) == made


def test_all_a_database_has_is_described() -> None:
    columns = re.findall(r"^\| (`.*?) \|", section("Database"), re.MULTILINE)

    public = {name for name in vars(Database) if not name.startswith("_")} - {"close"}
    assert set(re.findall(r"`(\w+)", " ".join(columns))) == public
