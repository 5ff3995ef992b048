"""The command `confiture`."""

from __future__ import annotations

__all__ = ["main"]


def main() -> int:
    """Run the command with the arguments of the process and return its exit code."""
    from confiture.cli.frame import run

    return run()
