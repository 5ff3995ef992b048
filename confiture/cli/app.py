"""The commands and what they are called."""

from __future__ import annotations

from typing import Annotated

import typer

from confiture.cli import difference
from confiture.cli.command import Command, Debug, Group, Quiet, Verbose

app = typer.Typer(
    name="confiture",
    cls=Group,
    help="PostgreSQL schemas and migrations from plain SQL files.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
migrate = typer.Typer(
    name="migrate",
    cls=Group,
    help="Write migrations, apply them and roll them back.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(migrate)
migrate.command("diff", cls=Command)(difference.diff)


def _show_version(value: bool) -> None:
    if value:
        from confiture import __version__

        typer.echo(f"confiture {__version__}")
        raise typer.Exit


@app.callback()
def _confiture(
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Hold the options that stand before a command; their callbacks do the work."""
