"""The rules, and what breaks them."""

from __future__ import annotations

from dataclasses import dataclass

RULES = {
    "L01": "index-not-concurrent",
    "L02": "drop-column",
    "L03": "foreign-key-validated",
    "L04": "drop-index-not-concurrent",
    "L05": "type-change-rewrites",
    "L06": "set-not-null-scans",
    "L07": "all-rows-in-a-schema-transaction",
    "L08": "rename",
    "L09": "drop-table",
    "L10": "unique-builds-index",
    "L11": "check-validated",
    "L12": "not-null-without-default",
    "L13": "added-column-rewrites",
    "L14": "truncate-or-cascade",
    "L15": "detach-not-concurrent",
    "L16": "reindex-not-concurrent",
    "T01": "no-lock-timeout",
    "T02": "long-work-under-a-lock",
    "T03": "transaction",
    "M01": "rewrites-table",
    "M02": "reads-table-under-a-lock",
    "M03": "builds-index-under-a-lock",
    "M04": "fails",
    "M05": "empties-table",
    "R01": "no-way-back",
    "R02": "adjacent-literals",
    "R03": "cluster-wide",
    "V01": "needs-newer-server",
    "N01": "file",
    "N02": "not-static",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LintFinding:
    """One place where a migration breaks a rule."""

    rule: str  # a key of RULES
    message: str
    path: str | None
    line: int | None
    hint: str | None = None
    measured: str | None = None  # what the statement did when it was run

    @property
    def name(self) -> str:
        """The rule in words."""
        return RULES[self.rule]

    @property
    def is_note(self) -> bool:
        """Whether it only says that something could not be looked at."""
        return self.rule == "N02"
