"""All that is looked at, in the order in which one thing needs the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

from confiture_core.doctor.check import Check
from confiture_core.doctor.database import examine_extensions, examine_server
from confiture_core.doctor.machine import examine_machine, examine_tools
from confiture_core.errors import ConfitureError
from confiture_core.project import load_project
from confiture_core.reach import database_settings, open_maintenance, unreachable
from confiture_core.statements import defined_object, split_statements

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from confiture_core.config import Environment


def examine(environment: Environment | None, environ: Mapping[str, str]) -> Iterator[Check]:
    """Look at this machine, and at an environment and its server if there is one."""
    yield from examine_machine(environ)
    if environment is None:
        message = "there is no project here"
        yield Check(name="environment", message=message, remedy='start one with "confiture init"')
        yield from examine_tools(None)
        return
    yield Check(name="environment", message=environment.shown)
    needed: set[str] = set()
    try:
        needed = _extensions(environment)
    except ConfitureError as exc:
        yield Check(name="files", message=str(exc), remedy=exc.hint or "mend this file")
    yield from _examine_database(environment, needed)


def _examine_database(environment: Environment, needed: set[str]) -> Iterator[Check]:
    try:
        settings = database_settings(environment)
    except ConfitureError as exc:
        yield Check(name="server", message=str(exc), remedy=exc.hint or "mend the environment")
        yield from examine_tools(None)
        return
    try:
        connection = open_maintenance(settings)
    except psycopg.Error as exc:
        error = unreachable(settings, exc, environment=environment)
        message = f"{error.message}: {(error.detail or '').splitlines()[0]}"
        yield Check(name="server", message=message, remedy=error.hint)
        yield from examine_tools(None)
        return
    with connection:
        yield from examine_server(connection, settings)
        yield from examine_extensions(connection, needed)
        yield from examine_tools(connection.info.server_version // 10000)


def _extensions(environment: Environment) -> set[str]:
    """Name the extensions that the schema files create."""
    found = set()
    for file in load_project(environment).schema_files:
        for statement in split_statements(file.text, shown=file.shown):
            if "extension" not in statement.sql.lower():
                continue
            defined = defined_object(statement)
            if defined is not None and defined.kind == "extension" and defined.name:
                found.add(defined.name)
    return found
