"""`init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from confiture import render
from confiture.cli.options import Json


def init(
    directory: Annotated[
        str, typer.Argument(metavar="DIRECTORY", help="Where; by default here.")
    ] = ".",
    example: Annotated[
        bool,
        typer.Option(
            "--example", help="With a table, its seeds, its migration and a test, which all pass."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Make the files a project begins with. Nothing that is there is overwritten.

    The JSON has created and kept: paths as seen from the project.
    """
    from confiture.scaffold import make_project

    path = Path(directory)
    path.mkdir(parents=True, exist_ok=True)
    render.initialized(make_project(path, example=example), as_json=as_json)
