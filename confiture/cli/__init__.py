"""The command `confiture`."""

from __future__ import annotations

__all__ = ["main"]


def main() -> int:
    """Run the command with the arguments of the process and return its exit code."""
    import gc

    # Nearly all that is made while modules are loaded and files are read stays: looking through it
    # for garbage every 700 objects, and once more at the end, takes a tenth of the time.
    gc.set_threshold(20_000, 20, 100)

    try:
        from confiture.cli.frame import run

        code = run()
    except KeyboardInterrupt:  # before the frame stood, or for a second time
        return 130
    gc.freeze()
    return code
