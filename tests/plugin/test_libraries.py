"""The examples of docs/how-to/test-with-pytest.md do what they say, with the real libraries."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

PAGE = Path(__file__).parents[2] / "docs/how-to/test-with-pytest.md"
# It warns of a default that will change.
ASYNCIO = ("-p", "pytest_asyncio.plugin", "-o", "asyncio_default_fixture_loop_scope=function")
DJANGO = """
from django.conf import settings
settings.configure(DATABASES={"default": {"ENGINE": "django.db.backends.postgresql"}})
import django
django.setup()
"""


def examples(heading: str) -> list[str]:
    section = PAGE.read_text().partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    found = re.findall(r"^```python\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    assert found, heading
    return found


def run(pantry: pytest.Pytester, example: str, *options: str) -> None:
    """Run an example twice over: what one test leaves the other must not see."""
    (pantry.path / "db/schema/20_users.sql").write_text(
        "CREATE TABLE users (id SERIAL PRIMARY KEY, name TEXT NOT NULL);\n"
    )
    again = re.search(r"^(@pytest\.mark\.\w+\n)?(async )?def test_.*", example, re.M | re.S)
    assert again is not None
    pantry.makepyfile(example + "\n\n" + again[0].replace("def test_", "def test_again_"))

    result = pantry.runpytest_subprocess("-W", "error", *options)

    result.assert_outcomes(passed=2)


def test_sqlalchemy(pantry: pytest.Pytester) -> None:
    pytest.importorskip("sqlalchemy", "2")
    [example] = examples("With SQLAlchemy")

    run(pantry, example)


def test_pytest_asyncio(pantry: pytest.Pytester) -> None:
    pytest.importorskip("pytest_asyncio")

    run(pantry, examples("With asyncio or anyio")[0], *ASYNCIO)


def test_anyio(pantry: pytest.Pytester) -> None:
    pytest.importorskip("anyio")

    run(pantry, examples("With asyncio or anyio")[1], "-p", "anyio.pytest_plugin")


def test_asyncpg(pantry: pytest.Pytester) -> None:
    pytest.importorskip("asyncpg")
    pytest.importorskip("pytest_asyncio")
    [example] = examples("With asyncpg")

    run(pantry, example, *ASYNCIO)


def test_django(pantry: pytest.Pytester) -> None:
    pytest.importorskip("django")
    [example] = examples("With Django")
    pantry.makeconftest(DJANGO)

    run(pantry, example)
