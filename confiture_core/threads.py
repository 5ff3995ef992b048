"""A thread beside the main one, to which an interrupt does no harm."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor


@contextmanager
def one_thread() -> Iterator[Executor]:
    """Have one thread that does one thing after the other; it is waited for at the end.

    It runs before the block does. An executor whose first submit() is interrupted may forget the
    thread that it has just started: it would take a second one, and wait for neither.
    """
    with ThreadPoolExecutor(1) as executor:
        executor.submit(int).result()
        yield executor
