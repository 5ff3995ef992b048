"""The outermost frame: errors become text and exit codes here, and nowhere else."""

from __future__ import annotations

import os
import signal
import sys
import threading

from confiture import render
from confiture.talk import TALK
from confiture_core.errors import ConfitureError

_ERROR = 1
_INTERRUPTED = 130  # as a shell reports SIGINT
_TERMINATED = 143  # and SIGTERM


def run() -> int:
    """Run the command line of this process and return its exit code."""
    TALK.forget()
    received = _interrupt_on_signals()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A name that the terminal's encoding lacks is no reason to fail.
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _run()
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = _INTERRUPTED
    except BrokenPipeError:
        # Who reads us has left; what is still buffered must not be written at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _ERROR
    except Exception as exc:  # noqa: BLE001 - nothing is above this frame
        if TALK.is_debug:
            render.traceback(exc)
        if not received:
            render.error(explained(exc))
            return _ERROR
        code = _INTERRUPTED  # it came of the interrupt: psycopg has to leave a query half sent
    return _TERMINATED if code == _INTERRUPTED and signal.SIGTERM in received else code


def _interrupt_on_signals() -> list[int]:
    """Let what ends jobs cancel the statement that is running, as an interrupt does.

    Returns the list that the signals come into.
    """
    received: list[int] = []

    def interrupt(number: int, frame: object) -> None:
        received.append(number)
        if "psycopg" in sys.modules and not TALK.is_debug:
            import logging

            # What it cannot do any more on a connection is no news then.
            logging.getLogger("psycopg").setLevel(logging.CRITICAL)
        raise KeyboardInterrupt

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, interrupt)
        signal.signal(signal.SIGINT, interrupt)
    return received


def _run() -> int:
    from confiture.cli.app import assemble

    try:
        assemble([word for word in sys.argv[1:] if not word.startswith("-")])(prog_name="confiture")
    except SystemExit as exc:
        return exc.code if isinstance(exc.code, int) else 0
    return 0


def explained(exc: Exception) -> ConfitureError:
    """Return what there is to say of an exception, as an error of ours."""
    if isinstance(exc, ConfitureError):
        return exc
    if isinstance(exc, OSError) and exc.filename is not None:
        return ConfitureError(exc.strerror or str(exc), path=str(exc.filename))
    # An error of psycopg can come only from where psycopg is loaded.
    psycopg = sys.modules.get("psycopg")
    if psycopg is not None and isinstance(exc, psycopg.Error):
        message = exc.diag.message_primary or str(exc).strip() or type(exc).__name__
        return ConfitureError(message, detail=exc.diag.message_detail, hint=exc.diag.message_hint)
    return ConfitureError(
        f"internal error: {type(exc).__name__}: {exc}",
        hint=None if TALK.is_debug else "--debug shows where it comes from",
    )
