"""`confiture --help` against a Python that imports typer."""

from __future__ import annotations

from benchmarks.measure import CONFITURE, PYTHON, Contender, compare
from benchmarks.projects import options


def main() -> int:
    return compare(
        [
            Contender(name="confiture --help", command=[CONFITURE, "--help"]),
            Contender(name='python -c "import typer"', command=[PYTHON, "-c", "import typer"]),
        ],
        repeats=options().repeats,
        target=2.5,
    )


if __name__ == "__main__":
    raise SystemExit(main())
