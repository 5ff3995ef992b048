"""`doctor`."""

from __future__ import annotations

import os

import typer

from confiture.cli.options import Config, Env, Json
from confiture.cli.place import environment_if_any

_FINDINGS = 3


def doctor(env: Env = None, config: Config = None, as_json: Json = False) -> None:
    """Look for what is in the way on this machine and the environment's server, with its remedy.

    Exits with 3 if something is. Nothing is changed. The JSON is a list of name, is_finding,
    message and remedy.
    """
    from confiture.reports import examined
    from confiture_core.doctor import examine

    checks = tuple(examine(environment_if_any(env, config), os.environ))
    examined(checks, as_json=as_json)
    if any(check.is_finding for check in checks):
        raise typer.Exit(_FINDINGS)
