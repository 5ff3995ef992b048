"""Rehearsal: migrations run on a shadow database with rows in its tables, for lint to measure."""

from __future__ import annotations

from confiture_core.rehearsal.findings import measured_findings
from confiture_core.rehearsal.run import Rehearsed, rehearse

__all__ = ["Rehearsed", "measured_findings", "rehearse"]
