"""Catalogs as JSON.

Only what is not at its default is written, and everything in one order, so that the text of a
schema is the same wherever it was read.
"""

from __future__ import annotations

import json
import types
import typing
from dataclasses import MISSING, fields
from typing import Any

from confiture_core.catalog import model
from confiture_core.catalog.model import Catalog, Identity, Object
from confiture_core.errors import ProjectError

_FORMAT = 1
_KEY = "confiture catalog"


def _words(name: str) -> str:
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()


# "table", "relation column", …: what an object is of, in words.
_CLASSES = {
    _words(value.__name__): value
    for value in vars(model).values()
    if isinstance(value, type) and issubclass(value, Object) and value is not Object
}
_WORDS = {value: word for word, value in _CLASSES.items()}


def render_catalog(catalog: Catalog) -> str:
    """Write a catalog as JSON."""
    needs: dict[Identity, list[Identity]] = {}
    for dependent, referenced in sorted(catalog.dependencies):
        needs.setdefault(dependent, []).append(referenced)
    objects = [
        {
            "object": _WORDS[type(item)],
            **_encode(item),
            **({"needs": _encode(needs[identity])} if identity in needs else {}),
        }
        for identity, item in sorted(catalog.objects.items())
    ]
    head = {_KEY: _FORMAT, "postgresql": catalog.server_version // 10_000}
    return json.dumps({**head, "objects": objects}, indent=1, ensure_ascii=False)


def parse_catalog(text: str, *, shown: str) -> Catalog:
    """Read a catalog as it was written; raises ProjectError."""
    try:
        saved = json.loads(text)
    except json.JSONDecodeError as exc:
        raise ProjectError(f"no JSON: {exc.msg}", path=shown, line=exc.lineno) from exc
    if not isinstance(saved, dict) or saved.get(_KEY) != _FORMAT:
        raise ProjectError(
            f'no saved catalog of format {_FORMAT}: there is no "{_KEY}"',
            path=shown,
            hint="confiture schema dump --format json writes one",
        )
    try:
        return _catalog(saved)
    except (AttributeError, KeyError, TypeError, ValueError) as exc:
        raise ProjectError(f"no catalog as this version saves it: {exc}", path=shown) from exc


def _catalog(saved: dict[str, Any]) -> Catalog:
    objects: dict[Identity, Object] = {}
    dependencies: set[tuple[Identity, Identity]] = set()
    for written in saved["objects"]:
        needs = written.pop("needs", [])
        item = _decode(written, _CLASSES[written.pop("object")])
        objects[item.identity] = item
        dependencies.update((item.identity, _decode(other, Identity)) for other in needs)
    return Catalog(
        objects=objects,
        dependencies=frozenset(dependencies),
        server_version=int(saved["postgresql"]) * 10_000,
    )


def _encode(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_encode(item) for item in value]
    if not hasattr(value, "__dataclass_fields__"):
        return value
    return {
        field.name: _encode(getattr(value, field.name))
        for field in fields(value)
        if field.init and (field.default is MISSING or getattr(value, field.name) != field.default)
    }


def _decode(written: Any, wanted: Any) -> Any:
    """Make the value of a type from its JSON."""
    if isinstance(wanted, types.UnionType):
        if written is None:
            return None
        return _decode(written, next(one for one in wanted.__args__ if one is not types.NoneType))
    if typing.get_origin(wanted) is tuple:
        inner = typing.get_args(wanted)
        if inner[-1] is Ellipsis:
            return tuple(_decode(item, inner[0]) for item in written)
        return tuple(_decode(item, one) for item, one in zip(written, inner, strict=True))
    if hasattr(wanted, "__dataclass_fields__"):
        hints = typing.get_type_hints(wanted)
        return wanted(**{name: _decode(item, hints[name]) for name, item in written.items()})
    if not isinstance(written, wanted):
        raise TypeError(f"{written!r} is no {wanted.__name__}")
    return written
