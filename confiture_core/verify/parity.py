"""Parity: after all migrations the catalog is that of the schema files."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from confiture_core.difference import between
from confiture_core.errors import ConfitureError, Unsupported
from confiture_core.proof import State
from confiture_core.sources import MIGRATIONS, open_schema
from confiture_core.verify.comparison import compare_catalogs
from confiture_core.verify.finding import Finding, Verdict
from confiture_core.verify.laws import difference_findings, repair
from confiture_core.verify.seeds import seed_findings

if TYPE_CHECKING:
    from confiture_core.catalog.model import Catalog
    from confiture_core.config import Environment
    from confiture_core.factory.shadows import Shadows
    from confiture_core.verify.chain import Chain

_HINT = "write the migration that is missing: confiture migrate diff --generate --name NAME"


def parity(environment: Environment, chain: Chain, shadows: Shadows, *, last: str) -> Verdict:
    """Compare the state after all migrations with that of the schema files."""
    reached = chain.reach_end()
    if not isinstance(reached, tuple):
        finding = Finding(
            law="parity",
            migration=last,
            kind="unreachable",
            message=f"not reached: {reached.error}",
            hint=f"mend {reached.broken.label} first",
        )
        return Verdict(law="parity", migration=last, findings=(finding,))
    database, catalog = reached
    try:
        schema = open_schema(environment, shadows)
    except ConfitureError as exc:
        return Verdict(law="parity", migration=last, findings=(_error(exc, last),))
    found = _compare(catalog, schema.catalog, environment, last)
    if found.holds:
        return _with_seeds(found, environment, chain, shadows, schema.database)
    state = State(catalog=catalog, database=database, shown=MIGRATIONS)
    try:
        difference = between(state, schema, shadows)
    except Unsupported:
        return replace(found, repair=repair(catalog, schema.catalog))
    if difference.is_empty:
        # Only PostgreSQL's wording of expressions differs.
        found = Verdict(law="parity", migration=last)
        return _with_seeds(found, environment, chain, shadows, schema.database)
    return replace(found, repair=tuple(step.sql for step in difference.up.steps))


def _with_seeds(
    verdict: Verdict, environment: Environment, chain: Chain, shadows: Shadows, schema: str
) -> Verdict:
    """Add what is to say of seeds, which tells something only where the catalogs are the same."""
    findings = seed_findings(environment, chain.migrations, shadows, schema)
    return replace(verdict, findings=(*verdict.findings, *findings))


def _compare(migrated: Catalog, schema: Catalog, environment: Environment, last: str) -> Verdict:
    shown = environment.schema_dir.relative_to(environment.root).as_posix()
    unlike = compare_catalogs(schema, migrated)
    findings = difference_findings("parity", last, unlike, (shown, None))
    if not any(finding.fails for finding in findings):
        return Verdict(law="parity", migration=last, findings=findings)
    summary = Finding(
        law="parity",
        migration=last,
        kind="error",
        message="the migrations and the schema files do not give the same",
        path=shown,
        hint=_HINT,
    )
    return Verdict(
        law="parity",
        migration=last,
        findings=(summary, *findings),
        repairs="the migrations",
    )


def _error(exc: ConfitureError, last: str) -> Finding:
    return Finding(
        law="parity",
        migration=last,
        kind="error",
        message=exc.message,
        path=str(exc.path) if exc.path is not None else None,
        line=exc.line,
        detail=exc.detail,
        hint=exc.hint,
    )
