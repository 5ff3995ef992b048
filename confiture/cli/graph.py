"""`schema graph`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from confiture import render
from confiture.cli.options import Config, Env, MigrationsDir, ServerUrl, one_of
from confiture.cli.place import environment_if_any, migrations_dir_of
from confiture.cli.schema import SourceName, open_named
from confiture.cli.shadow import shadow_server

if TYPE_CHECKING:
    from confiture_core.config import Environment
    from confiture_core.diagram.draw import Diagram


def graph(
    source: SourceName = None,
    migration: Annotated[
        str | None,
        typer.Option(
            "--migration",
            metavar="VERSION",
            help="What this migration changes, with the tables around it.",
        ),
    ] = None,
    format: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="mermaid|dot|svg",
            callback=one_of("mermaid", "dot", "svg"),
            help="Mermaid, Graphviz's language, or a picture by Graphviz if it is installed.",
        ),
    ] = "mermaid",
    migrations_dir: MigrationsDir = None,
    env: Env = None,
    config: Config = None,
    server_url: ServerUrl = None,
) -> None:
    """Draw the tables of a schema and which refers to which, or what a migration changes."""
    from confiture_core.diagram import render_dot, render_mermaid

    if source is not None and migration is not None:
        raise typer.BadParameter("a SOURCE and --migration are two pictures: choose")
    environment = environment_if_any(env, config)
    diagram = _diagram(source, migration, environment, migrations_dir, server_url)
    if not diagram.entities:
        render.talk("note: there are no tables in it")
    if format == "svg":
        render.say(_picture(render_dot(diagram)).rstrip("\n"))
    else:
        text = render_dot(diagram) if format == "dot" else render_mermaid(diagram)
        render.say(text.rstrip("\n"))


def _diagram(
    source: str | None,
    migration: str | None,
    environment: Environment | None,
    migrations_dir: str | None,
    server_url: str | None,
) -> Diagram:
    from confiture_core.diagram import draw, draw_change, read_change
    from confiture_core.factory.shadows import shadows
    from confiture_core.migrations.loader import load_migrations
    from confiture_core.sources import Place

    with shadow_server(environment, server_url) as server, shadows(server) as made:
        if migration is not None:
            directory = migrations_dir_of(migrations_dir, environment)
            files = load_migrations(directory, root=environment.root if environment else None)
            return draw_change(*read_change(files, migration, made))
        other = Path.cwd() / migrations_dir if migrations_dir else None
        place = Place(directory=Path.cwd(), environment=environment, migrations_dir=other)
        return draw(open_named(source, place, made).catalog)


def _picture(dot: str) -> str:
    from confiture_core.errors import ConfitureError

    try:
        import graphviz
    except ImportError:
        raise ConfitureError(
            "a picture needs the Python package graphviz",
            hint="pip install 'pytest-confiture[graph]'; --format mermaid needs nothing",
        ) from None
    try:
        return str(graphviz.Source(dot).pipe(format="svg", encoding="utf-8"))
    except graphviz.ExecutableNotFound:
        raise ConfitureError(
            "a picture needs the program dot of Graphviz",
            hint="install Graphviz (apt install graphviz); --format mermaid needs nothing",
        ) from None
