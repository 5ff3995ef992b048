"""Diagrams as Mermaid, which GitHub, GitLab and many editors draw."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confiture_core.diagram.draw import Diagram, Entity, Link

_STYLES = {
    "added": "fill:#d3f2d9,stroke:#1a7f37,color:#000",
    "changed": "fill:#fff3c4,stroke:#9a6700,color:#000",
    "removed": "fill:#ffd8d6,stroke:#cf222e,color:#000",
}


def render_mermaid(diagram: Diagram) -> str:
    """Write a diagram; https://mermaid.js.org/syntax/entityRelationshipDiagram.html."""
    return "\n".join(_lines(diagram)) + "\n"


def _lines(diagram: Diagram) -> Iterator[str]:
    yield "erDiagram"
    for entity in diagram.entities:
        yield from _entity(entity)
    for link in diagram.links:
        yield _link(link)
    used = {entity.change for entity in diagram.entities} - {""}
    for change in sorted(used):
        yield f"    classDef {change} {_STYLES[change]}"


def _entity(entity: Entity) -> Iterator[str]:
    style = f":::{entity.change}" if entity.change else ""
    if not entity.fields:
        yield f"    {_quoted(entity.name)}{style}"
        return
    yield f"    {_quoted(entity.name)}{style} {{"
    for field in entity.fields:
        keys = f" {', '.join(field.keys)}" if field.keys else ""
        change = f' "{field.change}"' if field.change else ""
        yield f"        {_word(field.type)} {_word(field.name)}{keys}{change}"
    yield "    }"


def _link(link: Link) -> str:
    parent = "|o" if link.is_optional else "||"
    child = "o|" if link.is_single else "o{"
    label = ", ".join(link.columns) + (f" ({link.change})" if link.change else "")
    return f"    {_quoted(link.parent)} {parent}--{child} {_quoted(link.child)} : {_quoted(label)}"


def _quoted(text: str) -> str:
    # Mermaid has no escapes inside its quotes.
    return '"' + re.sub(r'[\n"%\\]', "_", text) + '"'


def _word(text: str) -> str:
    """Make one word of a type or name: Mermaid takes no spaces there."""
    word = re.sub(r"[^\w()\[\]-]+", "_", text).strip("_") or "_"
    return word if word[0].isalpha() or word[0] == "_" else f"_{word}"
