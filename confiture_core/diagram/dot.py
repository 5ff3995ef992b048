"""Diagrams in the language of Graphviz."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confiture_core.diagram.draw import Diagram, Entity, Field, Link

_FILL = {"": "#eaeef2", "added": "#d3f2d9", "changed": "#fff3c4", "removed": "#ffd8d6"}
_LINE = {"": "#57606a", "added": "#1a7f37", "changed": "#9a6700", "removed": "#cf222e"}


def render_dot(diagram: Diagram) -> str:
    """Write a diagram; https://graphviz.org/doc/info/lang.html."""
    return "\n".join(_lines(diagram)) + "\n"


def _lines(diagram: Diagram) -> Iterator[str]:
    yield "digraph schema {"
    yield '  graph [rankdir="LR"];'
    yield '  node [shape="plain", fontname="Helvetica", fontsize="10"];'
    yield '  edge [dir="both", fontname="Helvetica", fontsize="8"];'
    for entity in diagram.entities:
        yield f"  {_quoted(entity.name)} [label=<{_table(entity)}>];"
    for link in diagram.links:
        yield _link(link)
    yield "}"


def _table(entity: Entity) -> str:
    rows = "".join(map(_row, entity.fields))
    head = f'<tr><td colspan="3" bgcolor="{_FILL[entity.change]}"><b>{escape(entity.name)}</b>'
    change = f" ({entity.change})" if entity.change else ""
    table = f'<table border="0" cellborder="1" cellspacing="0" color="{_LINE[entity.change]}">'
    return f"{table}{head}{change}</td></tr>{rows}</table>"


def _row(field: Field) -> str:
    colour = f' bgcolor="{_FILL[field.change]}"' if field.change else ""
    cells = (field.name, field.type, " ".join(field.keys))
    tds = "".join(f'<td align="left"{colour}>{escape(cell) or " "}</td>' for cell in cells)
    return f"<tr>{tds}</tr>"


def _link(link: Link) -> str:
    tail = "tee" if link.is_single else "crow"
    head = "teeodot" if link.is_optional else "tee"
    label = _quoted(", ".join(link.columns))
    return (
        f"  {_quoted(link.child)} -> {_quoted(link.parent)} [label={label},"
        f' arrowtail="{tail}", arrowhead="{head}", color="{_LINE[link.change]}"];'
    )


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
