"""Clones: databases copied from a template, one owner's for a while."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import psycopg

from confiture_core.errors import DatabaseError, TemplateError
from confiture_core.factory import databases, marks
from confiture_core.factory.attributes import apply_attributes

if TYPE_CHECKING:
    from confiture_core.factory.databases import Connection
    from confiture_core.factory.layers import Template


def clone(connection: Connection, template: Template, *, shown: str = "") -> str:
    """Copy the template, attributes included, and give the name; on a maintenance connection."""
    mark = marks.new_mark("clone", shown=shown or template.layer.shown)
    try:
        name = databases.create_numbered(connection, "clone", template=template.name, mark=mark)
    except psycopg.errors.InvalidCatalogName as exc:
        raise TemplateError(f'the template "{template.name}" was dropped') from exc
    try:
        apply_attributes(connection, template.attributes, name)
    except BaseException:
        with suppress(psycopg.Error, DatabaseError):
            databases.drop(connection, name)
        raise
    return name
