"""What belongs to a range type: its multirange type and the functions that construct both."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pglast
from pglast import ast

from confiture_core import names
from confiture_core.diff.operation import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confiture_core.catalog.model import Definition, Identity
    from confiture_core.diff.operation import Context


def is_range(item: Definition) -> bool:
    """Tell whether the object is a range type."""
    return item.identity.kind == "type" and "\n    SUBTYPE = " in item.definition


def set_parts_aside(
    old: Definition, new: Definition, suffix: str, context: Context
) -> Iterator[Step]:
    """Rename what would stand in the way of a new range type of the same name.

    Constructors keep their name when their type is renamed; those whose arguments differ do not
    clash.
    """
    subtype = _subtype(old)
    if subtype == _subtype(new):
        for arguments in (f"{subtype}, {subtype}", f"{subtype}, {subtype}, text"):
            yield _rename(f"FUNCTION {context.name(old.identity)}({arguments})", old, suffix)
    if context.old.server_version < 140000:
        return
    multirange = _multirange(old)
    if multirange == _multirange(new):
        name = context.name(multirange)
        aside = names.quote(multirange.name[: 63 - len(suffix)] + suffix)
        yield Step(sql=f"ALTER TYPE {name} RENAME TO {aside}")
        yield Step(sql=f"ALTER FUNCTION {name}() RENAME TO {aside}")


def _rename(target: str, item: Definition, suffix: str) -> Step:
    aside = names.quote(item.identity.name[: 63 - len(suffix)] + suffix)
    return Step(sql=f"ALTER {target} RENAME TO {aside}")


def _subtype(item: Definition) -> str:
    """Return the subtype as the definition writes it."""
    head, _, tail = item.definition.partition("SUBTYPE = ")
    assert head
    return tail.partition("\n")[0].removesuffix(",")


def _multirange(item: Definition) -> Identity:
    """Return the multirange type, named as makeMultirangeTypeName() does where it is not given."""
    statement = pglast.parse_sql(item.definition)[0].stmt
    assert isinstance(statement, ast.CreateRangeStmt)
    for element in statement.params or ():
        if element.defname == "multirange_type_name":
            *schema, name = (part.sval or "" for part in element.arg.names)
            return replace(item.identity, schema="".join(schema), name=name)
    name = item.identity.name
    if "range" in name:
        return replace(item.identity, name=name.replace("range", "multirange", 1))
    return replace(item.identity, name=f"{name[:52]}_multirange")
