"""Diagrams of tables and what refers to what, of a schema or of one migration's change."""

from __future__ import annotations

from confiture_core.diagram.change import read_change
from confiture_core.diagram.dot import render_dot
from confiture_core.diagram.draw import draw, draw_change
from confiture_core.diagram.mermaid import render_mermaid

__all__ = ["draw", "draw_change", "read_change", "render_dot", "render_mermaid"]
