"""The table of reference/object-kinds.md, counted from the case folders of the differ's tests.

A case is proved in both directions, so one that creates an object also drops it.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

CASES = Path(__file__).parents[1] / "tests" / "diff" / "cases"
ACTIONS = ("create", "alter", "replace", "drop", "comment", "owner", "grant")

# In the order of the page. "default", "partition" and the like are parts with changes of their own.
KINDS = (
    "schema",
    "extension",
    "database setting",
    "table",
    "foreign table",
    "partition",
    "column",
    "default",
    "constraint",
    "index",
    "sequence",
    "view",
    "materialized view",
    "function",
    "procedure",
    "aggregate",
    "trigger",
    "event trigger",
    "rule",
    "policy",
    "type",
    "domain",
    "domain constraint",
    "collation",
    "cast",
    "operator",
    "operator class",
    "operator family",
    "conversion",
    "text search configuration",
    "text search dictionary",
    "text search parser",
    "text search template",
    "statistics",
    "publication",
    "subscription",
    "foreign data wrapper",
    "server",
    "user mapping",
    "language",
    "access method",
    "default privileges",
    "system privileges",
)

_NO_COMMENT = {
    "default",
    "partition",
    "default privileges",
    "system privileges",
    "database setting",
    "user mapping",
}
_NO_OWNER = _NO_COMMENT | {
    "extension",
    "column",
    "constraint",
    "index",
    "trigger",
    "rule",
    "policy",
    "domain constraint",
    "cast",
    "text search parser",
    "text search template",
    "access method",
}
_WITH_PRIVILEGES = {
    "schema",
    "table",
    "foreign table",
    "column",
    "sequence",
    "view",
    "materialized view",
    "function",
    "procedure",
    "aggregate",
    "type",
    "domain",
    "foreign data wrapper",
    "server",
    "language",
    "system privileges",
}
# What PostgreSQL cannot change in place; it is replaced, with what depends on it.
_NEVER_ALTERED = {
    "cast",
    "collation",
    "conversion",
    "operator class",
    "partition",
    "text search parser",
    "text search template",
    "access method",
}


def table() -> str:
    """Write the table in Markdown."""
    done = _done()
    lines = [f"| kind | {' | '.join(ACTIONS)} |", f"| --- |{' --: |' * len(ACTIONS)}"]
    for kind in KINDS:
        cells = [_cell(kind, action, done) for action in ACTIONS]
        lines.append(f"| {kind} | {' | '.join(cells)} |")
    return "\n".join(lines)


def refusals() -> str:
    """List what is refused, with the case that shows it."""
    found = sorted(CASES.glob("*/*/refused.txt"))
    return "\n".join(
        f"- `{path.parent.parent.name}/{path.parent.name}`: {path.read_text('utf-8').strip()}"
        for path in found
    )


def _cell(kind: str, action: str, done: Counter[tuple[str, str]]) -> str:
    if not _is_possible(kind, action):
        return "–"
    return str(done[kind, action] or "")


def _is_possible(kind: str, action: str) -> bool:
    match action:
        case "comment":
            return kind not in _NO_COMMENT
        case "owner":
            return kind not in _NO_OWNER
        case "grant":
            return kind in _WITH_PRIVILEGES
        case "alter":
            return kind not in _NEVER_ALTERED
    return True


def _done() -> Counter[tuple[str, str]]:
    done: Counter[tuple[str, str]] = Counter()
    for path in CASES.glob("*/*/operations.txt"):
        actions = set(map(_kind_and_action, path.read_text("utf-8").splitlines()))
        actions |= {(kind, "drop") for kind, action in actions if action == "create"}
        actions |= {(kind, "create") for kind, action in actions if action == "drop"}
        done.update(actions)
    return done


def _kind_and_action(line: str) -> tuple[str, str]:
    action, _, name = line.partition(" ")
    # The longest: "domain constraint …" is no "domain".
    kinds = [kind for kind in KINDS if name.startswith(f"{kind} ")]
    return max(kinds, key=len, default=""), action
