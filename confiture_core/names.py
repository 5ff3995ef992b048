"""SQL identifiers: quoting as PostgreSQL's own quote_identifier does it."""

from __future__ import annotations

import re

from pglast.keywords import COL_NAME_KEYWORDS, RESERVED_KEYWORDS, TYPE_FUNC_NAME_KEYWORDS

# quote_identifier() in PostgreSQL's ruleutils.c quotes every keyword that is not unreserved.
_QUOTED_KEYWORDS = frozenset(COL_NAME_KEYWORDS | RESERVED_KEYWORDS | TYPE_FUNC_NAME_KEYWORDS)
_PLAIN = re.compile(r"[a-z_][a-z0-9_]*\Z")


def quote(name: str) -> str:
    """Quote an identifier, only when PostgreSQL needs it: `users`, `"order"`."""
    if _PLAIN.match(name) and name not in _QUOTED_KEYWORDS:
        return name
    return '"' + name.replace('"', '""') + '"'


def qualified(schema: str | None, name: str) -> str:
    """Join and quote a qualified name."""
    return f"{quote(schema)}.{quote(name)}" if schema else quote(name)


def literal(text: str) -> str:
    """Quote a string constant; backslashes need the E form whatever the server's settings."""
    quoted = "'" + text.replace("'", "''") + "'"
    return "E" + quoted.replace("\\", "\\\\") if "\\" in text else quoted


def dollar_quoted(text: str) -> str:
    """Quote a body with a dollar tag that does not occur in it."""
    tag = "$$"
    number = 0
    while tag in text or (tag == "$$" and text.endswith("$")):
        number += 1
        tag = f"$body{number if number > 1 else ''}$"
    return f"{tag}{text}{tag}"
