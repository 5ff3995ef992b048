"""The options that commands share."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperCommand
from typer.main import get_command

from confiture.talk import TALK

Env = Annotated[
    str | None,
    typer.Option("--env", metavar="NAME", help="The environment: db/environments/NAME.yaml."),
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


Format = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="py|sql",
        callback=one_of("py", "sql"),
        help="A Python file, or a pair of SQL files.",
    ),
]


class Command(TyperCommand):
    """A command that also has the options on how much is said."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for param in self.params:
            _convert_plainly(param)
        self.params += _TALK_PARAMS


def _set_quiet(value: bool) -> None:
    TALK.is_quiet |= value


def _set_verbose(value: bool) -> None:
    TALK.is_verbose |= value


def _set_debug(value: bool) -> None:
    TALK.is_debug |= value


Quiet = Annotated[
    bool,
    typer.Option("--quiet", "-q", callback=_set_quiet, help="Say nothing but results and errors."),
]
Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", callback=_set_verbose, help="Say what is being done.")
]
Debug = Annotated[
    bool, typer.Option("--debug", callback=_set_debug, help="Show where an error comes from.")
]


class _Plain:
    """Converts an argument by calling its type.

    To learn that a str is a str, typer would import pydantic, at the cost of all its other work.
    """

    def __init__(self, kind: type) -> None:
        self._kind = kind

    def coerce(self, value: Any, **context: Any) -> Any:
        """Convert a value, or each of several."""
        if value is None:
            return None
        try:
            if isinstance(value, list | tuple):
                return [self._kind(one) for one in value]
            return self._kind(value)
        except ValueError:
            raise typer.BadParameter(f"{value!r} is no {self._kind.__name__}", **context) from None


def _convert_plainly(param: Any) -> None:
    # Of the versions of typer, those that use pydantic have this attribute.
    descriptor = getattr(param, "type_descriptor", None)
    kind = getattr(descriptor, "annotation", None)
    if kind in (str, int, float) and hasattr(param, "_runtime_param"):
        param._runtime_param = _Plain(kind)


def _say(quiet: Quiet = False, verbose: Verbose = False, debug: Debug = False) -> None:
    """Have the options for other commands to take."""


_apart = typer.Typer(add_completion=False)
_apart.command()(_say)
_TALK_PARAMS = get_command(_apart).params
for _param in _TALK_PARAMS:
    _param.expose_value = False
