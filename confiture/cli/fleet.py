"""Runs over many databases, or many schemas of one."""

from __future__ import annotations

from dataclasses import dataclass, field
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from confiture_core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from confiture_core.config import DatabaseSettings, Environment
    from confiture_core.migrations.fleet import Member

_Databases = Annotated[
    list[str] | None,
    typer.Option(
        "--database",
        metavar="URL",
        help="A database instead of the environment's, by url, or by name on its server;"
        " repeatable.",
    ),
]
_DatabasesFile = Annotated[
    str | None,
    typer.Option("--databases", metavar="FILE", help="A file with a database on each line."),
]
_DatabasesQuery = Annotated[
    str | None,
    typer.Option(
        "--databases-query",
        metavar="SQL",
        help="A query that gives databases, and schemas in a second column if there is one.",
    ),
]
_Catalog = Annotated[
    str | None,
    typer.Option(
        "--catalog", metavar="URL", help="Where to ask it, instead of the environment's database."
    ),
]
_Schemas = Annotated[
    list[str] | None,
    typer.Option(
        "--schemas",
        metavar="A,B,…",
        help="Each of these schemas, which has a history of its own; repeatable.",
    ),
]
_SchemasQuery = Annotated[
    str | None,
    typer.Option(
        "--schemas-query", metavar="SQL", help="A query that gives the schemas of each database."
    ),
]


def _at_least_one(jobs: int) -> int:
    if jobs < 1:
        raise typer.BadParameter(f"{jobs} is no number of databases to work on")
    return jobs


Jobs = Annotated[
    int,
    typer.Option(
        "--jobs",
        metavar="N",
        callback=_at_least_one,
        help="So many databases or schemas at a time.",
    ),
]
GoOn = Annotated[bool, typer.Option("--go-on", help="Go on with the others after one has failed.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """Which databases and schemas are named, instead of the environment's database."""

    databases: list[str] = field(default_factory=list)
    file: str | None = None
    query: str | None = None
    catalog: str | None = None
    schemas: list[str] = field(default_factory=list)
    schemas_query: str | None = None

    def __post_init__(self) -> None:
        if self.catalog is not None and self.query is None:
            raise typer.BadParameter("--catalog goes with --databases-query")
        if self.schemas and self.schemas_query is not None:
            raise typer.BadParameter("--schemas and --schemas-query are both given: name one")

    @property
    def is_named(self) -> bool:
        """Whether any are."""
        named = (self.databases, self.file, self.query, self.schemas, self.schemas_query)
        return any(one not in (None, []) for one in named)

    def members(self, environment: Environment, jobs: int) -> tuple[Member, ...]:
        """Find them all; asking for schemas goes to `jobs` databases at a time."""
        from concurrent.futures import ThreadPoolExecutor

        from confiture_core.migrations import fleet
        from confiture_core.migrations.history import parse_history_table

        history = parse_history_table(environment.history_table)
        members = list(fleet.members_of(tuple(self._settings(environment)), (), history))
        if self.query is not None:
            catalog = self._catalog(environment)
            members += fleet.query_members(catalog, self.query, history)
        names = [name.strip() for name in ",".join(self.schemas).split(",") if name.strip()]
        if not self.schemas and self.schemas_query is None:
            return tuple(dict.fromkeys(members))

        def in_schemas(member: Member) -> tuple[Member, ...]:
            query = self.schemas_query
            found = names if query is None else fleet.query_schemas(member.settings, query)
            return fleet.members_of([member.settings], found, history) if found else ()

        with ThreadPoolExecutor(jobs) as threads:
            each = threads.map(in_schemas, dict.fromkeys(members))
            return tuple(member for found in each for member in found)

    def _settings(self, environment: Environment) -> Iterator[DatabaseSettings]:
        from confiture_core.migrations.fleet import parse_database

        lines = (
            [] if self.file is None else Path(self.file).read_text(encoding="utf-8").splitlines()
        )
        named = [*self.databases, *(line.strip() for line in lines)]
        named = [one for one in named if one and not one.startswith("#")]
        own = environment.database
        if named:
            yield from (parse_database(one, own) for one in dict.fromkeys(named))
        elif self.file is not None:
            raise ConfigError("no database is named", path=self.file)
        elif self.query is None:
            if own is None:
                raise ConfigError("no database is named", path=environment.shown)
            yield own

    def _catalog(self, environment: Environment) -> DatabaseSettings:
        from confiture_core.migrations.fleet import parse_database

        if self.catalog is not None:
            return parse_database(self.catalog, environment.database)
        if environment.database is None:
            raise ConfigError(
                "the environment names no database to ask",
                path=environment.shown,
                hint="name one with --catalog URL",
            )
        return environment.database


def _named(
    database: _Databases = None,
    databases: _DatabasesFile = None,
    databases_query: _DatabasesQuery = None,
    catalog: _Catalog = None,
    schemas: _Schemas = None,
    schemas_query: _SchemasQuery = None,
) -> Fleet:
    return Fleet(
        databases=database or [],
        file=databases,
        query=databases_query,
        catalog=catalog,
        schemas=schemas or [],
        schemas_query=schemas_query,
    )


def over_many(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that name many databases, for its parameter `fleet`."""
    named = signature(_named, eval_str=True).parameters
    parameters: list[Parameter] = []
    for one in signature(command, eval_str=True).parameters.values():
        parameters += named.values() if one.name == "fleet" else [one]
    parameters = [one.replace(kind=Parameter.KEYWORD_ONLY) for one in parameters]

    def run(**given: Any) -> None:
        fleet = _named(**{name: given.pop(name) for name in named})
        command(**given, fleet=fleet)

    run.__name__, run.__doc__ = command.__name__, command.__doc__
    run.__annotations__ = {one.name: one.annotation for one in parameters}
    run.__signature__ = Signature(parameters)  # type: ignore[attr-defined] # what typer reads
    return run
