"""`migrate up` on many databases, or many schemas of one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from confiture_core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confiture_core.config import DatabaseSettings, Environment
    from confiture_core.migrations.fleet import Work

_FAILED = 1

Databases = Annotated[
    list[str] | None,
    typer.Option(
        "--database", metavar="URL", help="A database instead of the environment's; repeatable."
    ),
]
DatabasesFile = Annotated[
    str | None,
    typer.Option("--databases", metavar="FILE", help="A file with the url of one on each line."),
]
Schemas = Annotated[
    str | None,
    typer.Option(
        "--schemas",
        metavar="A,B,…",
        help="Apply them in each of these schemas, which has a history of its own.",
    ),
]
Jobs = Annotated[
    int, typer.Option("--jobs", metavar="N", help="So many databases or schemas at a time.")
]
GoOn = Annotated[bool, typer.Option("--go-on", help="Go on with the others after one has failed.")]


def up_all(
    environment: Environment,
    databases: list[str],
    file: str | None,
    schemas: str | None,
    work: Work,
    *,
    as_json: bool,
) -> None:
    """Apply the pending migrations everywhere, and exit with 1 if that failed somewhere."""
    from confiture.fleet_reports import FleetReport
    from confiture_core.migrations.fleet import members_of, migrate_all
    from confiture_core.migrations.history import parse_history_table

    named = tuple(_settings(environment, databases, file))
    names = [name.strip() for name in (schemas or "").split(",") if name.strip()]
    members = members_of(named, names, parse_history_table(environment.history_table))
    report = FleetReport(total=len(members), as_json=as_json)
    outcomes = migrate_all(members, work, report.tell)
    report.end(outcomes)
    if any(one.state != "done" for one in outcomes):
        raise typer.Exit(_FAILED)


def _settings(
    environment: Environment, databases: list[str], file: str | None
) -> Iterator[DatabaseSettings]:
    from confiture_core.migrations.fleet import parse_url

    lines = [] if file is None else Path(file).read_text(encoding="utf-8").splitlines()
    urls = [*databases, *(line.strip() for line in lines)]
    urls = [url for url in urls if url and not url.startswith("#")]
    if not urls and (file is not None or environment.database is None):
        raise ConfigError("no database is named", path=file)
    if not urls and environment.database is not None:
        yield environment.database
    yield from map(parse_url, dict.fromkeys(urls))
