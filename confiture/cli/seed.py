"""`seed check` and `seed uuid`."""

from __future__ import annotations

from typing import Annotated

import typer

from confiture import render
from confiture.cli.options import Config, Env, Json, ServerUrl
from confiture.cli.place import environment_of
from confiture.cli.shadow import shadow_server

_FINDINGS = 3


def check(
    env: Env = None, config: Config = None, server_url: ServerUrl = None, as_json: Json = False
) -> None:
    """Run the environment's seeds on an empty database, and name each row that does not fit.

    Exits with 3 if one does not. The environment's own database is not looked at. The JSON has
    files and findings: message, path, line, detail, hint.
    """
    from confiture.reports import seeds_checked
    from confiture_core.factory.shadows import shadows
    from confiture_core.seeds import check_seeds

    environment = environment_of(env, config)
    with shadow_server(environment, server_url) as server, shadows(server) as made:
        report = check_seeds(environment, made)
    seeds_checked(report, as_json=as_json)
    if report.findings:
        raise typer.Exit(_FINDINGS)


def uuid(
    table: Annotated[
        str, typer.Argument(metavar="TABLE", help="The table, or with --read a UUID.")
    ],
    number: Annotated[
        int | None, typer.Argument(metavar="NUMBER", help="The number of the row.")
    ] = None,
    count: Annotated[int, typer.Option("--count", metavar="N", help="So many, one to a line.")] = 1,
    read: Annotated[
        bool, typer.Option("--read", help="Say which table and number a UUID stands for.")
    ] = False,
) -> None:
    """Write a UUID for a row of seeds, in which table and number can be read.

    It is valid (RFC 9562, version 8), and the same each time.
    """
    from confiture_core.seeds import parse_seed_uuid, seed_uuid

    if read:
        if number is not None:
            raise typer.BadParameter("--read takes a UUID alone")
        render.say(" ".join(map(str, parse_seed_uuid(table))))
        return
    if number is None:
        raise typer.BadParameter("give the number of the row as well")
    for one in range(number, number + count):
        render.say(str(seed_uuid(table, one)))
