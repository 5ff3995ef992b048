"""Commands and groups of commands as they are here.

Every command takes the options on how much is said. And to learn that a str is a str, typer (of
the versions that can) would import pydantic, which takes longer than most commands: what an
argument is made of here is done without.
"""

from __future__ import annotations

import sys
from types import NoneType
from typing import Annotated, Any, get_args

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from confiture.talk import TALK


def _set_quiet(value: bool) -> None:
    TALK.is_quiet |= value


def _set_verbose(value: bool) -> None:
    if value:
        TALK.is_verbose = True
        _show_log()


def _set_debug(value: bool) -> None:
    if value:
        TALK.is_verbose = TALK.is_debug = True
        _show_log()


def _show_log() -> None:
    import logging

    logging.basicConfig(format="%(message)s", stream=sys.stderr)
    level = logging.DEBUG if TALK.is_debug else logging.INFO
    logging.getLogger("confiture_core").setLevel(level)


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


# click knows options with a value and options without, but none that may have one.
_WRITTEN = {"--dry-run=execute": "--dry-run-execute", "--dry-run=sql": "--dry-run"}


class Command(TyperCommand):
    """A command that also has the options on how much is said."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += _TALK_PARAMS

    def parse_args(self, ctx: Any, args: Any) -> Any:
        """Parse the arguments; an option that is a flag may be written with its word."""
        return super().parse_args(ctx, [_WRITTEN.get(one, one) for one in args])

    def get_params(self, ctx: Any) -> Any:
        """Return the options and arguments, help included."""
        return _converted_plainly(super().get_params(ctx))


class Group(TyperGroup):
    """A group of commands."""

    def get_params(self, ctx: Any) -> Any:
        """Return the options, help included."""
        return _converted_plainly(super().get_params(ctx))


class _Plain:
    """Converts an argument by calling its type."""

    def __init__(self, kind: type) -> None:
        self._kind = kind

    def coerce(self, value: Any, **context: Any) -> Any:
        """Convert a value, or each of several; what is not given stays None."""
        if value is None:
            return None
        try:
            if isinstance(value, list | tuple):
                return [self._kind(one) for one in value]
            return self._kind(value)
        except ValueError:
            raise typer.BadParameter(f"{value!r} is no {self._kind.__name__}", **context) from None


def _converted_plainly(params: Any) -> Any:
    for param in params:
        # Only the versions of typer that use pydantic have this attribute.
        if getattr(param, "_runtime_param", ...) is None:
            annotation = param.type_descriptor.annotation
            kinds = [kind for kind in get_args(annotation) or [annotation] if kind is not NoneType]
            if kinds[0] in (bool, float, int, str):
                param._runtime_param = _Plain(kinds[0])
    return params


def _say(quiet: Quiet = False, verbose: Verbose = False, debug: Debug = False) -> None:
    """Have the options that every command takes."""


_apart = typer.Typer(add_completion=False)
_apart.command()(_say)
_TALK_PARAMS = get_command(_apart).params
for _param in _TALK_PARAMS:
    _param.expose_value = False
