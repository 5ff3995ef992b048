"""One thing that was looked at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What was found; with a remedy it is a finding."""

    name: str  # "version", "permissions"
    message: str
    remedy: str | None = None

    @property
    def is_finding(self) -> bool:
        """Whether something should be done about it."""
        return self.remedy is not None
