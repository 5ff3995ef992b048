"""Outlines of environment files: with one, the file means what it means without."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from confiture_core.config import Environment, load_environment
from confiture_core.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

KEPT = {
    "plain": "name: local\nincludes:\n  - ../schema\n  - ../seeds\n",
    "flow": "includes: [../schema, '../seeds']\nprotected: true\n",
    "quoted": "name: \"local\"\ninclude_dirs: 'db/schema'\n",
    "null": "name: ~\ndatabase:\n  host: null\n  port:\n  user: me\n",
    "other letters": "name: žluťoučký\ndatabase: {user: '😀', password: 'kůň'}\n",
    "variables": "database:\n  password: ${PASSWORD:-none}\n  host: '$${HOST}'\n",
    "comments": "# first\nname: local # then\n\n# and\nlock_timeout: 2s\n",
}
NOT_KEPT = {
    "escapes": 'name: "lo\\x63al"\n',
    "two quotes": "name: 'it''s'\n",
    "folded": "name: >-\n  a\n  b\n",
    "continued": "name: a\n  b\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("schema", "seeds", "environments"):
        (tmp_path / "db" / folder).mkdir(parents=True)
    return tmp_path


def load(project: Path, text: str, outlines: Path | None) -> Environment:
    (project / "db/environments/local.yaml").write_text(text)
    return load_environment(directory=project, environ={"PASSWORD": "x"}, outlines=outlines)


@pytest.mark.parametrize("text", [*KEPT.values(), *NOT_KEPT.values()], ids=[*KEPT, *NOT_KEPT])
def test_an_environment_is_the_same_by_its_outline(project: Path, text: str):
    outlines = project / "outlines"

    first, again = load(project, text, outlines), load(project, text, outlines)

    assert first == again == load(project, text, None)


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
def test_one_is_kept_of_a_file_whose_values_stand_there_as_they_are(project: Path, text: str):
    load(project, text, project / "outlines")

    assert len(list((project / "outlines").iterdir())) == 1


@pytest.mark.parametrize("text", NOT_KEPT.values(), ids=NOT_KEPT)
def test_none_is_kept_of_others(project: Path, text: str):
    load(project, text, project / "outlines")

    assert not (project / "outlines").exists()


def test_an_outline_holds_no_word_of_the_file(project: Path):
    load(project, "name: local\ndatabase:\n  password: sekret\n", project / "outlines")

    (outline,) = (project / "outlines").iterdir()
    assert set(outline.read_text()) <= set("0123456789[], ")


@pytest.mark.parametrize("wrong", ["", "[", "[1]", "[1, 2]", "{}", '[1, "a", "b", 0]'])
def test_a_file_is_parsed_where_its_outline_is_broken(project: Path, wrong: str):
    text = KEPT["plain"]
    known = load(project, text, project / "outlines")
    (outline,) = (project / "outlines").iterdir()
    outline.write_text(wrong)

    assert load(project, text, project / "outlines") == known


def test_a_mistake_is_named_with_its_line_by_an_outline_too(project: Path):
    found = []
    for _ in range(2):
        with pytest.raises(ConfigError) as caught:
            load(project, "name: local\nlock_timeout: soon\n", project / "outlines")
        found.append((caught.value.line, caught.value.message))

    assert found[0] == found[1]
    assert found[0][0] == 2


def test_an_alias_for_what_it_is_in_is_refused(project: Path):
    with pytest.raises(ConfigError, match=r"db/environments/local\.yaml:1: .*alias"):
        load(project, "includes: &all [*all]\n", None)


def test_a_folder_that_cannot_be_written_is_no_mistake(project: Path):
    (project / "outlines").write_text("a file")

    assert load(project, KEPT["plain"], project / "outlines").name == "local"


def test_with_an_outline_pyyaml_is_not_loaded(project: Path):
    load(project, KEPT["plain"], project / "outlines")
    code = (
        "import sys; from pathlib import Path; from confiture_core.config import load_environment;"
        f" load_environment(directory=Path({str(project)!r}),"
        f" outlines=Path({str(project / 'outlines')!r})); print('yaml' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"
