"""The class that migrations inherit from, under the name they import it by."""

from __future__ import annotations

from confiture_core.migrations.migration import Migration

__all__ = ["Migration"]
