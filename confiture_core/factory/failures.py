"""Builds that failed in a run: all of its processes know of them, and none tries again."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from confiture_core.errors import TemplateError

if TYPE_CHECKING:
    from pathlib import Path

    from confiture_core.errors import ConfitureError


class Failures:
    """What failed, by digest of the layer; noted in a folder where there are more processes."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._known: dict[str, dict[str, Any]] = {}

    @property
    def has_any(self) -> bool:
        """Whether this process knows of any."""
        return bool(self._known)

    def has(self, digest: str) -> bool:
        """Say whether the build of a layer failed before."""
        if digest not in self._known and self._folder is not None:
            with suppress(OSError, ValueError):
                self._known[digest] = json.loads((self._folder / digest).read_text())
        return digest in self._known

    def again(self, digest: str) -> TemplateError:
        """Make the error of a build that failed before."""
        return TemplateError(**self._known[digest], hint="it failed before in this run")

    def note(self, digest: str, error: ConfitureError) -> None:
        """Note that a build failed."""
        facts = {"message": error.message, "path": error.path, "line": error.line}
        self._known[digest] = facts
        if self._folder is not None:
            # Whoever reads half of it builds again, and fails again.
            with suppress(OSError):
                (self._folder / digest).write_text(json.dumps(facts))
