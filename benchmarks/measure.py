"""Whole processes timed in turns.

Each round runs every contender once, in order, so that a busy machine slows all of them alike; a
first round is thrown away.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import sysconfig
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

PYTHON = sys.executable
CONFITURE = str(Path(sysconfig.get_path("scripts")) / "confiture")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A command to be timed, and what makes it ready, which is not."""

    name: str
    command: Sequence[str]
    prepare: Callable[[], None] = lambda: None
    cwd: Path | None = None
    env: Mapping[str, str] | None = None


def compare(contenders: Sequence[Contender], *, repeats: int, target: float) -> int:
    """Print each one's median and its ratio to the last; return 1 when the first is over target."""
    times: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    for round_ in range(repeats + 1):
        for contender in contenders:
            elapsed_s = _time_s(contender)
            if round_:
                times[contender.name].append(elapsed_s)

    medians = {name: statistics.median(values) for name, values in times.items()}
    peer = medians[contenders[-1].name]
    for name, values in times.items():
        print(
            f"{name:<44} {medians[name] * 1000:8.1f} ms"
            f"  ({min(values) * 1000:.1f} to {max(values) * 1000:.1f})"
            f"  {medians[name] / peer:5.2f} x"
        )
    ratio = medians[contenders[0].name] / peer
    print(f"ratio {ratio:.2f}, target {target:g}: {'met' if ratio <= target else 'MISSED'}")
    return 0 if ratio <= target else 1


def _time_s(contender: Contender) -> float:
    contender.prepare()
    environ = {**os.environ, **(contender.env or {})}
    start = time.perf_counter()
    done = subprocess.run(
        contender.command, cwd=contender.cwd, env=environ, capture_output=True, check=False
    )
    elapsed_s = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(f"{contender.name} failed:\n{done.stderr.decode()}{done.stdout.decode()}")
    return elapsed_s
