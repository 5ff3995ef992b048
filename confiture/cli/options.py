"""The options that commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from confiture.talk import TALK


def _environments(incomplete: str) -> list[str]:
    """Name the environments of the project that begin with what is typed."""
    from confiture_core.config import find_root
    from confiture_core.errors import ConfigError

    try:
        folder = find_root(Path.cwd()) / "db" / "environments"
    except ConfigError:
        return []
    names = sorted(path.stem for path in folder.glob("*.yaml"))
    return [name for name in names if name.startswith(incomplete)]


Env = Annotated[
    str | None,
    typer.Option(
        "--env",
        metavar="NAME",
        help="The environment: db/environments/NAME.yaml.",
        autocompletion=_environments,
    ),
]
Config = Annotated[
    str | None,
    typer.Option("--config", metavar="FILE", help="The file of the environment, instead of --env."),
]
MigrationsDir = Annotated[
    str | None,
    typer.Option(
        "--migrations-dir", metavar="DIR", help="Where migrations are, instead of db/migrations."
    ),
]
ServerUrl = Annotated[
    str | None,
    typer.Option(
        "--server-url",
        metavar="URL",
        help="A PostgreSQL server for shadow databases, instead of CONFITURE_SERVER_URL, PG* or"
        " one that is started for this.",
    ),
]


def _set_json(value: bool) -> bool:
    TALK.is_json = value
    return value


Json = Annotated[
    bool, typer.Option("--json", callback=_set_json, help="Write the result as JSON to stdout.")
]


def one_of(*values: str) -> Any:
    """Make the callback of an option that takes one of a few words."""

    def check(value: str) -> str:
        if value not in values:
            raise typer.BadParameter(f"{value!r} is none of {', '.join(values)}")
        return value

    return check


ReportFormat = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="text|github",
        callback=one_of("text", "github"),
        help="For people, or as annotations for GitHub.",
    ),
]
Format = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="py|sql",
        callback=one_of("py", "sql"),
        help="A Python file, or a pair of SQL files.",
    ),
]
