"""Functions and procedures. Aggregates are Definitions."""

from __future__ import annotations

import pglast
from pglast.ast import CreateFunctionStmt

from confiture_core.catalog.model import Object, Routine
from confiture_core.diff.operation import Context, Hazard, Kind, Step
from confiture_core.diff.schemas import keep_required_extensions

# Languages without TRUSTED in PostgreSQL's own distribution.
_UNTRUSTED = frozenset(
    {"c", "internal", "plperlu", "plpython2u", "plpython3u", "plpythonu", "pltclu"}
)


def _create(routine: Routine, context: Context) -> tuple[Step, ...]:
    return (Step(sql=routine.definition.rstrip("\n"), hazards=_hazards(routine)),)


def _hazards(routine: Routine) -> tuple[Hazard, ...]:
    reasons = []
    if routine.language in _UNTRUSTED:
        reasons.append(f'is in the language "{routine.language}"')
    if _has_option(routine, "leakproof"):
        reasons.append("is LEAKPROOF")
    if _has_option(routine, "support"):
        reasons.append("has a SUPPORT function")
    return tuple(
        Hazard(kind="needs superuser", message=f"{routine.identity} {reason}") for reason in reasons
    )


def _has_option(routine: Routine, option: str) -> bool:
    """Tell whether CREATE FUNCTION has the option; the text is parsed only if the word is in it."""
    if option.upper() not in routine.definition:
        return False
    try:
        statement = pglast.parse_sql(routine.definition)[0].stmt
    except pglast.parser.ParseError:
        return False  # a body in the words of a PostgreSQL newer than pglast
    assert isinstance(statement, CreateFunctionStmt)
    return any(element.defname == option for element in statement.options or ())


def _drop(routine: Routine, context: Context) -> tuple[Step, ...]:
    return (Step(sql=f"DROP {context.target(routine.identity)}"),)


def _alter(old: Routine, new: Routine, context: Context) -> tuple[Step, ...] | None:
    if old.definition == new.definition:
        return ()
    if not _is_replaceable(old, new):
        return None
    return (*_create(new, context), *keep_required_extensions(old, new, context))


def _is_replaceable(old: Routine, new: Routine) -> bool:
    """Tell whether CREATE OR REPLACE takes the new routine for the old one.

    As ProcedureCreate in PostgreSQL's pg_proc.c: the result, its row and the names of inputs stay;
    defaults may come, and not go.
    """
    return (
        old.identity.kind == new.identity.kind
        and old.result == new.result
        and _is_row_kept(old, new)
        and _are_names_kept(old.inputs, new.inputs)
        and old.defaults_count <= new.defaults_count
        and _has_option(old, "window") == _has_option(new, "window")
    )


def _is_row_kept(old: Routine, new: Routine) -> bool:
    """Tell whether the outputs are the same; a function's only one is its result, of any name."""
    if len(old.outputs) == len(new.outputs) == 1 and new.identity.kind == "function":
        return True
    return old.outputs == new.outputs


def _are_names_kept(old: tuple[str, ...], new: tuple[str, ...]) -> bool:
    return all(not name or name == other for name, other in zip(old, new, strict=True))


KINDS: dict[type[Object], Kind] = {Routine: Kind(create=_create, drop=_drop, alter=_alter)}
