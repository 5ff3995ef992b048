"""Columns of views that another name is given to, while the query gives the same under it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pglast.parser import parse_sql_json

from confiture_core.catalog.model import Catalog, RelationColumn, View
from confiture_core.diff.renames import Rename
from confiture_core.diff.types import relation_columns

if TYPE_CHECKING:
    from collections.abc import Iterator


def view_columns(old: Catalog, new: Catalog) -> Iterator[Rename]:
    """Find the columns of views that differ in nothing but their names."""
    for identity, before in old.objects.items():
        after = new.objects.get(identity)
        if not (isinstance(before, View) and isinstance(after, View)):
            continue
        if before.query == after.query or before.identity.kind != after.identity.kind:
            continue
        pairs = _pairs(relation_columns(identity, old), relation_columns(identity, new))
        if pairs and _without_names(before.query) == _without_names(after.query):
            for one, other in pairs:
                yield Rename(old=one.identity, new=other.identity, holder=identity.kind)


def _pairs(
    before: tuple[RelationColumn, ...], after: tuple[RelationColumn, ...]
) -> list[tuple[RelationColumn, RelationColumn]]:
    """Pair the columns with other names; none where a name would go from one to another."""
    names = [{column.identity.member for column in side} for side in (before, after)]
    pairs = [
        (one, other)
        for one, other in zip(before, after, strict=False)
        if one.identity != other.identity
    ]
    is_free = len(names[0] | names[1]) == len(before) + len(pairs)
    return pairs if len(before) == len(after) and is_free else []


def _without_names(query: str) -> Any:
    """Parse a query and leave out what its columns are called."""
    tree = json.loads(parse_sql_json(query))
    selects = [tree["stmts"][0]["stmt"]["SelectStmt"]]
    for select in selects:  # of a union, each of its queries
        selects += [select[side] for side in ("larg", "rarg") if side in select]
        for target in select.get("targetList", ()):
            target["ResTarget"].pop("name", None)
    return _without_places(tree)


def _without_places(tree: Any) -> Any:
    if isinstance(tree, list):
        return [_without_places(each) for each in tree]
    if isinstance(tree, dict):
        return {
            name: _without_places(each)
            for name, each in tree.items()
            if name not in ("location", "stmt_location", "stmt_len")
        }
    return tree
