"""Write the lowest versions pyproject.toml allows as requirements: `lowest.py FILE`."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path


def lowest(requirement: str) -> str:
    return requirement.replace(">=", "==", 1)


def main(target: Path) -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    target.write_text("\n".join(map(lowest, project["dependencies"])) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
