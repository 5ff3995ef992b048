"""What is imported at start-up, in a process of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("psycopg", "pglast")


def imported_by(*arguments: str) -> set[str]:
    """Return the top-level modules that a Python with these arguments imports."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments], check=True, capture_output=True, text=True
    )
    return {
        line.rsplit("|", 1)[1].strip().split(".")[0]
        for line in done.stderr.splitlines()
        if line.startswith("import time:")
    }


@pytest.mark.parametrize(
    "module",
    [
        "confiture_core.catalog.model",
        "confiture_core.config",
        "confiture_core.diff",
        "confiture_core.graph",
        "confiture_core.names",
        "confiture_core.project",
        "confiture_core.statements",
    ],
)
def test_a_pure_module_never_imports_psycopg(module):
    assert "psycopg" not in imported_by("-c", f"import {module}")


def test_the_plugin_imports_neither_psycopg_nor_pglast():
    assert imported_by("-c", "import pytest_confiture.plugin").isdisjoint(HEAVY)


def test_the_help_imports_neither_psycopg_nor_pglast():
    help_ = "import sys; sys.argv = ['confiture', '--help']; from confiture.cli import main; main()"

    assert imported_by("-c", help_).isdisjoint(HEAVY)
