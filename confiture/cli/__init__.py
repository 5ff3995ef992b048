"""The command `confiture`."""

from __future__ import annotations

__all__ = ["main"]


def main() -> int:
    """Run the command with the arguments of the process and return its exit code."""
    import gc

    from confiture.cli.frame import run

    code = run()
    # The process ends: what is left is not worth looking through, which takes a tenth of a second.
    gc.freeze()
    return code
