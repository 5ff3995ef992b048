"""Whether a type as the author writes it is a type as the catalog writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confiture_core import names
from confiture_core.diff.casts import base_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confiture_core.diff.words.nodes import Node


SERIAL = {
    "bigserial": "bigint",
    "serial": "integer",
    "serial2": "smallint",
    "serial4": "integer",
    "serial8": "bigint",
    "smallserial": "smallint",
}

# What format_type() writes for the names of pg_type; for some, without a modifier, another word.
_WRITTEN = {
    "bit": ("bit", '"bit"'),
    "bool": ("boolean",),
    "bpchar": ("character", "bpchar"),
    "float4": ("real",),
    "float8": ("double precision",),
    "int2": ("smallint",),
    "int4": ("integer",),
    "int8": ("bigint",),
    "time": ("time without time zone",),
    "timestamp": ("timestamp without time zone",),
    "timestamptz": ("timestamp with time zone",),
    "timetz": ("time with time zone",),
    "varbit": ("bit varying",),
    "varchar": ("character varying",),
    **{serial: (integer,) for serial, integer in SERIAL.items()},
}


def may_be(node: Node, written: str) -> bool:
    """Tell whether a TypeName can be the catalog's type; what it leaves open counts as the same."""
    *schema, name = (part.sval for part in node.names)
    if node.pct_type or name.startswith("_"):
        return True
    if bool(node.arrayBounds) != written.endswith("[]"):
        return False
    base = written.rstrip("[]")
    if not base.startswith('"'):
        base = base_name(base)
    if "." in base:
        wanted = names.quote(name)
        return (
            base == f"{names.quote(schema[-1])}.{wanted}" if schema else base.endswith(f".{wanted}")
        )
    if schema and schema[-1] != "pg_catalog":
        return False
    if name == "interval":
        return base.startswith("interval")
    return base in _WRITTEN.get(name, (name, names.quote(name)))


def split_signature(signature: str) -> tuple[str, tuple[str, ...]]:
    """Split `f(integer, text)` into the name, quoted as it is, and the types."""
    end = _name_end(signature)
    return signature[:end], tuple(_split_list(signature[end + 1 : -1]))


def _name_end(signature: str) -> int:
    if not signature.startswith('"'):
        return signature.index("(")
    end = signature.index('"', 1) + 1
    while signature.startswith('"', end):  # a doubled quote stands for itself
        end = signature.index('"', end + 1) + 1
    return end


def _split_list(text: str) -> Iterator[str]:
    start, is_quoted = 0, False
    for number, character in enumerate(text):
        if character == '"':
            is_quoted = not is_quoted
        elif character == "," and not is_quoted:
            yield text[start:number].strip()
            start = number + 1
    if text.strip() not in ("", "*"):
        yield text[start:].strip()
