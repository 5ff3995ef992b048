"""All laws over a directory of migrations, one verdict after the other."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from confiture_core.project import load_project
from confiture_core.verify.chain import Chain
from confiture_core.verify.laws import verdicts
from confiture_core.verify.parity import parity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from confiture_core.config import Environment
    from confiture_core.factory.shadows import Shadows
    from confiture_core.migrations.loader import MigrationFile
    from confiture_core.verify.finding import Verdict


def verify(
    migrations: Sequence[MigrationFile],
    shadows: Shadows,
    *,
    environment: Environment | None = None,
    last: int | None = None,
) -> Iterator[Verdict]:
    """Give the verdicts of all migrations or the last so many, and in the end that of parity.

    Parity is looked at where an environment has schema files.
    """
    chosen = migrations if last is None else migrations[max(len(migrations) - last, 0) :]
    chain = Chain(shadows, migrations, wanted={file.label for file in chosen})
    with closing(chain):
        for file in chosen:
            yield from verdicts(chain.see(file)).values()
        if chosen and environment is not None and has_schema(environment):
            yield parity(environment, chain, shadows, last=chosen[-1].label)


def has_schema(environment: Environment) -> bool:
    """Tell whether there are schema files to compare the migrations with."""
    return environment.schema_dir.is_dir() and bool(load_project(environment).schema_files)
