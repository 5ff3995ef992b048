"""What the command says of servers, and of the databases that confiture makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from confiture import render

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def server(facts: Mapping[str, str] | None, *, as_json: bool) -> None:
    """Print what is known of the server that stays, if one runs."""
    if as_json:
        render.print_json(facts)
    elif facts is None:
        render.talk("no server runs")
    else:
        render.say(f"{facts['url']}\nPostgreSQL {facts['version']}")


def databases(found: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    """Print databases, one on a line."""
    if as_json:
        render.print_json(found)
        return
    widest = max((len(one["name"]) for one in found), default=0)
    for one in found:
        state = "kept" if one["kept"] else "in use" if one["sessions"] else ""
        if one["kind"] == "layer" and not one["is_complete"]:
            state = "half-built"
        size = f"{(one['bytes'] or 0) / 1e6:7.1f} MB"
        used = one["used_at"][:16].replace("T", " ")
        line = f"{one['name']:<{widest}}  {one['kind']:<6}  {size}  {used}  {one['shown']}"
        render.say(f"{line}{f'  ({state})' if state else ''}")
    if not found:
        render.talk("no databases")


def dropped(names: Sequence[str], *, as_json: bool) -> None:
    """Print the names of databases that are gone."""
    if as_json:
        render.print_json(names)
        return
    for name in names:
        render.say(f"dropped {name}")
    if not names:
        render.talk("nothing to drop")
