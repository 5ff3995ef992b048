"""The commands and what they are called."""

from __future__ import annotations

from typing import Annotated

import typer

from confiture.cli import databases, difference, run, schema, seed, server, status
from confiture.cli.adopt import squash
from confiture.cli.build import build
from confiture.cli.command import Command, Debug, Group, Quiet, Verbose
from confiture.cli.doctor import doctor
from confiture.cli.drift import drift
from confiture.cli.generate import generate
from confiture.cli.graph import graph
from confiture.cli.importing import import_
from confiture.cli.init import init
from confiture.cli.lint import lint
from confiture.cli.verify import verify


def _group(name: str, text: str, *, completes: bool = False) -> typer.Typer:
    return typer.Typer(
        name=name,
        help=text,
        cls=Group,
        no_args_is_help=True,
        add_completion=completes,
        rich_markup_mode=None,  # rich takes longer to load than all else
        pretty_exceptions_enable=False,
    )


app = _group("confiture", "PostgreSQL schemas and migrations from plain SQL files.", completes=True)
db = _group("db", "Look after the databases that confiture makes for tests.")
image = _group("image", "Carry the layers of a project's tests from one machine to another.")
servers = _group("server", "Keep a server running between test runs.")
app.command("init", cls=Command)(init)
app.command("build", cls=Command)(build)

migrate = _group("migrate", "Write migrations, apply them and roll them back.")
migrate.command("diff", cls=Command)(difference.diff)
migrate.command("generate", cls=Command)(generate)
migrate.command("status", cls=Command)(status.status)
migrate.command("up", cls=Command)(run.up)
migrate.command("down", cls=Command)(run.down)
migrate.command("redo", cls=Command)(run.redo)
migrate.command("validate", cls=Command)(status.validate)
migrate.command("history", cls=Command)(status.history)
migrate.command("baseline", cls=Command)(run.baseline)
migrate.command("accept", cls=Command)(run.accept)
migrate.command("squash", cls=Command)(squash)
migrate.command("import", cls=Command)(import_)
migrate.command("lint", cls=Command)(lint)
migrate.command("verify", cls=Command)(verify)
app.command("drift", cls=Command)(drift)
app.command("doctor", cls=Command)(doctor)
app.add_typer(migrate)

schemas = _group("schema", "Write schemas down.")
schemas.command("dump", cls=Command)(schema.dump)
schemas.command("graph", cls=Command)(graph)
schemas.command("environment", cls=Command)(schema.environment)
app.add_typer(db)
db.command("list", cls=Command)(databases.list_)
db.command("prune", cls=Command)(databases.prune)
db.command("drop", cls=Command)(databases.drop)
db.add_typer(image)
image.command("save", cls=Command)(databases.save)
image.command("load", cls=Command)(databases.load)
app.add_typer(servers)
servers.command("start", cls=Command)(server.start)
servers.command("stop", cls=Command)(server.stop)
servers.command("status", cls=Command)(server.status)
servers.command("url", cls=Command)(server.url)
app.add_typer(schemas)

seeds = _group("seed", "Look after the rows that databases begin with.")
seeds.command("check", cls=Command)(seed.check)
seeds.command("uuid", cls=Command)(seed.uuid)
app.add_typer(seeds)


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
