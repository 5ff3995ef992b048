"""The command `confiture`."""

from __future__ import annotations

__all__ = ["main"]


def main() -> int:
    """Run the command with the arguments of the process and return its exit code."""
    import gc
    import signal

    # Nearly all that is made while modules are loaded and files are read stays: looking through it
    # for garbage every 700 objects, and once more at the end, takes a tenth of the time.
    gc.set_threshold(20_000, 20, 100)

    try:
        from confiture.cli.frame import run

        code = run()
    except KeyboardInterrupt:  # before the frame stood, or for a second time
        code = 130
    # What is to be done is done: a signal ends the process, and nothing has to be told of it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.freeze()
    return code
