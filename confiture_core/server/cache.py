"""Where files are kept between runs, and for how long."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_UNUSED_FOR_S = 30 * 24 * 3600


def cache_directory(environ: Mapping[str, str]) -> Path | None:
    """Return where files may be kept between runs, or None where there is no home of ours."""
    base = Path(environ.get("XDG_CACHE_HOME", ""))
    if base.is_absolute():
        return base / "confiture"
    home = Path(environ.get("HOME", ""))
    # With sudo it is another user's: what root leaves there could not be written by them.
    if not home.is_absolute() or not home.is_dir() or home.stat().st_uid != os.geteuid():
        return None
    return home / ".cache" / "confiture"


def outlines_directory(environ: Mapping[str, str]) -> Path | None:
    """Return where the outlines of environments' files are kept, if anything is."""
    cache = cache_directory(environ)
    return None if cache is None else cache / "outlines"


def prune_unused(directories: Iterable[Path]) -> None:
    """Remove those not used for a month; using one is to touch it."""
    for directory in directories:
        with suppress(FileNotFoundError):
            if time.time() - directory.stat().st_mtime > _UNUSED_FOR_S:
                shutil.rmtree(directory, ignore_errors=True)
