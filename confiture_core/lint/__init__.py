"""Lint: what in migrations harms a database that is in use, told from their text alone."""

from __future__ import annotations

from confiture_core.lint.finding import RULES, LintFinding
from confiture_core.lint.hazards import find_hazards
from confiture_core.lint.linter import lint

__all__ = ["RULES", "LintFinding", "find_hazards", "lint"]
