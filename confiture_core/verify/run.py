"""All laws over a directory of migrations, one verdict after the other."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from confiture_core.project import has_schema, load_project
from confiture_core.verify.chain import Chain
from confiture_core.verify.checkpoints import Checkpoints
from confiture_core.verify.laws import verdicts
from confiture_core.verify.parity import parity
from confiture_core.verify.report import Ledger, migration_facts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from confiture_core.config import Environment
    from confiture_core.factory.shadows import Shadows
    from confiture_core.migrations.loader import MigrationFile
    from confiture_core.project import SqlFile
    from confiture_core.verify.finding import Verdict
    from confiture_core.verify.memory import Memory


def verify(
    migrations: Sequence[MigrationFile],
    shadows: Shadows,
    *,
    environment: Environment | None = None,
    chosen: Sequence[MigrationFile] | None = None,
    memory: Memory | None = None,
    ledger: Ledger | None = None,
) -> Iterator[Verdict]:
    """Give the verdicts of all migrations or those chosen, and in the end that of parity.

    Parity is looked at where an environment has schema files. What is remembered is not looked at
    again; a memory that lasts has checkpoints stay on the server, too, from which the next run
    starts. The ledger gets what a report says of each migration.
    """
    chosen = migrations if chosen is None else chosen
    ledger = ledger or Ledger()
    known = {file.label: memory and memory.recall(file.label) for file in chosen}
    wanted = {label for label, remembered in known.items() if not remembered}
    seeds = seeds_of(environment)
    is_kept = memory is not None and memory.lasts
    checkpoints = Checkpoints(shadows.server, migrations) if is_kept else None
    with closing(
        Chain(shadows, migrations, wanted=wanted, seeds=seeds, checkpoints=checkpoints)
    ) as chain:
        for file in chosen:
            found = known[file.label]
            facts = memory.facts(file.label) if memory and found else None
            if not found or facts is None:
                seen = chain.see(file)
                found, facts = verdicts(seen, ledger.budget), migration_facts(seen)
                if memory:
                    memory.remember(file.label, found, facts)
            ledger.migrations.append(facts)
            yield from found.values()
        if chosen and environment is not None and has_schema(environment):
            yield parity(environment, chain, shadows, last=chosen[-1].label)


def seeds_of(environment: Environment | None) -> tuple[SqlFile, ...]:
    """Give the seeds that an environment has."""
    if environment is None or not has_schema(environment):
        return ()
    return load_project(environment).seed_files


def seeds_digest(environment: Environment | None) -> str:
    """Tell the seeds from others."""
    return " ".join(file.digest for file in seeds_of(environment))
