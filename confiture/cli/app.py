"""The commands and what they are called."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from confiture.cli.command import Command, Debug, Group, Quiet, Verbose

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class _Members(NamedTuple):
    """What a group is for, its commands (as module:function below confiture.cli) and its groups."""

    text: str
    commands: Mapping[str, str]
    groups: Mapping[str, _Members]


_DB = _Members(
    "Look after the databases that confiture makes for tests.",
    {"list": "databases:list_", "prune": "databases:prune", "drop": "databases:drop"},
    {
        "image": _Members(
            "Carry the layers of a project's tests from one machine to another.",
            {"save": "databases:save", "load": "databases:load"},
            {},
        )
    },
)
_MIGRATE = _Members(
    "Write migrations, apply them and roll them back.",
    {
        "diff": "difference:diff",
        "generate": "generate:generate",
        "status": "status:status",
        "up": "run:up",
        "down": "run:down",
        "redo": "run:redo",
        "validate": "status:validate",
        "history": "status:history",
        "baseline": "run:baseline",
        "accept": "run:accept",
        "squash": "adopt:squash",
        "import": "importing:import_",
        "lint": "lint:lint",
        "verify": "verify:verify",
    },
    {},
)
_SCHEMA = _Members(
    "Write schemas down.",
    {"dump": "schema:dump", "graph": "graph:graph", "environment": "schema:environment"},
    {},
)
_SEED = _Members(
    "Look after the rows that databases begin with.",
    {"check": "seed:check", "uuid": "seed:uuid"},
    {},
)
_SERVER = _Members(
    "Keep a server running between test runs.",
    {
        "start": "server:start",
        "stop": "server:stop",
        "status": "server:status",
        "url": "server:url",
    },
    {},
)
_CONFITURE = _Members(
    "PostgreSQL schemas and migrations from plain SQL files.",
    {
        "init": "init:init",
        "build": "build:build",
        "drift": "drift:drift",
        "doctor": "doctor:doctor",
    },
    {"migrate": _MIGRATE, "db": _DB, "server": _SERVER, "schema": _SCHEMA, "seed": _SEED},
)


def assemble(words: Sequence[str] = ()) -> typer.Typer:
    """Put the command together: of it all, or of what the words on the command line ask for.

    To load and describe every command takes longer than to run most of them.
    """
    app = _assembled("confiture", _CONFITURE, words)
    app.callback()(_confiture)
    return app


def _assembled(name: str, members: _Members, words: Sequence[str]) -> typer.Typer:
    app = typer.Typer(
        name=name,
        help=members.text,
        cls=Group,
        no_args_is_help=True,
        add_completion=members is _CONFITURE,
        rich_markup_mode=None,  # rich takes longer to load than all else
        pretty_exceptions_enable=False,
    )
    asked = words[0] if words else None
    is_known = asked in members.commands or asked in members.groups
    for command, place in members.commands.items():
        if not is_known or command == asked:
            module, _, function = place.partition(":")
            loaded = import_module(f"confiture.cli.{module}")
            app.command(command, cls=Command)(getattr(loaded, function))
    for group, below in members.groups.items():
        if not is_known or group == asked:
            app.add_typer(_assembled(group, below, words[1:] if is_known else ()))
    return app


def _show_version(value: bool) -> None:
    if value:
        from confiture import __version__

        typer.echo(f"confiture {__version__}")
        raise typer.Exit


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
