"""What is in the way of working with a project on this machine and server, and its remedy."""

from __future__ import annotations

from confiture_core.doctor.check import Check
from confiture_core.doctor.examine import examine

__all__ = ["Check", "examine"]
