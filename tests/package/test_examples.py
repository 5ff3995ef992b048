"""The example projects, run as their README.md says."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


@pytest.mark.parametrize("name", sorted(path.parent.name for path in EXAMPLES.glob("*/pytest.ini")))
def test_an_example_passes_its_tests_and_the_laws(name, tmp_path):
    project = shutil.copytree(EXAMPLES / name, tmp_path / name)

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "--confiture-verify-migrations"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    for migration in (project / "db" / "migrations").glob("*.*"):
        if not migration.name.endswith(".down.sql"):
            assert re.search(rf"{re.escape(migration.name)}::\S+ PASSED", done.stdout)
