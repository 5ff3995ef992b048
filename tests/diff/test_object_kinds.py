"""The page on kinds of objects, held against the cases that it counts."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

_DOCS = Path(__file__).parents[2] / "docs"


def _object_kinds() -> Any:
    spec = importlib.util.spec_from_file_location("object_kinds", _DOCS / "object_kinds.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_counts_the_cases_there_are() -> None:
    page = (_DOCS / "reference" / "object-kinds.md").read_text("utf-8")

    assert _object_kinds().table() in page, "run: cog -r docs/reference/object-kinds.md"
    assert _object_kinds().refusals() in page, "run: cog -r docs/reference/object-kinds.md"


def test_every_object_of_a_case_is_of_a_kind_of_the_page() -> None:
    kinds = _object_kinds()
    unknown = {
        line
        for path in kinds.CASES.glob("*/*/operations.txt")
        for line in path.read_text("utf-8").splitlines()
        if not kinds._kind_and_action(line)[0] and not line.split(" ", 1)[1].startswith(_FACTS)
    }

    assert unknown == set()


# Relations between objects, which the page counts with neither.
_FACTS = (
    "clustered index",
    "constraint partition",
    "index partition",
    "replica identity",
    "sequence owner",
    "shell type",
)
