"""The programs of other tools, where they are installed."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from confiture_core.errors import MigrationError


def find_command(name: str) -> str:
    """Find a program beside the Python that runs, or on PATH."""
    beside = shutil.which(name, path=str(Path(sys.executable).parent))
    found = beside or shutil.which(name)
    if found is None:
        raise MigrationError(
            f"the command {name} is not installed here, and only it can say what its files do",
            hint=f"run this in the environment of the project that uses {name}",
        )
    return found
