"""`migrate verify`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from confiture.cli.options import Config, Env, Json, MigrationsDir, ServerUrl
from confiture.cli.place import environment_if_any, migrations_dir_of
from confiture.cli.shadow import shadow_server

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from confiture_core.factory.shadows import Shadows
    from confiture_core.migrations.loader import MigrationFile
    from confiture_core.verify.finding import Verdict

_FOUND = 3

Last = Annotated[
    int | None,
    typer.Option("--last", metavar="N", help="Look only at the last N migrations."),
]
Report = Annotated[
    Path | None,
    typer.Option(
        "--report", metavar="FILE", help="Draw all that was seen: a page (.html), or JSON (.json)."
    ),
]
MaxLock = Annotated[
    str | None,
    typer.Option(
        "--max-lock",
        metavar="LEVEL",
        help='The strongest lock that a statement may take, as "SHARE ROW EXCLUSIVE".',
    ),
]
ForbidRewrite = Annotated[
    bool, typer.Option("--forbid-rewrite", help="Fail where a table is written anew.")
]

Since = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="REF",
        help="Look only at migrations that have changed since a commit or branch of git.",
    ),
]
NoCache = Annotated[
    bool,
    typer.Option("--no-cache", help="Verify also what has not changed since it was verified."),
]

FixDowns = Annotated[
    bool,
    typer.Option(
        "--fix",
        help="Write a repaired way down beside each that breaks the laws, once it is proved.",
    ),
]


def verify(
    last: Last = None,
    since: Since = None,
    no_cache: NoCache = False,
    fix: FixDowns = False,
    report: Report = None,
    max_lock: MaxLock = None,
    forbid_rewrite: ForbidRewrite = False,
    migrations_dir: MigrationsDir = None,
    env: Env = None,
    config: Config = None,
    server_url: ServerUrl = None,
    as_json: Json = False,
) -> None:
    """Prove each migration: up, down without a trace, up again, and what becomes of rows.

    What each statement locks and rewrites is measured on the way; it fails only where you set a
    limit. In the end the state after all of them is held against the schema files. Nothing but
    shadow databases is touched. Exits with 3 if a law is broken.
    """
    from confiture import verify_reports
    from confiture_core.factory.shadows import shadows
    from confiture_core.migrations.loader import load_migrations
    from confiture_core.server.cache import cache_directory
    from confiture_core.verify.locks import budget_of
    from confiture_core.verify.memory import Memory, store_of
    from confiture_core.verify.report import Ledger, check_report_file
    from confiture_core.verify.run import seeds_digest
    from confiture_core.verify.run import verify as verify_all

    ledger = Ledger(budget_of(max_lock, forbid_rewrite=forbid_rewrite))
    if report is not None:
        check_report_file(report)
    environment = environment_if_any(env, config)
    directory = migrations_dir_of(migrations_dir, environment)
    migrations = load_migrations(directory)
    own = environment if migrations_dir is None else None
    chosen = _chosen(migrations, directory, since, last)
    store = store_of(None if no_cache else cache_directory(os.environ), directory)
    project = own.root if own is not None and not no_cache else None
    with (
        shadow_server(environment, server_url, project=project) as server,
        shadows(server) as made,
    ):
        limits = f"{ledger.budget!r} {seeds_digest(own)}"
        memory = Memory(store, migrations, server=str(server.version_num), more=limits)
        seen = verify_all(
            migrations, made, environment=own, chosen=chosen, memory=memory, ledger=ledger
        )
        verdicts = _told(seen, as_json=as_json)
        if fix:
            _fix(migrations, made, verdicts)
    (verify_reports.as_json if as_json else verify_reports.summary)(verdicts)
    if report is not None:
        verify_reports.draw_report(report, ledger, verdicts, server)
    if not all(verdict.holds for verdict in verdicts):
        raise typer.Exit(_FOUND)


def _chosen(
    migrations: tuple[MigrationFile, ...], directory: Path, since: str | None, last: int | None
) -> tuple[MigrationFile, ...]:
    from confiture_core.verify.choice import changed_since, last_of

    chosen = migrations if since is None else changed_since(since, migrations, directory)
    return chosen if last is None else last_of(chosen, last)


def _told(seen: Iterable[Verdict], *, as_json: bool) -> list[Verdict]:
    """Tell of each verdict when it is there."""
    from confiture import verify_reports

    verdicts = []
    for verdict in seen:
        verdicts.append(verdict)
        if not as_json:
            verify_reports.verdict(verdict)
    return verdicts


def _fix(migrations: tuple[MigrationFile, ...], made: Shadows, verdicts: Sequence[Verdict]) -> None:
    from confiture import verify_reports
    from confiture_core.verify.fix import broken_downs, fix_downs

    for one in fix_downs(migrations, made, broken_downs(verdicts)):
        verify_reports.fix(one)
