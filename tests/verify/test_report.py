"""The report: its facts, and its page in a real browser."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from confiture_core.verify.report import render_page

if TYPE_CHECKING:
    from collections.abc import Callable

    Project = Callable[[dict[str, str]], pytest.Pytester]

pytest_plugins = ["pytester"]

FLAG = "--confiture-verify-migrations"
NASTY = "</script><img src=x onerror=document.title='no'><!-- $data \u2028"
FILES = {
    "db/schema/users.sql": "CREATE TABLE users (id bigint PRIMARY KEY);\n",
    "db/migrations/001_users.up.sql": "CREATE TABLE users (id int PRIMARY KEY);\n",
    "db/migrations/001_users.down.sql": "DROP TABLE users;\n",
    "db/migrations/002_long.up.sql": "ALTER TABLE users ALTER id TYPE bigint;\n",
    "db/migrations/002_long.down.sql": f"SELECT {json.dumps(NASTY)} FROM users;\n",
    "db/migrations/003_none.up.sql": "SELECT 1;\n",
}
PAGES = Path(__file__).parents[2] / "docs" / "reference"
BROWSER = shutil.which("chromium") or shutil.which("google-chrome")


def schema() -> dict[str, Any]:
    """Read the schema that the documentation has."""
    own, shared = (
        re.search(r"^```json\n(.*?)^```", (PAGES / page).read_text("utf-8"), re.M | re.S)
        for page in ("verification-report.md", "json.md")
    )
    assert own is not None
    assert shared is not None
    return {**json.loads(own[1]), "$defs": json.loads(shared[1])}


def report(pytester: pytest.Pytester, *arguments: str) -> dict[str, Any]:
    pytester.runpytest_subprocess(FLAG, "--confiture-report=out.json", *arguments)
    found = json.loads((pytester.path / "out.json").read_text("utf-8"))
    jsonschema.validate(found, schema(), jsonschema.Draft202012Validator)
    assert isinstance(found, dict)
    return found


def test_the_report_has_what_was_seen(project: Project) -> None:
    found = report(project(FILES))

    assert found["format"] == 1
    assert found["server"].startswith("PostgreSQL ")
    assert [one["migration"] for one in found["migrations"]] == [
        "001_users",
        "002_long",
        "003_none",
    ]
    long = found["migrations"][1]
    assert long["objects"]["table"] == 1
    assert long["rows"] == {"tables": 1, "filled": 1, "rows": 3, "unfilled": []}
    (statement,) = long["statements"]
    assert (statement["path"], statement["line"]) == ("db/migrations/002_long.up.sql", 1)
    assert statement["rewritten"] == ["public.users"]
    assert {"relation": "public.users", "kind": "table", "level": "ACCESS EXCLUSIVE"} in (
        statement["locks"]
    )
    assert {law["law"]: law["holds"] for law in long["laws"]} == {
        "up": True,
        "down-leaves-no-trace": False,
        "again": False,
        "data-survives": False,
        "locks": True,
    }
    assert found["parity"]["holds"]


def test_workers_and_what_is_remembered_give_the_same_report(project: Project) -> None:
    pytester = project(FILES)

    shared = report(pytester, "-n2")
    remembered = report(pytester, "-n0")
    alone = report(pytester, "-n0", "--cache-clear")

    for one in (alone, shared, remembered):
        one.pop("made")
        for statement in (each for file in one["migrations"] for each in file["statements"]):
            statement.pop("duration_s")
        for file in one["migrations"]:
            file.pop("duration_s")
        cached = [law.pop("cached") for file in one["migrations"] for law in file["laws"]]
        assert all(cached) if one is remembered else not any(cached)
    assert shared == alone
    assert remembered == alone


@pytest.mark.parametrize(
    ("name", "words"),
    [("out.pdf", "ends in .html or .json"), ("no/where.html", "there is no directory")],
)
def test_where_no_report_can_be_written_nothing_is_run(
    project: Project, name: str, words: str
) -> None:
    result = project(FILES).runpytest_subprocess(FLAG, f"--confiture-report={name}")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*{words}*"])


def test_the_page_needs_nothing_from_elsewhere(project: Project) -> None:
    pytester = project(FILES)

    pytester.runpytest_subprocess(FLAG, "--confiture-report=out.html")

    page = (pytester.path / "out.html").read_text("utf-8")
    assert not re.search(r"""(src|href)=["'](?!data:)""", page.partition('id="data"')[0])
    assert page.count("</script>") == 2
    assert "$" not in re.sub(r"\$\{", "", page.partition('id="data">')[0])


@pytest.mark.skipif(BROWSER is None, reason="there is no Chromium here")
@pytest.mark.parametrize("width", [390, 1280])
def test_a_browser_shows_the_page(project: Project, tmp_path: Path, width: int) -> None:
    found = report(project(FILES))
    page = tmp_path / "report.html"
    # Says in the end whether anything is wider than the window.
    probe = "<script>document.title = document.documentElement.scrollWidth > innerWidth</script>"
    page.write_text(render_page(found).replace("</body>", f"{probe}</body>"), "utf-8")

    shown = browse(page, tmp_path, width)

    assert "CONSOLE" not in shown.stderr
    text = shown.stdout.partition('<script type="application/json"')[0]
    assert "<title>false</title>" in text
    assert text.count('class="one"') == 3
    assert 'id="002_long"' in text
    assert "ACCESS EXCLUSIVE" in text
    assert "1 rewrite" in text
    # The migration that the address names is open, and what it says is text.
    assert 'aria-expanded="true"' in text
    assert "onerror=document.title" in text
    assert "<img" not in text


def browse(page: Path, folder: Path, width: int) -> subprocess.CompletedProcess[str]:
    """Open a page without a window; give its document as it is then, and its console."""
    assert BROWSER is not None
    return subprocess.run(
        [
            BROWSER,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            f"--user-data-dir={folder / 'profile'}",
            f"--window-size={width},900",
            "--enable-logging=stderr",
            "--dump-dom",
            f"{page.as_uri()}#002_long",
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        env={**os.environ, "HOME": str(folder)},
    )
